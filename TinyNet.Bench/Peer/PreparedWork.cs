using TinyNet.Autograd;
using TinyNet.Core;
using TinyNet.Layers;

namespace TinyNet.Bench;

/// <summary>Work that is ready to run, again and again.</summary>
/// <param name="work">Does it once, and shows its results while they live, if somebody wants to see them.</param>
/// <param name="parameters">What it computes gradients of, and trains if it has an optimizer.</param>
internal sealed class PreparedWork(Action<Action<Tensor>?> work, params IEnumerable<Parameter> parameters)
{
    /// <summary>What the work computes gradients of.</summary>
    public IEnumerable<Parameter> Parameters => parameters;

    /// <summary>The model that it trains or asks; null where there is none.</summary>
    public Module? Model { get; init; }

    /// <summary>What it asks the model; null where it does something else.</summary>
    public Tensor? Input { get; init; }

    /// <summary>Does the work once.</summary>
    public void Run() => work(null);

    /// <summary>Does the work once and shows its results, which live no longer than the call.</summary>
    public void Run(Action<Tensor> show) => work(show);
}
