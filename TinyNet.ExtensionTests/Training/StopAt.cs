using TinyNet.Training;

namespace TinyNet.ExtensionTests;

// <training>
/// <summary>Ends a training as soon as a column of its history is high enough.</summary>
public sealed class StopAt(string column, double value) : Callback
{
    public override void OnEpochEnded(TrainingRun run, HistoryRow row)
    {
        if (row[column] >= value)
        {
            run.Stop();
        }
    }
}
// </training>
