namespace TinyNet.Analysis;

/// <summary>What an <see cref="ActivationMonitor"/> has seen, as figures and as a table.</summary>
public static class ActivationMonitorFigures
{
    // A panel each: more are no more looked at.
    private const int MostPanels = 12, Bins = 40;

    private static readonly Axis Step = new("step") { IsWhole = true };

    extension(ActivationMonitor monitor)
    {
        /// <summary>
        /// How the outputs of layers are spread over the steps, a panel for each of up to twelve: median and quantiles of a sample.
        /// </summary>
        /// <exception cref="InvalidOperationException">The monitor has seen no output yet.</exception>
        public Figure ToBandFigure()
        {
            var rows = Chosen(monitor);
            return new Figure("Outputs of layers", [.. rows.Select(Bands)])
            {
                Columns = 3,
                Note = $"Quantiles of {Sample(monitor, rows.Count)}",
            };
        }

        /// <summary>
        /// The outputs of layers in the first step that was looked at and in the newest, a panel for each of up to twelve.
        /// </summary>
        /// <exception cref="InvalidOperationException">The monitor has seen no output yet.</exception>
        public Figure ToHistogramFigure()
        {
            var rows = Chosen(monitor);
            return new Figure("Distributions of outputs", [.. rows.Select(Histograms)])
            {
                Columns = 3,
                Note = $"Of {Sample(monitor, rows.Count)}",
            };
        }

        /// <summary>The standard deviation of the output of each layer over the steps.</summary>
        /// <exception cref="InvalidOperationException">The monitor has seen no output yet.</exception>
        public Figure ToSpreadFigure() => new("Spread of outputs", new Panel(
            "", Step, new Axis("standard deviation of the output") { IsLog = true },
            [.. Seen(monitor).Select(row => Over(row, point => point.Output.StandardDeviation))])
        {
            CanSmooth = true,
        });

        /// <summary>The size of the gradient that comes back to the output of each layer, over the steps.</summary>
        /// <exception cref="InvalidOperationException">The monitor has seen no output yet.</exception>
        public Figure ToGradientFigure() => new("Gradients of outputs", new Panel(
            "", Step, new Axis("root mean square of the gradient") { IsLog = true },
            [.. Seen(monitor).Select(row => Over(row, point => point.Gradient?.RootMeanSquare ?? double.NaN))])
        {
            CanSmooth = true,
        });

        /// <summary>Zeros in outputs, units that give nothing, and values at the bounds of bounded activations, over the steps.</summary>
        /// <exception cref="InvalidOperationException">The monitor has seen no output yet.</exception>
        public Figure ToHealthFigure()
        {
            var rows = Seen(monitor);
            List<Panel> panels = [Shares("zeros", rows, point => point.Output.ZeroShare)];
            if (rows.Where(row => row.Units > 0).ToList() is { Count: > 0 } activations)
            {
                panels.Add(Shares("units that give nothing", activations, point => point.SilentShare));
            }

            if (rows.Where(row => row.Range is not null).ToList() is { Count: > 0 } bounded)
            {
                panels.Add(Shares("values at a bound", bounded, point => point.SaturatedShare));
            }

            return new Figure("Health of activations", [.. panels]) { Columns = panels.Count };
        }

        /// <summary>The newest step, a row for each output.</summary>
        /// <exception cref="InvalidOperationException">The monitor has seen no output yet.</exception>
        public Table ToActivationTable() => new(
            "Outputs in the newest step that was looked at",
            [
                "layer", "what", "mean", "mean magnitude", "deviation", "min", "max", "L2 norm", "zeros", "near zero", "nan", "infinite",
                "silent units", "at a bound",
            ],
            [
                .. Seen(monitor).Select(row => (IReadOnlyList<object?>)
                [
                    row.Name, Kind(row), .. MonitorTables.Cells(row.Points[^1].Output), row.Points[^1].SilentShare,
                    row.Points[^1].SaturatedShare,
                ]),
            ]);
    }

    private static string Kind(ActivationRow row) => row.Module.GetType().Name.Split('`')[0];

    private static Panel Shares(string title, List<ActivationRow> rows, Func<ActivationPoint, double> share) => new(
        title, Step, new Axis("share") { Minimum = 0, Maximum = 1 }, [.. rows.Select(row => Over(row, share))])
    {
        CanSmooth = true,
    };

    private static Panel Bands(ActivationRow row)
    {
        double[] steps = [.. row.Points.Select(point => (double)point.Step)];
        return new Panel(
            Label(row), Step, new Axis(""),
            new Band("5 % to 95 %", steps, Of(quantiles => quantiles.P05), Of(quantiles => quantiles.P95)),
            new Band("25 % to 75 %", steps, Of(quantiles => quantiles.P25), Of(quantiles => quantiles.P75)),
            new Line("median", steps, Of(quantiles => quantiles.P50)));

        double[] Of(Func<Quantiles, float> quantile) => [.. row.Points.Select(point => (double)quantile(point.Quantiles))];
    }

    private static Panel Histograms(ActivationRow row)
    {
        float[] first = [.. row.FirstSample], last = [.. row.LastSample];
        float[] finite = [.. first.Concat(last).Where(float.IsFinite)];
        double low = finite.DefaultIfEmpty(0).Min(), high = finite.DefaultIfEmpty(0).Max();
        var newest = Histogram.Of("newest step", last, Bins, low, high);
        return new Panel(
            Label(row), new Axis("output"), new Axis("share of the sample"),
            row.Points.Count == 1 ? [newest] : [Histogram.Of("first step", first, Bins, low, high), newest]);
    }

    /// <summary>A layer by its name and what it is: names are often nothing but numbers.</summary>
    private static string Label(ActivationRow row) => $"{row.Name} {Kind(row)}";

    private static Line Over(ActivationRow row, Func<ActivationPoint, double> value) =>
        new(Label(row), [.. row.Points.Select(point => (double)point.Step)], [.. row.Points.Select(value)]);

    /// <summary>Rows at equal distances, the last one among them.</summary>
    private static List<ActivationRow> Chosen(ActivationMonitor monitor)
    {
        var rows = Seen(monitor);
        return rows.Count <= MostPanels ? rows
            : [.. Enumerable.Range(0, MostPanels).Select(i => rows[(int)Math.Round(i * (rows.Count - 1.0) / (MostPanels - 1))])];
    }

    private static string Sample(ActivationMonitor monitor, int shown)
    {
        int all = Seen(monitor).Count;
        return $"a sample of at most {monitor.Options.SampleSize} values of each output."
            + (shown == all ? "" : $" {shown} of {all} outputs are shown.");
    }

    private static List<ActivationRow> Seen(ActivationMonitor monitor)
    {
        ArgumentNullException.ThrowIfNull(monitor);
        var rows = monitor.Rows.Where(row => row.Points.Count > 0).ToList();
        return rows.Count > 0 ? rows : throw new InvalidOperationException(
            "the monitor has seen no output yet: train the model that it is attached to for a step");
    }
}
