using System.Collections;
using TinyNet.Core;

namespace TinyNet.Layers;

/// <summary>
/// Modules one after the other, each working on what the one before gives; the first takes something else than a tensor, tokens for
/// example. Their names are 0, 1, 2, …
/// </summary>
/// <typeparam name="TInput">What the first module takes. For tensors there is <see cref="Sequential"/>.</typeparam>
/// <example>
/// <code>
/// var model = new Sequential&lt;IndexTensor&gt; { new Embedding(5000, 64), new LSTM(64, 128).LastStep(), new Dense(128, 2) };
/// </code>
/// </example>
public class Sequential<TInput> : Module<TInput, Tensor>, IEnumerable<Module>
{
    // All but a first one that takes no tensor.
    private readonly List<Module<Tensor, Tensor>> _modules = [];
    private Module<TInput, Tensor>? _first;
    private int? _features;
    private int _featureAxis, _featuresFrom;

    /// <summary>A chain to which modules are added; the first must take what the chain does.</summary>
    public Sequential()
    {
    }

    /// <summary>Chains modules.</summary>
    /// <exception cref="ArgumentException">A module expects another number of features than the one before gives.</exception>
    public Sequential(Module<TInput, Tensor> first, params ReadOnlySpan<Module<Tensor, Tensor>> others)
    {
        Add(first);
        AddAll(others);
    }

    /// <summary>The number of modules.</summary>
    public int Count => _modules.Count + Before;

    /// <summary>A module by its place.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such place.</exception>
    public Module this[Index index]
    {
        get
        {
            int place = index.GetOffset(Count);
            return (uint)place >= (uint)Count
                ? throw new ArgumentOutOfRangeException(nameof(index), index, $"there are {Count} modules, from 0 on")
                : place < Before ? _first! : _modules[place - Before];
        }
    }

    private int Before => _first is null ? 0 : 1;

    /// <summary>Adds the first module; any module, where the chain takes tensors.</summary>
    /// <exception cref="ArgumentException">There are modules before it, which give tensors.</exception>
    public void Add(Module<TInput, Tensor> module)
    {
        ArgumentNullException.ThrowIfNull(module);
        if ((Module)module is Module<Tensor, Tensor> next)
        {
            Add(next);
            return;
        }

        if (Count > 0)
        {
            throw new ArgumentException(
                $"Sequential: module {Count} ({module.Describe()}) takes {typeof(TInput).Name}, "
                + $"but module {Count - 1} ({this[^1].Describe()}) gives a tensor; put it first",
                nameof(module));
        }

        _first = Child("0", module);
        NoteFeatures(module as IFeatureLayer);
    }

    /// <summary>Appends a module.</summary>
    /// <exception cref="ArgumentException">
    /// It expects another number of features than the one before gives, or it is the first, and the chain takes something else than a
    /// tensor.
    /// </exception>
    public void Add(Module<Tensor, Tensor> module)
    {
        ArgumentNullException.ThrowIfNull(module);
        if (Count == 0 && typeof(TInput) != typeof(Tensor))
        {
            throw new ArgumentException(
                $"Sequential<{typeof(TInput).Name}>: the first module ({module.Describe()}) takes a tensor; "
                + $"begin with one that takes {typeof(TInput).Name}",
                nameof(module));
        }

        var layer = module as IFeatureLayer;
        if (layer?.InputFeatures is { } expected && _features is { } given && layer.FeatureAxis == _featureAxis && expected != given)
        {
            throw new ArgumentException(
                $"Sequential: module {Count} ({module.Describe()}) expects {expected} features, "
                + $"but module {_featuresFrom} ({this[_featuresFrom].Describe()}) gives {given}; make both numbers equal",
                nameof(module));
        }

        _modules.Add(Child($"{Count}", module));
        NoteFeatures(layer);
    }

    /// <inheritdoc/>
    public override string Describe() => $"Sequential({string.Join(", ", this.Select(module => module.Describe()))})";

    /// <summary>The modules in their order.</summary>
    public IEnumerator<Module> GetEnumerator() => Children().Select(child => child.Module).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private protected override string Title => "Sequential";

    private protected void AddAll(ReadOnlySpan<Module<Tensor, Tensor>> modules)
    {
        foreach (var module in modules)
        {
            Add(module);
        }
    }

    /// <inheritdoc/>
    protected sealed override Tensor ForwardCore(TInput input)
    {
        var x = _first?.Forward(input) ?? input as Tensor
            ?? throw new TensorException("Sequential", "it has no modules", $"add one that takes {typeof(TInput).Name}");

        // What a layer of ours makes of something else than a tensor, nobody else knows.
        bool isOurs = _first is IFeatureLayer;
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

    private void NoteFeatures(IFeatureLayer? layer)
    {
        if (layer?.OutputFeatures is { } features)
        {
            (_features, _featureAxis, _featuresFrom) = (features, layer.FeatureAxis, Count - 1);
        }
        else if (layer is null)
        {
            _features = null;
        }
    }
}

/// <summary>Modules of tensors one after the other, each working on what the one before gives. Their names are 0, 1, 2, …</summary>
/// <example>
/// <code>
/// var model = new Sequential { new Dense(784, 128), new ReLU(), new Dense(128, 10) };
/// </code>
/// </example>
public sealed class Sequential : Sequential<Tensor>
{
    /// <summary>Chains modules; without any it gives what it is given.</summary>
    /// <exception cref="ArgumentException">A module expects another number of features than the one before gives.</exception>
    public Sequential(params ReadOnlySpan<Module<Tensor, Tensor>> modules) => AddAll(modules);

    /// <summary>A module by its place.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such place.</exception>
    public new Module<Tensor, Tensor> this[Index index] => (Module<Tensor, Tensor>)base[index];
}
