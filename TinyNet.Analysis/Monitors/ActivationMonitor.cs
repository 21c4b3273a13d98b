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
    private readonly HashSet<Module> _outputs = [];
    private readonly TensorSampler _sampler;

    // Of the step that is looked at: how often each module was called, and what has been seen already.
    private readonly Dictionary<(Module Module, string Part), int> _calls = [];
    private readonly HashSet<(Storage Storage, int Offset, int Length)> _seen = [];
    private readonly List<(string Path, Module Module, string Part, int Call, ActivationPoint Point)> _step = [];
    private Device? _device;

    private ActivationMonitor(Module model, MonitorOptions options) : base(model, options) =>
        _sampler = new TensorSampler(Options.SampleSize, Options.Seed);

    /// <summary>
    /// A row for each output of each layer, in the order in which they ran; a layer that runs twice in a step has two. What only hands on,
    /// or shows otherwise, what another one gave has none.
    /// </summary>
    public IReadOnlyList<ActivationRow> Rows => _rows;

    /// <summary>Whether a layer was the last to run in a step.</summary>
    internal bool IsOutput(Module module) => _outputs.Contains(module);

    /// <summary>Begins to watch a model.</summary>
    /// <param name="model">The model.</param>
    /// <param name="every">Looks at the first of so many steps.</param>
    /// <exception cref="ArgumentException">The model has no forward pass of its own.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="every"/> is less than 1.</exception>
    public static ActivationMonitor Attach(Module model, int every) => new(model, new MonitorOptions { Every = every });

    /// <summary>Begins to watch a model.</summary>
    /// <param name="model">The model.</param>
    /// <param name="options">What is looked at, and how often.</param>
    /// <exception cref="ArgumentException">The model has no forward pass of its own.</exception>
    public static ActivationMonitor Attach(Module model, MonitorOptions options) => new(model, options);

    /// <summary>Begins to watch every step of a model.</summary>
    /// <param name="model">The model.</param>
    /// <exception cref="ArgumentException">The model has no forward pass of its own.</exception>
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
            var quantiles = QuantileJob.Run(_step.ConvertAll(seen => seen.Point.Sample), _device ?? Device.Default);
            for (int i = 0; i < _step.Count; i++)
            {
                var (path, module, part, call, point) = _step[i];
                point.Quantiles = quantiles[i];
                RowOf(path, module, part, call).Add(point);
            }

            // What the model gives, where being sure is what is wanted.
            if (_step.Count > 0)
            {
                _outputs.Add(_step[^1].Module);
            }
        }

        _calls.Clear();
        _seen.Clear();
        _step.Clear();
    }

    private void See(string path, Module module, string part, Tensor tensor)
    {
        if (!IsInStep || tensor is Parameter || !_seen.Add((tensor.Storage, tensor.Layout.Offset, tensor.Length)))
        {
            return;
        }

        int call = _calls.GetValueOrDefault((module, part)) + 1;
        _calls[(module, part)] = call;
        float[] sample = _sampler.Take(tensor);
        var point = new ActivationPoint(Step, TensorStatistics.Of(tensor, Options.NearZero))
        {
            Sample = sample,
            SaturatedShare = RangeOf(module) is { } range ? range.ShareAtBounds(sample) : double.NaN,
        };
        if (module is IElementwise)
        {
            point.ActiveUnits = ActiveUnits.Of(tensor, point.Output, Options.NearZero);
        }

        _step.Add((path, module, part, call, point));
        _device = tensor.Device;
        if (tensor.HasHistory)
        {
            tensor.OnGradient(gradient =>
            {
                point.Gradient = TensorStatistics.Of(gradient, Options.NearZero);
                return null;
            });
        }
    }

    private ActivationRow RowOf(string path, Module module, string part, int call)
    {
        if (_rowOf.TryGetValue((module, part, call), out var row))
        {
            return row;
        }

        row = new ActivationRow(path, module, part, call, RangeOf(module), Options);
        _rowOf.Add((module, part, call), row);
        _rows.Add(row);
        return row;
    }

    private OutputRange? RangeOf(Module module) =>
        _ranges.TryGetValue(module, out var range) ? range : _ranges[module] = OutputRange.Of(module);
}
