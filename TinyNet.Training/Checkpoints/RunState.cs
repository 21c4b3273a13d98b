using System.Text.Json.Serialization;
using TinyNet.Autograd;

namespace TinyNet.Training;

/// <summary>What a checkpoint holds besides tensors.</summary>
internal sealed record RunState(
    int Version, Progress Progress, Monitored Monitored, Measured Measured, SavedOptimizer Optimizer, SavedLoader Loader,
    IReadOnlyList<SavedStream> Streams, PlateauState? Plateau, int? AverageSteps)
{
    public const int CurrentVersion = 1;
}

/// <summary>Where a run is: epochs that are over, steps made, and in the epoch under way batches used and what they measured.</summary>
internal sealed record Progress(
    int Epoch, long Step, int Batch, double LossSum, double LossWeights, float LearningRate, double Seconds,
    IReadOnlyList<SavedMetric> Metrics);

/// <summary>What a metric had added up.</summary>
internal sealed record SavedMetric(string Name, double[] State);

/// <summary>The best epoch so far, and whether its weights are in the file.</summary>
internal sealed record Monitored(int? Epoch, double? Value, bool HasWeights);

/// <summary>The history.</summary>
internal sealed record Measured(string[] Columns, int[] Epochs, double[][] Values);

/// <summary>An optimizer's state; its tensors have the name of the parameter and, after the last slash, their own.</summary>
internal sealed record SavedOptimizer(string Kind, IReadOnlyList<ParameterGroupState> Groups, IReadOnlyList<SavedParameter> Parameters);

/// <summary>What an optimizer remembers of a parameter.</summary>
internal sealed record SavedParameter(string Name, int Steps, double MomentumProduct, string[] Tensors);

/// <summary>What gave the batches: those that are left in an epoch have to come from the same.</summary>
internal sealed record SavedLoader(int Samples, int BatchSize, int Batches, bool Shuffles, ulong Seed, bool ByLength)
{
    /// <summary>The order and the batches, in words.</summary>
    public override string ToString() =>
        $"{Samples} samples in {Batches} batches of {BatchSize}{(Shuffles ? $", shuffled by seed {Seed}" : "")}"
        + (ByLength ? ", by length" : "");
}

/// <summary>A stream of random numbers: of a module by its name in the model, or the default one, without a name.</summary>
internal sealed record SavedStream(string? Module, ulong Seed, ulong Position);

/// <summary>Between these records and JSON, without reflection.</summary>
[JsonSourceGenerationOptions(
    NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals, RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(RunState))]
internal sealed partial class RunStateJson : JsonSerializerContext;
