using System.Globalization;
using TinyNet.Analysis;
using TinyNet.Layers;
using TinyNet.Training;

namespace TinyNet.Examples;

/// <summary>What is seen of a training, for its report and for who watches.</summary>
internal sealed class RunRecord(Module model) : IDisposable
{
    // Looking costs little every so many steps, and no curve needs more points.
    private static readonly MonitorOptions Options = new() { Every = 10, HistoryLength = 64 };

    public GradientMonitor Gradients { get; } = GradientMonitor.Attach(model, Options);

    public ActivationMonitor Activations { get; } = ActivationMonitor.Attach(model, Options);

    public LossTrace Losses { get; } = new();

    /// <summary>What the trainer has to tell how it goes.</summary>
    public IEnumerable<Callback> Callbacks => [Gradients, Activations, Losses];

    /// <summary>The report; without an outcome that of a run which has not come to its end.</summary>
    public RunReport Report(string title, History history, Outcome? outcome, IReadOnlyList<(string Name, string Value)> options) =>
        new(title, history)
        {
            Gradients = Gradients,
            Activations = Activations,
            Losses = Losses,
            Model = outcome?.Summary,
            Results = outcome is null ? []
                : [new PageFact($"test {outcome.Measure}", outcome.Value.ToString("F4", CultureInfo.InvariantCulture))],
            Data = outcome?.Data ?? [],
            Options = options,
            Confusion = outcome?.Review?.Confusion,
            ClassNames = outcome?.Review?.ClassNames ?? [],
            Mistakes = outcome?.Review?.Mistakes ?? [],
        };

    /// <summary>Takes the monitors off; what they have seen stays.</summary>
    public void Dispose()
    {
        Gradients.Dispose();
        Activations.Dispose();
    }
}
