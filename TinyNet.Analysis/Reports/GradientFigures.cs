namespace TinyNet.Analysis;

/// <summary>What a <see cref="GradientMonitor"/> has seen, as figures and as a table.</summary>
public static class GradientFigures
{
    private static readonly Axis Step = new("step") { IsWhole = true };

    extension(GradientMonitor monitor)
    {
        /// <summary>The norm of the gradient of each weight over the steps.</summary>
        /// <exception cref="InvalidOperationException">The monitor has seen no gradient of a weight yet.</exception>
        public Figure ToNormFigure() => OverSteps(
            monitor, "Gradient norms", "L2 norm of the gradient", row => row.Points.Select(point => point.Gradient.L2Norm));

        /// <summary>How far each step moves each weight, as a share of its norm; about 1e-3 is usual.</summary>
        /// <exception cref="InvalidOperationException">The monitor has seen no gradient of a weight yet.</exception>
        public Figure ToUpdateFigure() => OverSteps(
            monitor, "Updates over weights", "norm over norm", row => row.Points.Select(point => point.UpdateRatio));

        /// <summary>The size of gradients over the depth of the model, in the first step that was looked at and in the newest.</summary>
        /// <exception cref="InvalidOperationException">The monitor has seen no gradient of a weight yet.</exception>
        public Figure ToDepthFigure()
        {
            var rows = Seen(monitor);
            double[] places = [.. Enumerable.Range(0, rows.Count).Select(i => (double)i)];
            return new Figure("Gradient flow over depth", new Panel(
                "", new Axis("weight") { Names = [.. rows.Select(row => row.Name)] },
                new Axis("root mean square of the gradient") { IsLog = true },
                new Line("first step", places, [.. rows.Select(row => row.Points[0].Gradient.RootMeanSquare)])
                {
                    HasMarkers = true,
                    IsDashed = true,
                },
                new Line("newest step", places, [.. rows.Select(row => row.Points[^1].Gradient.RootMeanSquare)]) { HasMarkers = true }));
        }

        /// <summary>
        /// Mean and extremes of the magnitudes and standard deviation of the gradient of each parameter, in the newest step.
        /// </summary>
        /// <exception cref="InvalidOperationException">The monitor has seen no gradient of a weight yet.</exception>
        public Figure ToBarFigure()
        {
            var rows = Seen(monitor, weightsAlone: false);
            var names = new Axis("parameter") { Names = [.. rows.Select(row => row.Name)] };
            Panel Of(string title, Func<Core.TensorStatistics, double> value) => new(
                title, names, new Axis(""), new Bars(title, [.. rows.Select(row => value(row.Points[^1].Gradient))]));
            return new Figure(
                "Gradients of parameters in the newest step",
                Of("mean of magnitudes", gradient => gradient.MeanMagnitude),
                Of("standard deviation", gradient => gradient.StandardDeviation),
                Of("largest magnitude", gradient => gradient.MaximumMagnitude),
                Of("smallest magnitude", gradient => gradient.MinimumMagnitude))
            {
                Columns = 2,
            };
        }

        /// <summary>The newest step, a row for each parameter.</summary>
        /// <exception cref="InvalidOperationException">The monitor has seen no gradient of a weight yet.</exception>
        public Table ToGradientTable() => new(
            "Gradients in the newest step that was looked at",
            [
                "parameter", "shape", "mean", "mean magnitude", "deviation", "min", "max", "L2 norm", "zeros", "near zero", "nan",
                "infinite", "weight norm", "update / weight",
            ],
            [
                .. Seen(monitor, weightsAlone: false).Select(row => (IReadOnlyList<object?>)
                [
                    row.Name, row.Parameter.Shape.ToString(), .. MonitorTables.Cells(row.Points[^1].Gradient),
                    row.Points[^1].Weight.L2Norm, row.Points[^1].UpdateRatio,
                ]),
            ]);
    }

    private static Figure OverSteps(GradientMonitor monitor, string title, string label, Func<ParameterRow, IEnumerable<double>> values) =>
        new(title, new Panel("", Step, new Axis(label) { IsLog = true }, [
            .. Seen(monitor).Select(row => new Line(row.Name, [.. row.Points.Select(point => (double)point.Step)], [.. values(row)])),
        ])
        {
            CanSmooth = true,
        });

    private static List<ParameterRow> Seen(GradientMonitor monitor, bool weightsAlone = true)
    {
        ArgumentNullException.ThrowIfNull(monitor);
        var rows = (weightsAlone ? monitor.Weights : monitor.Rows).Where(row => row.Points.Count > 0).ToList();
        return rows.Count > 0 ? rows : throw new InvalidOperationException(
            "the monitor has seen no gradient of a weight yet: train for a step, by the model's own Forward, with weights that are not "
            + "frozen");
    }
}
