using TinyNet.Core;

namespace TinyNet.Analysis;

/// <summary>Writes what monitors have seen in the newest step that they looked at into event files, once.</summary>
internal sealed class MonitorEvents
{
    // The newest points that were written, by the rows of monitors.
    private readonly Dictionary<object, object> _written = [];

    public void Write(EventFileWriter events, IReadOnlyList<ModelMonitor> monitors)
    {
        foreach (var monitor in monitors)
        {
            if (monitor is GradientMonitor gradients)
            {
                Write(events, gradients);
            }
            else if (monitor is ActivationMonitor activations)
            {
                Write(events, activations);
            }
        }
    }

    private void Write(EventFileWriter events, GradientMonitor monitor)
    {
        foreach (var row in monitor.Rows.Where(row => row.Points.Count > 0 && IsNew(row, row.Points[^1])))
        {
            var point = row.Points[^1];
            events.AddScalar($"gradient norm/{row.Name}", point.Gradient.L2Norm, point.Step);
            AddHistogram(events, $"gradient/{row.Name}", row.LastSample, point.Gradient, point.Step);

            // The update of the newest step is known when the next one begins.
            if (row.Newest.LastOrDefault(one => !double.IsNaN(one.UpdateNorm)) is { } updated)
            {
                events.AddScalar($"update over weight/{row.Name}", updated.UpdateRatio, updated.Step);
            }
        }
    }

    private void Write(EventFileWriter events, ActivationMonitor monitor)
    {
        foreach (var row in monitor.Rows.Where(row => row.Points.Count > 0 && IsNew(row, row.Points[^1])))
        {
            var point = row.Points[^1];
            events.AddScalar($"output deviation/{row.Name}", point.Output.StandardDeviation, point.Step);
            events.AddScalar($"output zeros/{row.Name}", point.Output.ZeroShare, point.Step);
            AddHistogram(events, $"output/{row.Name}", row.LastSample, point.Output, point.Step);
        }
    }

    private bool IsNew(object row, object point)
    {
        bool isNew = !ReferenceEquals(_written.GetValueOrDefault(row), point);
        _written[row] = point;
        return isNew;
    }

    private static void AddHistogram(
        EventFileWriter events, string tag, IReadOnlyList<float> sample, in TensorStatistics all, long step)
    {
        if (all.Finite > 0)
        {
            events.AddHistogram(
                tag,
                EventHistogram.OfSample([.. sample], all.Finite, all.Minimum, all.Maximum, all.Mean * all.Finite, all.L2Norm * all.L2Norm),
                step);
        }
    }
}
