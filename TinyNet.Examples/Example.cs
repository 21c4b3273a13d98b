using System.CommandLine;

namespace TinyNet.Examples;

/// <summary>A network, its data, and how to train the one on the other: a file to read, and a command to run.</summary>
internal abstract class Example
{
    /// <summary>What follows <c>train</c> on the command line.</summary>
    public abstract string Name { get; }

    /// <summary>One line for <c>list</c>.</summary>
    public abstract string Summary { get; }

    /// <summary>Data, network and where the defaults come from, for <c>--help</c>.</summary>
    public abstract string Description { get; }

    /// <summary>What is used where the command line says nothing.</summary>
    public abstract TrainingDefaults Defaults { get; }

    /// <summary>Options that no other example has; <see cref="TrainingSettings.Value"/> reads them.</summary>
    public virtual IReadOnlyList<Option> OwnOptions => [];

    /// <summary>Trains and tests; the random stream and the default device are set.</summary>
    public abstract Outcome Train(TrainingSession session);
}
