using TinyNet.Analysis;
using TinyNet.Training;

namespace TinyNet.Tests.Analysis;

/// <summary>Runs beside each other.</summary>
public class RunComparisonTests
{
    private readonly ComparedRun _fast = Run("fast", [0.5, 0.9, 0.8], isValidated: true);
    private readonly ComparedRun _slow = Run("slow", [0.2, 0.4], isValidated: true);

    [Fact]
    public void The_table_has_ends_bests_areas_and_times()
    {
        var table = new RunComparison([_fast, _slow], threshold: 0.8).ToTable();
        Assert.Equal(
            ["run", "epochs", "train loss", "validation loss", "accuracy", "best accuracy", "mean accuracy", "epochs to accuracy 0.8",
                "seconds"],
            table.Columns);
        Assert.Equal(["fast", 3, 1 / 3.0, 2 / 3.0, 0.8, 0.9], table.Rows[0].Take(6));
        Assert.Equal((0.5 / 2 + 0.9 + 0.8 / 2) / 2, (double)table.Rows[0][6]!, 1e-12);
        Assert.Equal([2, 6.0], table.Rows[0].Skip(7));
        Assert.Equal([null, 4.0], table.Rows[1].Skip(7));
    }

    [Fact]
    public void The_table_says_why_runs_ended_where_that_is_known()
    {
        var ended = Run("ended", [0.3]);
        ended.History.StopReason = StopReason.EarlyStopping;
        var table = new RunComparison([_slow, ended]).ToTable();
        Assert.Equal("ended", table.Columns[^1]);
        Assert.Equal(["None", "EarlyStopping"], table.Rows.Select(row => row[^1]));
    }

    /// <summary>The mean of differences telescopes to (last − first) / (n − 1), and is no rate of convergence.</summary>
    [Fact]
    public void Convergence_is_the_epoch_that_reaches_something_or_the_area()
    {
        var early = Run("early", [0.1, 0.9, 0.9, 0.9]);
        var late = Run("late", [0.1, 0.1, 0.1, 0.9]);
        Assert.Equal((2, 4), (early.FirstEpochAbove("train_accuracy", 0.9), late.FirstEpochAbove("train_accuracy", 0.9)));
        Assert.Null(late.FirstEpochAbove("train_accuracy", 0.91));
        Assert.Equal(3, late.FirstEpochBelow("train_loss", 0.34));
        Assert.Equal((0.5 + 0.9 + 0.9) / 3, early.MeanUnderCurve("train_accuracy"), 1e-12);
        Assert.Equal((0.1 + 0.1 + 0.5) / 3, late.MeanUnderCurve("train_accuracy"), 1e-12);
        Assert.Equal(0.7, Run("one", [0.7]).MeanUnderCurve("train_accuracy"));
        Refusal.Of<ArgumentException>(() => late.MeanUnderCurve("accuracy"), "train_accuracy");
    }

    [Fact]
    public void The_figure_has_four_panels_where_everything_was_measured()
    {
        var figure = new RunComparison([_fast with { GradientNorms = [3, 2, 1] }, _slow]).ToFigure();
        Assert.Equal(["loss", "accuracy", "gradients", "time"], figure.Panels.Select(panel => panel.Title));
        Assert.Equal(2, figure.Columns);
        Assert.Equal(
            [("fast, training", true), ("fast, validation", false), ("slow, training", true), ("slow, validation", false)],
            figure.Panels[0].Series.Cast<Line>().Select(line => (line.Name, line.IsDashed)));
        Assert.Equal(["fast", "fast", "slow", "slow"], figure.Panels[1].Series.Select(line => line.Run));
        Assert.Equal([1, 2, 3], ((Line)figure.Panels[1].Series[0]).X);
        Assert.True(figure.Panels[2].Y.IsLog);
        Assert.Single(figure.Panels[2].Series);
        Assert.Equal([6, 4], ((Bars)figure.Panels[3].Series[0]).Values);
        Assert.Equal(["fast", "slow"], figure.Panels[3].X.Names);
    }

    [Fact]
    public void What_no_run_has_is_left_out()
    {
        var comparison = new RunComparison(("only", Run("only", [0.3]).History));
        Assert.Equal(["loss", "accuracy", "time"], comparison.ToFigure().Panels.Select(panel => panel.Title));
        Assert.False(((Line)comparison.ToFigure().Panels[0].Series[0]).IsDashed);
        Assert.Null(comparison.ToTable().Rows[0][3]);
        Assert.Equal(2, new RunComparison([_fast], metric: "recall").ToFigure().Panels.Count);
    }

    [Fact]
    public void Runs_that_cannot_be_compared_are_refused()
    {
        Refusal.Of<ArgumentException>(() => new RunComparison([_fast, _fast]), "two of one name");
        Refusal.Of<ArgumentException>(() => new RunComparison(Array.Empty<ComparedRun>()), "no runs");
        Refusal.Of<ArgumentException>(() => new RunComparison(("x", new History("loss"))), "'x'", "train_loss");
        Refusal.Of<ArgumentException>(() => new RunComparison(("x", new History("train_loss", "seconds"))), "'x'", "no epoch");
        Refusal.Of<ArgumentException>(() => _slow with { GradientNorms = [1] }, "'slow'", "2 epochs");
    }

    /// <summary>A run whose losses are 1 / epoch, twice that in validation, with two seconds an epoch.</summary>
    private static ComparedRun Run(string name, double[] accuracies, bool isValidated = false)
    {
        var history = isValidated
            ? new History("train_loss", "train_accuracy", "validation_loss", "validation_accuracy", "seconds")
            : new History("train_loss", "train_accuracy", "seconds");
        for (int i = 0; i < accuracies.Length; i++)
        {
            double loss = 1.0 / (i + 1);
            history.Add(i + 1, isValidated ? [loss, accuracies[i] / 2, 2 * loss, accuracies[i], 2] : [loss, accuracies[i], 2]);
        }

        return new ComparedRun(name, history);
    }
}
