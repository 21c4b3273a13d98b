using TinyNet.Autograd;
using TinyNet.Core;

namespace TinyNet.Analysis;

/// <summary>What a <see cref="GradientMonitor"/> has seen of a parameter.</summary>
public sealed class ParameterRow
{
    /// <summary>How many steps tell what a gradient was like at first.</summary>
    internal const int FirstSteps = 5;

    private readonly DecimatedHistory<ParameterPoint> _points;

    // The parameter as it was in a step, until an update has been measured.
    private Tensor? _copy;
    private ParameterPoint? _open;
    private Storage? _storage;
    private int _version;

    private readonly NewestPoints<ParameterPoint> _newest = new();
    private readonly List<double> _firstNorms = new(FirstSteps);

    internal ParameterRow(string name, Parameter parameter, int historyLength)
    {
        (Name, Parameter) = (name, parameter);
        _points = new DecimatedHistory<ParameterPoint>(historyLength);
    }

    /// <summary>The dotted name, from the model.</summary>
    public string Name { get; }

    /// <summary>The parameter.</summary>
    public Parameter Parameter { get; }

    /// <summary>
    /// The steps that were looked at; of a long run, steps at equal distances. The first and the newest are always there.
    /// </summary>
    public IReadOnlyList<ParameterPoint> Points => _points;

    /// <summary>How many of the steps that were looked at brought a gradient.</summary>
    public long StepsWithGradient { get; private set; }

    /// <summary>How many brought none: the parameter was frozen, or nothing that was computed from it reached the loss.</summary>
    public long StepsWithoutGradient { get; private set; }

    /// <summary>How many of the newest steps that were looked at brought none.</summary>
    internal long SilentSteps { get; private set; }

    /// <summary>The newest points, whatever the history has kept.</summary>
    internal IReadOnlyList<ParameterPoint> Newest => _newest.Points;

    /// <summary>The norms of the gradients of the first steps.</summary>
    internal IReadOnlyList<double> FirstNorms => _firstNorms;

    /// <summary>The gradients of all steps that were looked at, together.</summary>
    public TensorStatistics Total { get; private set; } = TensorStatistics.Empty;

    /// <summary>The first step that was looked at whose gradient had nan or infinities; null where none had.</summary>
    public long? FirstNonFiniteStep { get; private set; }

    /// <summary>A sample of the gradient of the newest step.</summary>
    public IReadOnlyList<float> LastSample => NewestSample;

    internal float[] NewestSample { get; private set; } = [];

    /// <summary>
    /// A step has brought a gradient, which has not been used yet: what it was like but for the quantiles, which are of the newest
    /// sample. Null
    /// where it has brought none.
    /// </summary>
    internal ParameterPoint? Measure(long step, float nearZero, TensorSampler sampler)
    {
        if (Parameter.IsFrozen || Parameter.IsGradientSpent || Parameter.Gradient is not { } gradient)
        {
            StepsWithoutGradient++;
            SilentSteps++;
            return null;
        }

        StepsWithGradient++;
        SilentSteps = 0;
        NewestSample = sampler.Take(gradient);
        var statistics = TensorStatistics.Of(gradient, nearZero);
        Total = TensorStatistics.Together(Total, statistics);
        FirstNonFiniteStep ??= statistics.Finite < statistics.Count ? step : null;
        _open = new ParameterPoint(step, statistics, TensorStatistics.Of(Parameter, nearZero));
        _points.Add(_open);
        _newest.Add(_open);
        if (StepsWithGradient <= FirstSteps)
        {
            _firstNorms.Add(statistics.L2Norm);
        }

        if (_copy?.Device != Parameter.Device)
        {
            _copy = Tensor.Persistent(Parameter.Shape, Parameter.Device, "GradientMonitor");
        }

        Parameter.Device.Copy(Parameter, _copy);
        (_storage, _version) = (Parameter.Storage, Parameter.Storage.Version);
        return _open;
    }

    /// <summary>Whether it has been written since the step that was looked at last.</summary>
    internal bool HasMoved => _open is not null && _storage == Parameter.Storage && _version != Parameter.Storage.Version;

    /// <summary>
    /// Measures how far the parameter has moved since the step that was looked at last. It is asked when the next step of training begins:
    /// what is put into the parameters at the end of a training (the best, the averaged ones) is no update.
    /// </summary>
    /// <param name="hasStepped">Whether any parameter has moved.</param>
    internal void MeasureUpdate(bool hasStepped)
    {
        if (_open is null || _copy is null || !hasStepped)
        {
            return;
        }

        if (!HasMoved)
        {
            _open.UpdateNorm = _storage == Parameter.Storage ? 0 : double.NaN;
        }
        else if (_copy.Device == Parameter.Device)
        {
            _open.UpdateNorm = Parameter.Device.Distance(Parameter, _copy);
        }

        _open = null;
    }

    internal void ForgetCopy() => _copy = null;
}

/// <summary>A parameter in a step that was looked at.</summary>
public sealed class ParameterPoint
{
    internal ParameterPoint(long step, in TensorStatistics gradient, in TensorStatistics weight) =>
        (Step, Gradient, Weight) = (step, gradient, weight);

    /// <summary>The number of the step, from 1.</summary>
    public long Step { get; }

    /// <summary>
    /// The gradient, before the optimizer or clipping has used it; where several backward passes make a step, the sum so far.
    /// </summary>
    public TensorStatistics Gradient { get; }

    /// <summary>The quantiles of a sample of the gradient.</summary>
    public Quantiles Quantiles { get; internal set; }

    /// <summary>The parameter before the update.</summary>
    public TensorStatistics Weight { get; }

    /// <summary>
    /// √(Σ Δ²) of what the parameter moved by the time the next step of training began: by the update that followed. It is nan before,
    /// where the optimizer did not step, and where a weight was or became no number.
    /// </summary>
    public double UpdateNorm { get; internal set; } = double.NaN;

    /// <summary>The norm of the update over that of the parameter: about 1e-3 where learning goes well.</summary>
    public double UpdateRatio => UpdateNorm / Weight.L2Norm;
}
