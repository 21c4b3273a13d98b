using System.Runtime.CompilerServices;
using TinyNet.Autograd;
using TinyNet.Core;

namespace TinyNet.Layers;

/// <summary>y = x σ(x); dy/dx = σ(x) (1 + x (1 − σ(x))).</summary>
public readonly struct SiLUOp : IUnaryOp
{
    /// <inheritdoc/>
    public static Operands DerivativeReads => Operands.Input;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Forward<T>(T x) where T : struct, ILane<T> => x * T.Sigmoid(x);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Derivative<T>(T x, T y) where T : struct, ILane<T>
    {
        T s = T.Sigmoid(x);
        return s * T.MultiplyAdd(Gate.Bounded(x), T.One - s, T.One);
    }
}

/// <summary>y = x σ(β x); dy/dx = σ(β x) (1 + β x (1 − σ(β x))).</summary>
public readonly struct SwishOp(float beta) : IUnaryOp
{
    private readonly float _beta = Require.Finite(beta);

    /// <inheritdoc/>
    public static Operands DerivativeReads => Operands.Input;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Forward<T>(T x) where T : struct, ILane<T> => x * T.Sigmoid(x * T.Const(_beta));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Derivative<T>(T x, T y) where T : struct, ILane<T> => Slope(Gate.Bounded(x * T.Const(_beta)));

    /// <summary>The derivative, of β x.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static T Slope<T>(T scaled) where T : struct, ILane<T>
    {
        T s = T.Sigmoid(scaled);
        return s * T.MultiplyAdd(scaled, T.One - s, T.One);
    }
}

/// <summary>y = a σ(b a); ∂y/∂a = σ (1 + b a (1 − σ)), ∂y/∂b = a² σ (1 − σ).</summary>
internal readonly struct SwishOfBetaOp : IBinaryOp
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Forward<T>(T a, T b) where T : struct, ILane<T> => Passed(a, T.Sigmoid(a * b));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T GradientA<T>(T a, T b, T gradient) where T : struct, ILane<T> => gradient * SwishOp.Slope(Gate.Bounded(a * b));

    // The square of a may overflow where the slope makes it small again.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T GradientB<T>(T a, T b, T gradient) where T : struct, ILane<T>
    {
        T slope = SigmoidOp.Slope(a * b);
        return Passed(a, gradient * Passed(a, slope));
    }

    /// <summary>a · gate, where the gate may close to either side: 0 there, be a ever so large.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T Passed<T>(T a, T gate) where T : struct, ILane<T> => T.Select(T.Equal(gate, T.Zero), T.Zero, a * gate);
}

/// <summary>Sigmoid linear unit, Swish with β = 1: <inheritdoc cref="SiLUOp" path="/summary/node()"/></summary>
/// <remarks>
/// Range: y ≥ −0.278465.
/// Paper: S. Elfwing, E. Uchibe, K. Doya, "Sigmoid-weighted linear units for neural network function approximation in reinforcement
/// learning", 2017, arXiv:1702.03118.
/// </remarks>
public sealed class SiLU : Elementwise<SiLUOp>;

/// <summary>Swish: <inheritdoc cref="SwishOp" path="/summary/node()"/></summary>
/// <remarks>
/// Range: y ≥ −0.278465 / β for positive β.
/// Paper: P. Ramachandran, B. Zoph, Q. V. Le, "Searching for activation functions", 2017, arXiv:1710.05941.
/// </remarks>
/// <param name="beta">β; 1 by default.</param>
/// <exception cref="ArgumentOutOfRangeException">β is not finite.</exception>
public sealed class Swish(float beta = 1) : Elementwise<SwishOp>(new(beta))
{
    private readonly float _beta = beta;

    /// <inheritdoc/>
    public override string Describe() => FormattableString.Invariant($"Swish({_beta})");
}

/// <summary>
/// Swish with learned α and β: y = α x σ(β x); dy/dx = α (s + β x s (1 − s)), ∂y/∂α = x s, ∂y/∂β = α x² s (1 − s) with
/// s = σ(β x). One α and β for all; <see cref="PerFeature"/> has one for each feature, which is the last axis.
/// </summary>
/// <remarks>
/// Range: y ≥ −0.278465 α / β for positive α and β.
/// Paper: P. Ramachandran, B. Zoph, Q. V. Le, "Searching for activation functions", 2017, arXiv:1710.05941, where β is learned.
/// </remarks>
public sealed class TrainableSwish : Module<Tensor, Tensor>, IFeatureLayer
{
    private readonly int? _features;

    /// <summary>One α and one β for all elements.</summary>
    /// <param name="alpha">What α starts with; 0.5 by default.</param>
    /// <param name="beta">What β starts with; 1 by default.</param>
    public TrainableSwish(float alpha = 0.5f, float beta = 1) : this(null, Tensor.From([alpha]), Tensor.From([beta]))
    {
    }

    private TrainableSwish(int? features, Tensor alpha, Tensor beta) =>
        (_features, Alpha, Beta) = (features, AddParameter("alpha", alpha), AddParameter("beta", beta));

    /// <summary>α, of shape [1] or [features].</summary>
    public Parameter Alpha { get; }

    /// <summary>β, of shape [1] or [features].</summary>
    public Parameter Beta { get; }

    int? IFeatureLayer.InputFeatures => _features;

    int? IFeatureLayer.OutputFeatures => _features;

    /// <summary>An α and a β for each feature.</summary>
    /// <param name="features">The size of the last axis.</param>
    /// <param name="alpha">What each α starts with; 0.2 by default.</param>
    /// <param name="beta">What each β starts with; 1 by default.</param>
    /// <exception cref="ArgumentOutOfRangeException">The number of features is not positive.</exception>
    public static TrainableSwish PerFeature(int features, float alpha = 0.2f, float beta = 1)
    {
        Require.Positive(features);
        return new TrainableSwish(features, Tensor.Full([features], alpha), Tensor.Full([features], beta));
    }

    /// <inheritdoc/>
    public override string Describe() => _features is { } features ? $"TrainableSwish.PerFeature({features})" : "TrainableSwish()";

    internal static Tensor Compute(Tensor x, Tensor alpha, Tensor beta) => alpha * x.Apply(beta, default(SwishOfBetaOp));

    /// <inheritdoc/>
    protected override Tensor ForwardCore(Tensor input)
    {
        if (_features is { } features && (input.Rank == 0 || input.Shape[-1] != features))
        {
            throw new ShapeException(
                "TrainableSwish",
                $"a tensor of shape {input.Shape} for {features} features",
                "make the last axis as long as there are features");
        }

        return Compute(input, Alpha, Beta);
    }
}
