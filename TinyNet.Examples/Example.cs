using TinyNet.Layers;

namespace TinyNet.Examples;

/// <summary>A network, its data, and how to train the one on the other.</summary>
internal abstract class Example
{
    /// <summary>What follows <c>train</c> on the command line.</summary>
    public abstract string Name { get; }

    /// <summary>One line for <c>list</c>.</summary>
    public abstract string Summary { get; }

    /// <summary>Data, network and where the defaults come from, for <c>--help</c>.</summary>
    public abstract string Description { get; }

    public abstract TrainingDefaults Defaults { get; }

    /// <summary>Trains and tests; the random stream and the default device are set.</summary>
    /// <exception cref="DivergedException">The loss is no number any more.</exception>
    public abstract (Module Model, double TestAccuracy) Train(TrainingSettings settings, ProgressDisplay display);
}

/// <summary>A training whose loss is no number any more.</summary>
internal sealed class DivergedException(string message) : InvalidOperationException(message);
