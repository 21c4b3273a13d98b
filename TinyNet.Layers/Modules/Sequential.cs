using TinyNet.Core;

namespace TinyNet.Layers;

/// <summary>Modules one after the other, each working on what the one before gives. Their names are 0, 1, 2, …</summary>
public sealed class Sequential : Module<Tensor, Tensor>
{
    private readonly List<Module<Tensor, Tensor>> _modules = [];
    private int? _features;
    private string _featuresFrom = "";

    /// <summary>Chains modules.</summary>
    /// <exception cref="ArgumentException">A module expects another number of features than the one before gives.</exception>
    public Sequential(params ReadOnlySpan<Module<Tensor, Tensor>> modules)
    {
        foreach (var module in modules)
        {
            Add(module);
        }
    }

    /// <summary>The number of modules.</summary>
    public int Count => _modules.Count;

    /// <summary>A module by its place.</summary>
    public Module<Tensor, Tensor> this[Index index] => _modules[index];

    /// <summary>Appends a module.</summary>
    /// <exception cref="ArgumentException">It expects another number of features than the one before gives.</exception>
    public void Add(Module<Tensor, Tensor> module)
    {
        ArgumentNullException.ThrowIfNull(module);
        var layer = module as IFeatureLayer;
        if (layer?.InputFeatures is { } expected && _features is { } given && expected != given)
        {
            throw new ArgumentException($"Sequential: module {Count} ({module}) expects {expected} features, but {_featuresFrom} gives {given}; make both numbers equal", nameof(module));
        }

        if (layer?.OutputFeatures is { } features)
        {
            (_features, _featuresFrom) = (features, $"module {Count} ({module})");
        }
        else if (layer is null)
        {
            _features = null;
        }

        _modules.Add(Child($"{Count}", module));
    }

    /// <inheritdoc/>
    public override string ToString() => $"Sequential({string.Join(", ", _modules)})";

    /// <inheritdoc/>
    protected override Tensor ForwardCore(Tensor input)
    {
        var x = input;
        for (int i = 0; i < _modules.Count; i++)
        {
            var y = _modules[i].Forward(x);
            if (i > 0 && IsUnreachable(x, y, _modules[i - 1], _modules[i]))
            {
                StepScope.Release(x.Storage, x.Device.Pool);
            }

            x = y;
        }

        return x;
    }

    /// <summary>Whether no rule, hook, module or caller can read x any more, so that its memory may be used again within the step.</summary>
    private static bool IsUnreachable(Tensor x, Tensor y, Module before, Module after) =>
        before is IFeatureLayer && after is IFeatureLayer && before.Hooks is null && after.Hooks is null
        && x.Storage != y.Storage && x.Storage.Holds == 0 && x.IsAlive && x.Storage.Lifetime == Lifetime.Step;
}

/// <summary>
/// A layer of this library whose number of features is known, or the same at its output as at its input (null). It keeps no
/// tensor of a forward pass to itself.
/// </summary>
internal interface IFeatureLayer
{
    /// <summary>The size of the last axis that it expects; null for any.</summary>
    int? InputFeatures { get; }

    /// <summary>The size of the last axis that it gives; null for that of the input.</summary>
    int? OutputFeatures { get; }
}
