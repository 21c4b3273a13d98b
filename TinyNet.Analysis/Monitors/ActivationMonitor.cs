using TinyNet.Autograd;
using TinyNet.Core;
using TinyNet.Layers;

namespace TinyNet.Analysis;

/// <summary>
/// Watches what the layers of a model give, and the gradients that come back to it: moments, extremes, zeros, units that give nothing, and
/// how many values of bounded activations are at a bound.
/// </summary>
/// <example>
/// <code>
/// using var activations = ActivationMonitor.Attach(model, every: 10);
/// trainer.Fit(train, validation, epochs: 10);
/// foreach (var row in activations.Rows)
/// {
///     Console.WriteLine($"{row.Name} {row.Points[^1].Output.StandardDeviation}");
/// }
/// </code>
/// </example>
public sealed class ActivationMonitor : ModelMonitor
{
    private readonly Dictionary<(Module Module, string Part, int Call), ActivationRow> _rowOf = [];
    private readonly List<ActivationRow> _rows = [];
    private readonly Dictionary<Module, OutputRange?> _ranges = [];
    private readonly TensorSampler _sampler;

    // Of the step that is looked at: how often each module was called, and what has been seen already.
    private readonly Dictionary<(Module Module, string Part), int> _calls = [];
    private readonly HashSet<(Storage Storage, int Length)> _seen = [];
    private readonly List<(ActivationRow Row, ActivationPoint Point)> _step = [];

    private ActivationMonitor(Module model, MonitorOptions options) : base(model, options) =>
        _sampler = new TensorSampler(Options.SampleSize, Options.Seed);

    /// <summary>
    /// A row for each output of each layer, in the order in which they ran; a layer that runs twice in a step has two. What only hands on,
    /// or shows otherwise, what another one gave has none.
    /// </summary>
    public IReadOnlyList<ActivationRow> Rows => _rows;

    /// <summary>Begins to watch a model.</summary>
    /// <param name="model">The model.</param>
    /// <param name="every">Looks at the first of so many steps.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="every"/> is less than 1.</exception>
    public static ActivationMonitor Attach(Module model, int every) => new(model, new MonitorOptions { Every = every });

    /// <summary>Begins to watch a model.</summary>
    /// <param name="model">The model.</param>
    /// <param name="options">What is looked at, and how often.</param>
    public static ActivationMonitor Attach(Module model, MonitorOptions options) => new(model, options);

    /// <summary>Begins to watch every step of a model.</summary>
    /// <param name="model">The model.</param>
    public static ActivationMonitor Attach(Module model) => new(model, new MonitorOptions());

    private protected override void OnStepStarted(List<HookHandle> hooks)
    {
        foreach (var (path, module) in Model.NamedModules())
        {
            if (module.OutputKinds.HasFlag(TensorKinds.Tensors))
            {
                hooks.Add(module.OnOutput((_, part, tensor) => See(path, module, part, tensor)));
            }
        }
    }

    private protected override void OnStepEnded(bool isComplete)
    {
        // A step without a backward pass is kept where it shows why there was none.
        if (isComplete || _step.Exists(seen => seen.Point.Output.Finite < seen.Point.Output.Count))
        {
            _step.ForEach(seen => seen.Row.Add(seen.Point));
        }

        _calls.Clear();
        _seen.Clear();
        _step.Clear();
    }

    private void See(string path, Module module, string part, Tensor tensor)
    {
        if (tensor is Parameter || !_seen.Add((tensor.Storage, tensor.Length)))
        {
            return;
        }

        var row = RowOf(path, module, part);
        float[] sample = _sampler.Take(tensor);
        var point = new ActivationPoint(Step, TensorStatistics.Of(tensor, Options.NearZero), Quantiles.Of(sample))
        {
            Sample = sample,
            SaturatedShare = row.Range is { } range ? range.ShareAtBounds(sample) : double.NaN,
        };
        if (module is IElementwise)
        {
            point.LargestOfUnits = UnitMagnitudes.Of(tensor);
        }

        _step.Add((row, point));
        if (Tape.IsRecordingNow && tensor.HasHistory)
        {
            tensor.OnGradient(gradient =>
            {
                point.Gradient = TensorStatistics.Of(gradient, Options.NearZero);
                return null;
            });
        }
    }

    private ActivationRow RowOf(string path, Module module, string part)
    {
        int call = _calls.GetValueOrDefault((module, part)) + 1;
        _calls[(module, part)] = call;
        if (_rowOf.TryGetValue((module, part, call), out var row))
        {
            return row;
        }

        if (!_ranges.TryGetValue(module, out var range))
        {
            _ranges[module] = range = OutputRange.Of(module);
        }

        row = new ActivationRow(path, module, part, call, range, Options);
        _rowOf.Add((module, part, call), row);
        _rows.Add(row);
        return row;
    }
}
