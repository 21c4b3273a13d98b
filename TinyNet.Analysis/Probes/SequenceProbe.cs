using TinyNet.Core;
using TinyNet.Layers;

namespace TinyNet.Analysis;

/// <summary>A step in a <see cref="SequenceProbe"/>.</summary>
/// <param name="Step">Its number, from 1.</param>
/// <param name="Mean">The mean over samples and units.</param>
/// <param name="Deviation">The standard deviation over samples and units.</param>
/// <param name="Minimum">The least.</param>
/// <param name="Maximum">The largest.</param>
/// <param name="Norm">The L2 norm of a state, the mean over the samples.</param>
public sealed record SequenceStep(int Step, double Mean, double Deviation, double Minimum, double Maximum, double Norm);

/// <summary>
/// The states of a recurrent network: statistics of each unit over steps and samples, averaged over the units, and those of each step.
/// </summary>
public sealed record SequenceProbe
{
    private SequenceProbe(TensorStatistics[] units, IReadOnlyList<SequenceStep> steps)
    {
        UnitMean = units.Average(unit => unit.Mean);
        UnitDeviation = units.Average(unit => unit.StandardDeviation);
        UnitMinimum = units.Average(unit => unit.Minimum);
        UnitMaximum = units.Average(unit => unit.Maximum);
        Steps = steps;
    }

    /// <summary>The mean over steps and samples, averaged over the units.</summary>
    public double UnitMean { get; }

    /// <summary>The standard deviation over steps and samples, averaged over the units.</summary>
    public double UnitDeviation { get; }

    /// <summary>The least over steps and samples, averaged over the units.</summary>
    public double UnitMinimum { get; }

    /// <summary>The largest over steps and samples, averaged over the units.</summary>
    public double UnitMaximum { get; }

    /// <summary>The steps.</summary>
    public IReadOnlyList<SequenceStep> Steps { get; }

    /// <summary>Runs a model in evaluation mode, and looks at the states that a layer gives.</summary>
    /// <param name="model">The model, afterwards as before.</param>
    /// <param name="path">The dotted path of a layer that gives one tensor of states.</param>
    /// <param name="input">The input of the model.</param>
    /// <param name="batchFirst">Whether states are [samples, steps, units], else [steps, samples, units].</param>
    /// <exception cref="ArgumentException">There is no such layer; the message lists those that there are.</exception>
    /// <exception cref="ShapeException">The layer gives something else than states.</exception>
    public static SequenceProbe Of<TIn, TOut>(Module<TIn, TOut> model, string path, TIn input, bool batchFirst = true)
    {
        ArgumentNullException.ThrowIfNull(model);
        using var untouched = new UntouchedModel(model, isEvaluated: true, hasBackward: false);
        return Of(model.Capture(path, input), batchFirst);
    }

    /// <summary>Looks at states.</summary>
    /// <param name="states">The states: [samples, steps, units].</param>
    /// <param name="batchFirst">Whether it is so, else [steps, samples, units].</param>
    /// <exception cref="ShapeException">They have another number of axes, or there are none.</exception>
    public static SequenceProbe Of(Tensor states, bool batchFirst = true)
    {
        ArgumentNullException.ThrowIfNull(states);
        if (states.Rank != 3 || states.Length == 0)
        {
            throw new ShapeException("SequenceProbe", $"states of shape {states.Shape}",
                "give [samples, steps, units], or [steps, samples, units] with batchFirst: false, with at least one of each");
        }

        int samples = states.Shape[batchFirst ? 0 : 1], steps = states.Shape[batchFirst ? 1 : 0], units = states.Shape[2];
        float[] all = states.ToArray();
        int Row(int sample, int step) => (batchFirst ? sample * steps + step : step * samples + sample) * units;
        TensorStatistics[] ofUnits = [.. Enumerable.Range(0, units)
            .Select(unit => TensorStatistics.Of([.. Enumerable.Range(0, samples * steps).Select(row => all[row * units + unit])]))];
        return new SequenceProbe(ofUnits, [.. Enumerable.Range(0, steps).Select(step =>
        {
            float[][] rows = [.. Enumerable.Range(0, samples).Select(sample => all.AsSpan(Row(sample, step), units).ToArray())];
            var of = TensorStatistics.Of([.. rows.SelectMany(row => row)]);
            return new SequenceStep(step + 1, of.Mean, of.StandardDeviation, of.Minimum, of.Maximum,
                rows.Average(row => Math.Sqrt(row.Sum(value => (double)value * value))));
        })]);
    }

    /// <summary>A row for each step.</summary>
    public Table ToTable() => new(
        "states over the steps", ["step", "mean", "std", "min", "max", "norm"],
        [.. Steps.Select(step => (object?[])[step.Step, step.Mean, step.Deviation, step.Minimum, step.Maximum, step.Norm])]);

    /// <summary>The statistics of units, averaged.</summary>
    public Table ToUnitTable() => new(
        "units over steps and samples, averaged", ["mean", "std", "min", "max"],
        [[UnitMean, UnitDeviation, UnitMinimum, UnitMaximum]]);

    /// <summary>The mean, with the deviation around it, and the norm over the steps.</summary>
    public Figure ToFigure()
    {
        var x = new Axis("step") { IsWhole = true };
        double[] at = [.. Steps.Select(step => (double)step.Step)];
        return new Figure(
            "States over the steps",
            new Panel("states", x, new Axis("value"),
                new Band("mean ± std", at,
                    [.. Steps.Select(step => step.Mean - step.Deviation)], [.. Steps.Select(step => step.Mean + step.Deviation)]),
                new Line("mean", at, [.. Steps.Select(step => step.Mean)])),
            new Panel("norm", x, new Axis("L2 norm of a state"), new Line("norm", at, [.. Steps.Select(step => step.Norm)])))
        { Columns = 2 };
    }
}
