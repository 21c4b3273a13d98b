using Spectre.Console;

namespace TinyNet.Examples;

/// <summary>Mean loss and accuracy over some samples.</summary>
internal readonly record struct Score(double Loss, double Accuracy)
{
    public override string ToString() => $"loss {Loss:F4} accuracy {Accuracy:F4}";
}

/// <summary>Shows how a training goes: a line for each epoch, and on a terminal a live bar below them.</summary>
internal sealed class ProgressDisplay(TextWriter output, bool isTerminal)
{
    /// <summary>Runs a training of a number of steps and shows what it reports.</summary>
    public void Run(int epochs, int stepsPerEpoch, Action<TrainingProgress> train)
    {
        if (!isTerminal || !AnsiConsole.Profile.Capabilities.Ansi)
        {
            train(new TrainingProgress(epochs, output.WriteLine, static () => { }));
            return;
        }

        AnsiConsole.Progress()
            .AutoClear(true)
            .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn())
            .Start(context =>
            {
                var task = context.AddTask("training", maxValue: (double)epochs * stepsPerEpoch);
                train(new TrainingProgress(epochs, AnsiConsole.WriteLine, () => task.Increment(1)));
            });
    }
}

/// <summary>What a training reports to its display.</summary>
internal sealed class TrainingProgress(int epochs, Action<string> writeLine, Action step)
{
    /// <summary>A step has been made.</summary>
    public void Step() => step();

    /// <summary>An epoch, counted from 1, has ended.</summary>
    public void EpochEnded(int epoch, Score train, Score validation)
    {
        string number = epoch.ToString().PadLeft(epochs.ToString().Length);
        writeLine($"epoch {number}/{epochs}  train {train}  validation {validation}");
    }
}
