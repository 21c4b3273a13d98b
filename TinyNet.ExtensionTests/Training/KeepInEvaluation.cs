using TinyNet.Layers;
using TinyNet.Training;

namespace TinyNet.ExtensionTests;

// <training>
/// <summary>Keeps a part of a model in evaluation mode, while the rest is trained.</summary>
public sealed class KeepInEvaluation(Module part) : Callback
{
    public override void OnEpochStarted(TrainingRun run) => part.Evaluate();
}
// </training>
