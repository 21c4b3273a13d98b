using TinyNet.Core;

namespace TinyNet.Layers;

/// <summary>Modules one after the other, each working on what the one before gives. Their names are 0, 1, 2, …</summary>
public sealed class Sequential : Module<Tensor, Tensor>
{
    private readonly List<Module<Tensor, Tensor>> _modules = [];
    private int? _features;
    private int _featureAxis, _featuresFrom;

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
        if (layer?.InputFeatures is { } expected && _features is { } given && layer.FeatureAxis == _featureAxis && expected != given)
        {
            throw new ArgumentException(
                $"Sequential: module {Count} ({module}) expects {expected} features, "
                + $"but module {_featuresFrom} ({_modules[_featuresFrom]}) gives {given}; make both numbers equal",
                nameof(module));
        }

        _modules.Add(Child($"{Count}", module));
        if (layer?.OutputFeatures is { } features)
        {
            (_features, _featureAxis, _featuresFrom) = (features, layer.FeatureAxis, Count - 1);
        }
        else if (layer is null)
        {
            _features = null;
        }
    }

    /// <inheritdoc/>
    public override string ToString() => $"Sequential({string.Join(", ", _modules)})";

    /// <inheritdoc/>
    protected override Tensor ForwardCore(Tensor input)
    {
        var x = input;
        bool isOurs = false;
        for (int i = 0; i < _modules.Count; i++)
        {
            var module = _modules[i];
            var fused = Fusion.After(_modules, i);
            bool isKnown = module is IFeatureLayer;
            var y = module.Run(x, fused);
            if (isOurs && isKnown && IsUnreachable(x, y))
            {
                x.Release();
            }

            // A layer may hand its input on (dropout in evaluation): then who may know x may know y.
            isOurs = isKnown && (isOurs || x.Storage != y.Storage);
            x = y;
            i += fused.Count;
        }

        return x;
    }

    /// <summary>
    /// Whether no rule can read x any more and no hook has seen it, so that, if nobody outside knows it, its memory may be used again
    /// within the step.
    /// </summary>
    private static bool IsUnreachable(Tensor x, Tensor y) =>
        x.Storage != y.Storage && x.Storage.Holds == 0 && x.IsAlive && x.Storage.Lifetime == Lifetime.Step;
}
