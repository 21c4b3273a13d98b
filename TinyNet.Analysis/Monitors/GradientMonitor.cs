using TinyNet.Autograd;
using TinyNet.Layers;

namespace TinyNet.Analysis;

/// <summary>Watches the gradients of the parameters of a model, the parameters, and how far steps move them.</summary>
/// <example>
/// <code>
/// using var gradients = GradientMonitor.Attach(model, every: 10);
/// trainer.Fit(train, validation, epochs: 10);
/// foreach (var finding in gradients.Diagnose())
/// {
///     Console.WriteLine(finding);
/// }
/// </code>
/// </example>
public sealed class GradientMonitor : ModelMonitor
{
    private readonly TensorSampler _sampler;
    private readonly ParameterRow[] _rows;

    // Of the step that ends.
    private readonly List<ParameterPoint> _points = [];
    private readonly List<float[]> _samples = [];

    private GradientMonitor(Module model, MonitorOptions options) : base(model, options)
    {
        _sampler = new TensorSampler(Options.SampleSize, Options.Seed);
        _rows = [.. model.NamedParameters().Select(named => new ParameterRow(named.Name, named.Parameter, Options.HistoryLength))];
    }

    /// <summary>
    /// A row for each parameter, in the order of <see cref="Module.NamedParameters"/>; a parameter in several places has one.
    /// </summary>
    public IReadOnlyList<ParameterRow> Rows => _rows;

    /// <summary>Those of the rows that are weights of layers, of two axes and more: gradient flow over depth.</summary>
    public IEnumerable<ParameterRow> Weights => Rows.Where(row => row.Parameter.Rank >= 2);

    /// <summary>Begins to watch the parameters that a model has now.</summary>
    /// <param name="model">The model.</param>
    /// <param name="every">Looks at the first of so many steps.</param>
    /// <exception cref="ArgumentException">The model has no forward pass of its own.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="every"/> is less than 1.</exception>
    public static GradientMonitor Attach(Module model, int every) => new(model, new MonitorOptions { Every = every });

    /// <summary>Begins to watch a model.</summary>
    /// <param name="model">The model.</param>
    /// <param name="options">What is looked at, and how often.</param>
    /// <exception cref="ArgumentException">The model has no forward pass of its own.</exception>
    public static GradientMonitor Attach(Module model, MonitorOptions options) => new(model, options);

    /// <summary>Begins to watch every step of a model.</summary>
    /// <param name="model">The model.</param>
    /// <exception cref="ArgumentException">The model has no forward pass of its own.</exception>
    public static GradientMonitor Attach(Module model) => new(model, new MonitorOptions());

    private protected override void OnTraining() => MeasureUpdates();

    private protected override void OnStepStarted(List<HookHandle> hooks)
    {
    }

    private protected override void OnStepEnded(bool isComplete)
    {
        if (!isComplete)
        {
            return;
        }

        foreach (var row in _rows)
        {
            if (row.Measure(Step, Options.NearZero, _sampler) is { } point)
            {
                _points.Add(point);
                _samples.Add(row.NewestSample);
            }
        }

        if (_points.Count > 0)
        {
            var quantiles = QuantileJob.Run(_samples, _rows[0].Parameter.Device);
            for (int i = 0; i < _points.Count; i++)
            {
                _points[i].Quantiles = quantiles[i];
            }
        }

        _points.Clear();
        _samples.Clear();
    }

    private protected override void OnDetached()
    {
        Array.ForEach(_rows, row => row.ForgetCopy());
    }

    private void MeasureUpdates()
    {
        // Where one has moved there was a step of the optimizer, and those that have not moved were left out of it.
        bool hasStepped = Array.Exists(_rows, row => row.HasMoved);
        foreach (var row in _rows)
        {
            row.MeasureUpdate(hasStepped);
        }
    }
}
