using TinyNet.Autograd;
using TinyNet.Core;

namespace TinyNet.Layers;

/// <summary>(x − t)² for predictions x and targets t of one shape; a mean of squares also where one of those is no float.</summary>
public sealed class MeanSquaredError(Reduction reduction = Reduction.Mean) : ElementLoss(reduction)
{
    /// <inheritdoc/>
    protected override Tensor Each(Tensor prediction, Tensor target) => (prediction - target).Square();

    private protected override Tensor ReduceEach(Tensor prediction, Tensor target) =>
        Reduction is Reduction.Mean or Reduction.BatchMean
            ? OfMean((prediction - target).MeanSquare(), prediction.Shape)
            : base.ReduceEach(prediction, target);
}

/// <summary>|x − t| for predictions x and targets t of one shape; also called L1 loss.</summary>
public sealed class MeanAbsoluteError(Reduction reduction = Reduction.Mean) : ElementLoss(reduction)
{
    /// <inheritdoc/>
    protected override Tensor Each(Tensor prediction, Tensor target) => (prediction - target).Abs();
}

/// <summary>
/// With d = |x − t|: d² / (2 β) where d &lt; β, else d − β / 2; for β = 0 it is d, with gradient 0 at d = 0 (R. Girshick, "Fast
/// R-CNN", ICCV 2015).
/// </summary>
public sealed class SmoothL1 : ElementLoss
{
    private readonly float _beta;

    /// <summary>Makes the loss.</summary>
    /// <param name="beta">Up to where it is a parabola.</param>
    /// <param name="reduction">What becomes of the elements' losses.</param>
    /// <exception cref="ArgumentOutOfRangeException">beta is negative or not finite.</exception>
    public SmoothL1(float beta = 1, Reduction reduction = Reduction.Mean) : base(reduction) => _beta = Require.NotNegative(beta);

    /// <summary>The kind and the settings, in one line.</summary>
    public override string ToString() => Text(("beta", _beta));

    /// <inheritdoc/>
    protected override Tensor Each(Tensor prediction, Tensor target)
    {
        var distance = (prediction - target).Abs();
        if (_beta == 0)
        {
            return distance;
        }

        // Minimum and Maximum pass half of the gradient each at β, and neither multiplies by an infinite distance.
        Tensor part = distance.Minimum(Scalar(distance, _beta)), excess = (distance - _beta).Maximum(Scalar(distance, 0));
        return 0.5f * part * (part / _beta) + excess;
    }
}

/// <summary>
/// With d = |x − t|: d² / 2 where d ≤ δ, else δ (d − δ / 2) (P. J. Huber, "Robust estimation of a location parameter", 1964).
/// </summary>
public sealed class Huber : ElementLoss
{
    private readonly float _delta;

    /// <summary>Makes the loss.</summary>
    /// <param name="delta">Up to where it is a parabola, above 0.</param>
    /// <param name="reduction">What becomes of the elements' losses.</param>
    /// <exception cref="ArgumentOutOfRangeException">delta is not a number above 0.</exception>
    public Huber(float delta = 1, Reduction reduction = Reduction.Mean) : base(reduction)
    {
        _delta = Require.Positive(delta);
    }

    /// <summary>The kind and the settings, in one line.</summary>
    public override string ToString() => Text(("delta", _delta));

    /// <inheritdoc/>
    protected override Tensor Each(Tensor prediction, Tensor target)
    {
        var distance = (prediction - target).Abs();
        // As in SmoothL1.
        Tensor part = distance.Minimum(Scalar(distance, _delta)), excess = (distance - _delta).Maximum(Scalar(distance, 0));
        return 0.5f * part * part + _delta * excess;
    }
}

/// <summary>
/// The negative logarithm of Poisson's distribution: e^x − t x for predictions x of the logarithm of the rate, else
/// x − t ln(x + ε); full adds Stirling's t ln t − t + ½ ln(2 π t) where t &gt; 1.
/// </summary>
public sealed class PoissonNegativeLogLikelihood : ElementLoss
{
    private readonly bool _logInput, _full;
    private readonly float _epsilon;

    /// <summary>Makes the loss.</summary>
    /// <param name="logInput">Whether the logarithm of the rate is predicted.</param>
    /// <param name="full">Whether ln t! is added, approximately.</param>
    /// <param name="epsilon">What keeps the logarithm from 0.</param>
    /// <param name="reduction">What becomes of the elements' losses.</param>
    /// <exception cref="ArgumentOutOfRangeException">epsilon is negative or not finite.</exception>
    public PoissonNegativeLogLikelihood(
        bool logInput = true, bool full = false, float epsilon = 1e-8f, Reduction reduction = Reduction.Mean)
        : base(reduction) =>
        (_logInput, _full, _epsilon) = (logInput, full, Require.NotNegative(epsilon));

    /// <summary>The kind and the settings, in one line.</summary>
    public override string ToString() => Text(("of logarithms", _logInput), ("full", _full), ("epsilon", _logInput ? null : _epsilon));

    /// <inheritdoc/>
    protected override Tensor Each(Tensor prediction, Tensor target)
    {
        // Where t is 0 it takes no part, even of an infinite logarithm.
        var logarithm = _logInput
            ? prediction
            : (prediction + _epsilon).MaskedFill(target.IsEqual(Scalar(target, 0)), 1).Log();
        var losses = (_logInput ? prediction.Exp() : prediction) - target.Apply(logarithm, default(ShareOp));
        return _full ? losses + target.Apply(default(StirlingOp)) : losses;
    }
}

/// <summary>
/// The negative logarithm of a normal distribution whose variance v is predicted, too: ½ (ln max(v, ε) + (x − t)² / max(v, ε)),
/// full adds ½ ln 2π (D. A. Nix, A. S. Weigend, "Estimating the mean and variance of the target probability distribution", 1994).
/// The gradient passes the maximum as if v were returned, so that a variance that is too small can grow again.
/// </summary>
public sealed class GaussianNegativeLogLikelihood : Loss
{
    private readonly bool _full;
    private readonly float _epsilon;

    /// <summary>Makes the loss.</summary>
    /// <param name="full">Whether the constant is added.</param>
    /// <param name="epsilon">What the variance is at least, above 0.</param>
    /// <param name="reduction">What becomes of the elements' losses.</param>
    /// <exception cref="ArgumentOutOfRangeException">epsilon is not a number above 0.</exception>
    public GaussianNegativeLogLikelihood(bool full = false, float epsilon = 1e-6f, Reduction reduction = Reduction.Mean) : base(reduction)
    {
        (_full, _epsilon) = (full, Require.Positive(epsilon));
    }

    /// <summary>The kind and the settings, in one line.</summary>
    public override string ToString() => Text(("full", _full), ("epsilon", _epsilon));

    /// <summary>Computes the loss.</summary>
    /// <param name="prediction">The predicted means.</param>
    /// <param name="target">The targets, of the same shape.</param>
    /// <param name="variance">The predicted variances, of the same shape, or with 1 for the last axis.</param>
    /// <exception cref="ShapeException">The shapes do not belong together, or there is nothing to take the mean of.</exception>
    /// <exception cref="ArgumentException">A variance is negative.</exception>
    public Tensor Forward(Tensor prediction, Tensor target, Tensor variance)
    {
        EnsureSameShape(prediction, target);
        ArgumentNullException.ThrowIfNull(variance);
        if (variance.Shape != prediction.Shape && (prediction.Rank == 0 || variance.Shape != prediction.Shape.With(prediction.Rank - 1, 1)))
        {
            throw new ShapeException(
                Name,
                $"variances of shape {variance.Shape} for predictions of shape {prediction.Shape}",
                "give one for each, or one for each row (last axis 1)");
        }

        EnsureEach(
            variance, new OutsideMap(0, float.PositiveInfinity), "a variance", "predict what is positive, an Exp or a Softplus say");

        var raised = variance.Apply(new RaisedOp(_epsilon));
        var losses = 0.5f * (raised.Log() + (prediction - target).Apply(raised, default(SquareOverOp)));
        return Reduce(_full ? losses + 0.5f * MathF.Log(2 * MathF.PI) : losses);
    }
}
