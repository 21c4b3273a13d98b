using TinyNet.Core;

namespace TinyNet.Layers;

/// <summary>
/// Transformer layers one after the other, and a norm at the end if there is one. Their names are <c>layers.0</c>, <c>layers.1</c>,
/// .. and <c>norm</c>.
/// </summary>
/// <typeparam name="TIn">What each layer works on: sequences and what belongs to them.</typeparam>
/// <typeparam name="TLayer">The kind of layers.</typeparam>
public abstract class TransformerStack<TIn, TLayer> : Module<TIn, Tensor> where TLayer : Module<TIn, Tensor>
{
    private readonly Module<Tensor, Tensor>? _norm;

    private protected TransformerStack(IEnumerable<TLayer> layers, Module<Tensor, Tensor>? norm)
    {
        ArgumentNullException.ThrowIfNull(layers);
        Layers = Child("layers", new ModuleList<TLayer>([.. layers]));
        _norm = norm is null ? null : Child("norm", norm);
    }

    /// <summary>The layers.</summary>
    public ModuleList<TLayer> Layers { get; }

    /// <inheritdoc/>
    protected sealed override Tensor ForwardCore(TIn input) =>
        KeyValueCache.Step(CacheOf(input), this, input, static (stack, input) => stack.Compute(input));

    /// <summary>The sequences that go through the layers; refuses an input that lacks something.</summary>
    private protected abstract Tensor SequencesOf(in TIn input);

    /// <summary>The cache of the stack, if there is one.</summary>
    private protected abstract KeyValueCache? CacheOf(in TIn input);

    /// <summary>The input of a layer: that of the stack with other sequences and the layer's cache.</summary>
    private protected abstract TIn InputOfLayer(in TIn input, Tensor sequences, KeyValueCache? cache);

    private Tensor Compute(TIn input)
    {
        var x = SequencesOf(input);
        for (int i = 0; i < Layers.Count; i++)
        {
            x = Layers[i].Forward(InputOfLayer(input, x, CacheOf(input)?.Layer(i)));
        }

        return _norm?.Forward(x) ?? x;
    }
}
