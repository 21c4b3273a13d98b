using System.Runtime.CompilerServices;
using TinyNet.Autograd;
using TinyNet.Core;

namespace TinyNet.Layers;

/// <summary>y = ln(1 + e^(β x)) / β, or x where β x exceeds a threshold; dy/dx = σ(β x), or 1 there. β is positive.</summary>
public readonly struct SoftplusOp(float beta, float threshold) : IUnaryOp
{
    private readonly float _beta = Require.Positive(beta), _inverse = 1 / beta;

    // Beyond 100 the value is x in double precision too, and β x may overflow.
    private readonly float _threshold = Math.Min(Require.AtLeast(float.NegativeInfinity, threshold), 100);

    /// <inheritdoc/>
    public static Operands DerivativeReads => Operands.Input;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Forward<T>(T x) where T : struct, ILane<T>
    {
        T scaled = x * T.Const(_beta);
        return T.Select(scaled > T.Const(_threshold), x, T.Softplus(scaled) * T.Const(_inverse));
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Derivative<T>(T x, T y) where T : struct, ILane<T>
    {
        T scaled = x * T.Const(_beta);
        return T.Select(scaled > T.Const(_threshold), T.One, T.Sigmoid(scaled));
    }
}

/// <summary>y = ln σ(x) = −ln(1 + e^−x); dy/dx = σ(−x) = 1 − e^y.</summary>
public readonly struct LogSigmoidOp : IUnaryOp
{
    /// <inheritdoc/>
    public static Operands DerivativeReads => Operands.Output;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Forward<T>(T x) where T : struct, ILane<T> => -T.Softplus(-x);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Derivative<T>(T x, T y) where T : struct, ILane<T> => -T.Expm1(y);
}

/// <summary>y = b a² for a &gt; 0, else 0; ∂y/∂a = 2 b a and ∂y/∂b = a² for a &gt; 0, else 0.</summary>
/// <remarks>The square itself is not computed: it may be beyond the range of floats where its product with b is not.</remarks>
public readonly struct SquareOfPositiveOp : IBinaryOp
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Forward<T>(T a, T b) where T : struct, ILane<T> => b * T.Max(a, T.Zero) * T.Max(a, T.Zero);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T GradientA<T>(T a, T b, T gradient) where T : struct, ILane<T> =>
        T.Const(2) * Factors.Product(gradient, b, T.Max(a, T.Zero));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T GradientB<T>(T a, T b, T gradient) where T : struct, ILane<T> => gradient * T.Max(a, T.Zero) * T.Max(a, T.Zero);
}

/// <summary>y = ln(1 + e^x) for x ≤ 0, else 0; dy/dx = σ(x) for x ≤ 0, else 0.</summary>
public readonly struct SoftplusOfNegativeOp : IUnaryOp
{
    /// <inheritdoc/>
    public static Operands DerivativeReads => Operands.Input;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Forward<T>(T x) where T : struct, ILane<T> => T.Select(x > T.Zero, T.Zero, T.Softplus(x));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Derivative<T>(T x, T y) where T : struct, ILane<T> => T.Select(x > T.Zero, T.Zero, T.Sigmoid(x));
}

/// <summary>Softplus, a smooth rectifier: <inheritdoc cref="SoftplusOp" path="/summary/node()"/></summary>
/// <remarks>
/// Range: y &gt; 0.
/// Paper: C. Dugas et al., "Incorporating second-order functional knowledge for better option pricing", NIPS 2000.
/// </remarks>
/// <param name="beta">β; 1 by default.</param>
/// <param name="threshold">The β x beyond which y = x; 20 by default.</param>
/// <exception cref="ArgumentOutOfRangeException">β is not positive, or the threshold is nan.</exception>
public sealed class Softplus(float beta = 1, float threshold = 20) : Elementwise<SoftplusOp>(new(beta, threshold))
{
    private readonly float _beta = beta, _threshold = threshold;

    /// <inheritdoc/>
    public override string Describe() => FormattableString.Invariant($"Softplus({_beta}, threshold {_threshold})");
}

/// <summary>Logarithm of the logistic function: <inheritdoc cref="LogSigmoidOp" path="/summary/node()"/></summary>
/// <remarks>Range: y &lt; 0. Paper: none, elementary.</remarks>
public sealed class LogSigmoid : Elementwise<LogSigmoidOp>;

/// <summary>
/// A square above and softplus below 0, with learned α and β: y = α x² for x &gt; 0, else β ln(1 + e^x); dy/dx = 2 α x for
/// x &gt; 0, else β σ(x).
/// </summary>
/// <remarks>Range: y &gt; 0 for positive α and β. At 0 it jumps from β ln 2 down to 0. Paper: none, elementary.</remarks>
public sealed class SquareSoftplus : Module<Tensor, Tensor>, IFeatureLayer
{
    /// <summary>Makes the layer.</summary>
    /// <param name="alpha">What α starts with; 0.5 by default.</param>
    /// <param name="beta">What β starts with; 1 by default.</param>
    public SquareSoftplus(float alpha = 0.5f, float beta = 1) => (Alpha, Beta) = (AddParameter("alpha", alpha), AddParameter("beta", beta));

    /// <summary>α, of shape [1].</summary>
    public Parameter Alpha { get; }

    /// <summary>β, of shape [1].</summary>
    public Parameter Beta { get; }

    internal static Tensor Compute(Tensor x, Tensor alpha, Tensor beta) =>
        x.Apply(alpha, default(SquareOfPositiveOp)) + beta * x.Apply(default(SoftplusOfNegativeOp));

    /// <inheritdoc/>
    protected override Tensor ForwardCore(Tensor input) => Compute(input, Alpha, Beta);
}
