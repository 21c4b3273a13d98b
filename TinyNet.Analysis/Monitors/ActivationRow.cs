using TinyNet.Core;
using TinyNet.Layers;

namespace TinyNet.Analysis;

/// <summary>What an <see cref="ActivationMonitor"/> has seen of an output of a layer.</summary>
public sealed class ActivationRow
{
    private readonly DecimatedHistory<ActivationPoint> _points;
    private readonly NewestPoints<ActivationPoint> _newest = new();

    // Of each unit, the number of the last sampled step in which it gave something.
    private long[] _lastActive = [];

    internal ActivationRow(string path, Module module, string part, int call, OutputRange? range, MonitorOptions options)
    {
        (Path, Module, Part, Call, Range) = (path, module, part, call, range);
        _points = new DecimatedHistory<ActivationPoint>(options.HistoryLength);
    }

    /// <summary>The dotted path of the layer; empty for the model itself.</summary>
    public string Path { get; }

    /// <summary>The layer.</summary>
    public Module Module { get; }

    /// <summary>Which of several tensors that the layer gives; empty where it gives one.</summary>
    public string Part { get; }

    /// <summary>Which call in a step, from 1.</summary>
    public int Call { get; }

    /// <summary>Path, part, and the call where it is not the first.</summary>
    public string Name =>
        (Path.Length == 0 ? "model" : Path) + (Part.Length == 0 ? "" : $".{Part}") + (Call == 1 ? "" : $" call {Call}");

    /// <summary>
    /// The steps that were looked at; of a long run, steps at equal distances. The first and the newest are always there.
    /// </summary>
    public IReadOnlyList<ActivationPoint> Points => _points;

    /// <summary>The outputs of all steps that were looked at, together.</summary>
    public TensorStatistics Total { get; private set; } = TensorStatistics.Empty;

    /// <summary>How many steps were looked at.</summary>
    public long SampledSteps { get; private set; }

    /// <summary>The first step that was looked at whose output had nan or infinities; null where none had.</summary>
    public long? FirstNonFiniteStep { get; private set; }

    /// <summary>A sample of the output of the first step.</summary>
    public IReadOnlyList<float> FirstSample { get; private set; } = [];

    /// <summary>A sample of the output of the newest step.</summary>
    public IReadOnlyList<float> LastSample { get; private set; } = [];

    /// <summary>The newest points, whatever the history has kept.</summary>
    internal IReadOnlyList<ActivationPoint> Newest => _newest.Points;

    /// <summary>Where the outputs of an activation that is bounded on both sides end; null for others.</summary>
    internal OutputRange? Range { get; }

    /// <summary>How many units an activation has: channels of images, features of vectors; 0 where the layer is no activation.</summary>
    public int Units => _lastActive.Length;

    /// <summary>
    /// The share of the units of an activation that gave nothing, no value beyond near zero, for a number of sampled steps; nan where the
    /// layer is no activation or was not looked at so often.
    /// </summary>
    /// <param name="sampledSteps">The number of steps.</param>
    public double DeadShare(int sampledSteps)
    {
        Require.Positive(sampledSteps);
        return Units == 0 || SampledSteps < sampledSteps
            ? double.NaN
            : (double)_lastActive.Count(last => last <= SampledSteps - sampledSteps) / Units;
    }

    internal void Add(ActivationPoint point)
    {
        SampledSteps++;
        if (point.ActiveUnits is { } active)
        {
            NoteActive(active, point);
        }

        FirstNonFiniteStep ??= point.Output.Finite < point.Output.Count ? point.Step : null;
        Total = TensorStatistics.Together(Total, point.Output);
        FirstSample = FirstSample.Count == 0 ? point.Sample : FirstSample;
        LastSample = point.Sample;
        (point.Sample, point.ActiveUnits) = ([], null);
        _points.Add(point);
        _newest.Add(point);
    }

    private void NoteActive(bool[] active, ActivationPoint point)
    {
        if (active.Length != _lastActive.Length)
        {
            // Images of another size, say: who has been silent for how long is not known any more.
            _lastActive = new long[active.Length];
            Array.Fill(_lastActive, SampledSteps - 1);
        }

        int silent = 0;
        for (int unit = 0; unit < active.Length; unit++)
        {
            silent += active[unit] ? 0 : 1;
            _lastActive[unit] = active[unit] ? SampledSteps : _lastActive[unit];
        }

        point.SilentShare = (double)silent / active.Length;
    }
}

/// <summary>The output of a layer in a step that was looked at.</summary>
public sealed class ActivationPoint
{
    internal ActivationPoint(long step, in TensorStatistics output) => (Step, Output) = (step, output);

    /// <summary>The number of the step, from 1.</summary>
    public long Step { get; }

    /// <summary>The output.</summary>
    public TensorStatistics Output { get; }

    /// <summary>The quantiles of a sample of the output.</summary>
    public Quantiles Quantiles { get; internal set; }

    /// <summary>The gradient of the loss to the output; null where none came.</summary>
    public TensorStatistics? Gradient { get; internal set; }

    /// <summary>
    /// The share of a sample that is within a hundredth of the range from an end of it, of an activation that is bounded on both sides; nan
    /// for others.
    /// </summary>
    public double SaturatedShare { get; internal init; } = double.NaN;

    /// <summary>The share of the units of an activation that gave nothing in this step; nan where the layer is no activation.</summary>
    public double SilentShare { get; internal set; } = double.NaN;

    internal float[] Sample { get; set; } = [];

    internal bool[]? ActiveUnits { get; set; }
}
