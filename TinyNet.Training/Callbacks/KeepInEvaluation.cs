using TinyNet.Layers;

namespace TinyNet.Training;

/// <summary>
/// Keeps parts of a model in evaluation mode, while the rest is trained: frozen features, whose normalization would otherwise take the
/// running statistics of the new data.
/// </summary>
/// <param name="parts">The modules; all that is below them is kept in evaluation mode, too.</param>
public sealed class KeepInEvaluation(params Module[] parts) : Callback
{
    private readonly Module[] _parts = [.. parts ?? throw new ArgumentNullException(nameof(parts))];

    /// <inheritdoc/>
    public override void OnEpochStarted(TrainingRun run) => Array.ForEach(_parts, part => part.Evaluate());
}
