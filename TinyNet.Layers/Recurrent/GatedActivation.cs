using System.Runtime.CompilerServices;
using TinyNet.Autograd;
using TinyNet.Core;

namespace TinyNet.Layers;

/// <summary>
/// y = z tanh x + (1 − z) h with z = σ(x + h); ∂y/∂x = z (1 − tanh² x) + s, ∂y/∂h = 1 − z + s with s = z (1 − z) (tanh x − h).
/// </summary>
public readonly struct GatedActivationOp : IBinaryOp
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Forward<T>(T a, T b) where T : struct, ILane<T>
    {
        // σ(−s) = 1 − σ(s) without the digits that the difference loses.
        T s = a + b;
        return T.MultiplyAdd(T.Sigmoid(s), T.Tanh(a), T.Sigmoid(-s) * b);
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T GradientA<T>(T a, T b, T gradient) where T : struct, ILane<T>
    {
        T s = a + b, tanh = T.Tanh(a);
        return gradient * T.Sigmoid(s) * T.MultiplyAdd(T.Sigmoid(-s), tanh - b, T.MultiplyAdd(-tanh, tanh, T.One));
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T GradientB<T>(T a, T b, T gradient) where T : struct, ILane<T>
    {
        T s = a + b;
        return gradient * T.Sigmoid(-s) * T.MultiplyAdd(T.Sigmoid(s), T.Tanh(a) - b, T.One);
    }
}

/// <summary>An input and the state that it is to be mixed with, of shapes that broadcast.</summary>
/// <param name="Input">x.</param>
/// <param name="State">h.</param>
public readonly record struct GatedInput(Tensor Input, Tensor State) : ITensorRecord
{
    /// <inheritdoc/>
    public ITensorRecord VisitTensors(TensorVisitor visitor)
    {
        ArgumentNullException.ThrowIfNull(visitor);
        return this with { Input = visitor.Visit(nameof(Input), Input), State = visitor.Visit(nameof(State), State) };
    }
}

/// <summary>
/// Gated recurrent activation without weights: y = z tanh x + (1 − z) h with z = σ(x + h), between the new tanh x and the state
/// h before. ∂y/∂x = z (1 − tanh² x) + s and ∂y/∂h = 1 − z + s with s = z (1 − z) (tanh x − h).
/// </summary>
/// <remarks>Range: between tanh x and h.</remarks>
public sealed class GatedActivation : Module<GatedInput, Tensor>
{
    /// <summary>Mixes an input with a state.</summary>
    /// <exception cref="ShapeException">The shapes do not broadcast.</exception>
    public Tensor Forward(Tensor input, Tensor state) => Forward(new GatedInput(input, state));

    /// <inheritdoc/>
    protected override Tensor ForwardCore(GatedInput input) => input.Input.Apply(input.State, default(GatedActivationOp));
}
