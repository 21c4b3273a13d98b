using TinyNet.Core;

namespace TinyNet.Analysis;

/// <summary>Writes what monitors have seen in the newest step into event files.</summary>
internal static class MonitorEvents
{
    public static void Write(EventFileWriter events, IReadOnlyList<ModelMonitor> monitors, long step)
    {
        foreach (var monitor in monitors)
        {
            if (monitor is GradientMonitor gradients)
            {
                Write(events, gradients, step);
            }
            else if (monitor is ActivationMonitor activations)
            {
                Write(events, activations, step);
            }
        }
    }

    private static void Write(EventFileWriter events, GradientMonitor monitor, long step)
    {
        foreach (var row in monitor.Rows.Where(row => row.Points.Count > 0))
        {
            var point = row.Points[^1];
            events.AddScalar($"gradient norm/{row.Name}", point.Gradient.L2Norm, step);
            events.AddScalar($"update over weight/{row.Name}", point.UpdateRatio, step);
            AddHistogram(events, $"gradient/{row.Name}", row.LastSample, point.Gradient, step);
        }
    }

    private static void Write(EventFileWriter events, ActivationMonitor monitor, long step)
    {
        foreach (var row in monitor.Rows.Where(row => row.Points.Count > 0))
        {
            var output = row.Points[^1].Output;
            events.AddScalar($"output deviation/{row.Name}", output.StandardDeviation, step);
            events.AddScalar($"output zeros/{row.Name}", output.ZeroShare, step);
            AddHistogram(events, $"output/{row.Name}", row.LastSample, output, step);
        }
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
