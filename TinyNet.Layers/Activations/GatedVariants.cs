using System.Runtime.CompilerServices;
using TinyNet.Core;

namespace TinyNet.Layers;

/// <summary>y = a max(b, 0); ∂y/∂a = max(b, 0); ∂y/∂b = a where b &gt; 0, else 0.</summary>
public readonly struct ReGLUOp : IBinaryOp
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Forward<T>(T a, T b) where T : struct, ILane<T> => a * T.Max(b, T.Zero);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T GradientA<T>(T a, T b, T gradient) where T : struct, ILane<T> => gradient * T.Max(b, T.Zero);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T GradientB<T>(T a, T b, T gradient) where T : struct, ILane<T> => T.Select(b > T.Zero, gradient * a, T.Zero);
}

/// <summary>y = a b Φ(b); ∂y/∂a = b Φ(b); ∂y/∂b = a (Φ(b) + b φ(b)), with the normal distribution Φ and its density φ.</summary>
public readonly struct GEGLUOp : IBinaryOp
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Forward<T>(T a, T b) where T : struct, ILane<T> => a * default(GELUOp).Forward(b);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T GradientA<T>(T a, T b, T gradient) where T : struct, ILane<T> => gradient * default(GELUOp).Forward(b);

    /// <inheritdoc/>
    // The derivative does not read the output.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T GradientB<T>(T a, T b, T gradient) where T : struct, ILane<T> => gradient * (a * default(GELUOp).Derivative(b, b));
}

/// <summary>y = a b σ(b); ∂y/∂a = b σ(b); ∂y/∂b = a σ(b) (1 + b (1 − σ(b))).</summary>
public readonly struct SwiGLUOp : IBinaryOp
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Forward<T>(T a, T b) where T : struct, ILane<T> => a * default(SiLUOp).Forward(b);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T GradientA<T>(T a, T b, T gradient) where T : struct, ILane<T> => gradient * default(SiLUOp).Forward(b);

    /// <inheritdoc/>
    // The derivative does not read the output.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T GradientB<T>(T a, T b, T gradient) where T : struct, ILane<T> => gradient * (a * default(SiLUOp).Derivative(b, b));
}

/// <summary>
/// Gated linear unit with the gate of ReLU: the axis is cut in halves a and b, and y = a max(b, 0); ∂y/∂a = max(b, 0), ∂y/∂b = a
/// where b &gt; 0, else 0. The axis of the output is half as long.
/// </summary>
/// <remarks>Range: all numbers. Paper: N. Shazeer, "GLU variants improve transformer", 2020, arXiv:2002.05202.</remarks>
/// <param name="axis">The axis that is cut; the last by default.</param>
public sealed class ReGLU(int axis = -1) : Module<Tensor, Tensor>
{
    /// <inheritdoc/>
    public override string Describe() => $"ReGLU(axis {axis})";

    /// <inheritdoc/>
    protected override Tensor ForwardCore(Tensor input) => input.Reglu(axis);
}

/// <summary>
/// Gated linear unit with the gate of GELU: the axis is cut in halves a and b, and y = a b Φ(b) with Φ(b) = (1 + erf(b/√2)) / 2;
/// ∂y/∂a = b Φ(b), ∂y/∂b = a (Φ(b) + b e^(−b²/2) / √(2π)). The axis of the output is half as long.
/// </summary>
/// <remarks>Range: all numbers. Paper: N. Shazeer, "GLU variants improve transformer", 2020, arXiv:2002.05202.</remarks>
/// <param name="axis">The axis that is cut; the last by default.</param>
public sealed class GEGLU(int axis = -1) : Module<Tensor, Tensor>
{
    /// <inheritdoc/>
    public override string Describe() => $"GEGLU(axis {axis})";

    /// <inheritdoc/>
    protected override Tensor ForwardCore(Tensor input) => input.Geglu(axis);
}

/// <summary>
/// Gated linear unit with the gate of SiLU: the axis is cut in halves a and b, and y = a b σ(b); ∂y/∂a = b σ(b),
/// ∂y/∂b = a σ(b) (1 + b (1 − σ(b))). The axis of the output is half as long.
/// </summary>
/// <remarks>Range: all numbers. Paper: N. Shazeer, "GLU variants improve transformer", 2020, arXiv:2002.05202.</remarks>
/// <param name="axis">The axis that is cut; the last by default.</param>
public sealed class SwiGLU(int axis = -1) : Module<Tensor, Tensor>
{
    /// <inheritdoc/>
    public override string Describe() => $"SwiGLU(axis {axis})";

    /// <inheritdoc/>
    protected override Tensor ForwardCore(Tensor input) => input.Swiglu(axis);
}
