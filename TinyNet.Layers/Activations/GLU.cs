using System.Runtime.CompilerServices;
using TinyNet.Autograd;
using TinyNet.Core;

namespace TinyNet.Layers;

/// <summary>y = a σ(b); ∂y/∂a = σ(b); ∂y/∂b = a σ(b) (1 − σ(b)).</summary>
public readonly struct GLUOp : IBinaryOp
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Forward<T>(T a, T b) where T : struct, ILane<T> => a * T.Sigmoid(b);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T GradientA<T>(T a, T b, T gradient) where T : struct, ILane<T> => gradient * T.Sigmoid(b);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T GradientB<T>(T a, T b, T gradient) where T : struct, ILane<T> => gradient * (a * SigmoidOp.Slope(b));
}

/// <summary>y = G b with G = e^(−z²/2) and z = (a − μ) / s; ∂y/∂a = −z G b / s; ∂y/∂b = G.</summary>
public readonly struct GaussianGLUOp(float mean, float deviation) : IBinaryOp
{
    // From here on the gate is 0, in double precision too; z may overflow.
    private const float Shut = 1000;

    private readonly float _mean = Require.Finite(mean), _deviation = Require.Positive(deviation);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Forward<T>(T a, T b) where T : struct, ILane<T> => Gauss(Z(a)) * b;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T GradientA<T>(T a, T b, T gradient) where T : struct, ILane<T>
    {
        T z = Z(a);
        return -gradient * (b * (Gauss(z) * z / T.Const(_deviation)));
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T GradientB<T>(T a, T b, T gradient) where T : struct, ILane<T> => gradient * Gauss(Z(a));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T Gauss<T>(T z) where T : struct, ILane<T> => T.Exp(z * z * T.Const(-0.5));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private T Z<T>(T a) where T : struct, ILane<T> =>
        T.AtMost(T.AtLeast((a - T.Const(_mean)) / T.Const(_deviation), T.Const(-Shut)), T.Const(Shut));
}

/// <summary>
/// Gated linear unit: the axis is cut in halves a and b, and y = a σ(b); ∂y/∂a = σ(b), ∂y/∂b = a σ(b) (1 − σ(b)). The axis of
/// the output is half as long.
/// </summary>
/// <remarks>
/// Range: all numbers.
/// Paper: Y. N. Dauphin, A. Fan, M. Auli, D. Grangier, "Language modeling with gated convolutional networks", 2016,
/// arXiv:1612.08083.
/// </remarks>
/// <param name="axis">The axis that is cut; the last by default.</param>
public sealed class GLU(int axis = -1) : Module<Tensor, Tensor>
{
    /// <inheritdoc/>
    public override string Describe() => $"GLU(axis {axis})";

    /// <summary>An operation of the halves of an axis.</summary>
    internal static Tensor Gated<TOp>(Tensor x, int axis, string name, TOp op) where TOp : struct, IBinaryOp
    {
        Operation.Check(name, x);
        int at = x.Shape.Axis(axis, name), size = x.Rank == 0 ? 1 : x.Shape[at];
        if (size % 2 != 0)
        {
            throw new ShapeException(name, $"an axis of odd length {size} in shape {x.Shape}", "make the axis that is cut in halves even");
        }

        return x.Slice(at, 0, size / 2).Apply(x.Slice(at, size / 2, size), op);
    }

    /// <inheritdoc/>
    protected override Tensor ForwardCore(Tensor input) => input.Glu(axis);
}

/// <summary>
/// Gated linear unit with a Gaussian gate: the axis is cut in halves a and b, and y = e^(−z²/2) b with z = (a − μ) / s;
/// ∂y/∂a = −z y / s, ∂y/∂b = e^(−z²/2). The axis of the output is half as long.
/// </summary>
/// <remarks>Range: all numbers. Paper: none, a variant of <see cref="GLU"/>.</remarks>
public sealed class GaussianGLU : Module<Tensor, Tensor>
{
    private readonly GaussianGLUOp _op;
    private readonly int _axis;
    private readonly string _name;

    /// <summary>Makes the layer.</summary>
    /// <param name="mean">μ, where the gate is open; 0 by default.</param>
    /// <param name="deviation">s, the width of the gate; 1 by default.</param>
    /// <param name="axis">The axis that is cut; the last by default.</param>
    /// <exception cref="ArgumentOutOfRangeException">The deviation is not positive.</exception>
    public GaussianGLU(float mean = 0, float deviation = 1, int axis = -1)
    {
        _op = new GaussianGLUOp(mean, deviation);
        _axis = axis;
        _name = FormattableString.Invariant($"GaussianGLU({mean}, {deviation}, axis {axis})");
    }

    /// <inheritdoc/>
    public override string Describe() => _name;

    /// <inheritdoc/>
    protected override Tensor ForwardCore(Tensor input) => GLU.Gated(input, _axis, "GaussianGLU", _op);
}
