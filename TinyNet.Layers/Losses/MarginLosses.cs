using TinyNet.Autograd;
using TinyNet.Core;

namespace TinyNet.Layers;

/// <summary>For distances x and targets of one shape: x where the target is 1, max(0, margin − x) where it is −1.</summary>
/// <remarks>Other targets, 0 say, are refused by an <see cref="ArgumentException"/>; every call looks for one.</remarks>
public sealed class HingeEmbedding : ElementLoss
{
    private readonly float _margin;

    /// <summary>Makes the loss.</summary>
    /// <param name="margin">From where on pairs that do not belong together cost nothing.</param>
    /// <param name="reduction">What becomes of the elements' losses.</param>
    /// <exception cref="ArgumentOutOfRangeException">The margin is not finite.</exception>
    public HingeEmbedding(float margin = 1, Reduction reduction = Reduction.Mean) : base(reduction) => _margin = Require.Finite(margin);

    /// <summary>The kind and the settings, in one line.</summary>
    public override string ToString() => Text(("margin", _margin));

    /// <inheritdoc/>
    protected override Tensor Each(Tensor prediction, Tensor target)
    {
        EnsureSigns(target);
        return Tensor.Where(target.IsGreater(Scalar(target, 0)), prediction, (_margin - prediction).Clamp(low: 0));
    }
}

/// <summary>max(0, −t (x₁ − x₂) + margin): x₁ is to be larger where t = 1, x₂ where t = −1.</summary>
public sealed class MarginRanking : Loss
{
    private readonly float _margin;

    /// <summary>Makes the loss.</summary>
    /// <param name="margin">By how much one is to be larger.</param>
    /// <param name="reduction">What becomes of the elements' losses.</param>
    /// <exception cref="ArgumentOutOfRangeException">The margin is not finite.</exception>
    public MarginRanking(float margin = 0, Reduction reduction = Reduction.Mean) : base(reduction) => _margin = Require.Finite(margin);

    /// <summary>The kind and the settings, in one line.</summary>
    public override string ToString() => Text(("margin", _margin));

    /// <summary>Computes the loss.</summary>
    /// <exception cref="ShapeException">The shapes differ, or there is nothing to take the mean of.</exception>
    /// <exception cref="ArgumentException">A target is neither 1 nor −1.</exception>
    public Tensor Forward(Tensor first, Tensor second, Tensor target)
    {
        EnsureSameShape(first, second, "others");
        EnsureSameShape(first, target);
        EnsureSigns(target);
        return Reduce((target * (second - first) + _margin).Clamp(low: 0));
    }
}

/// <summary>
/// 1 − cos(x₁, x₂) where the target is 1, max(0, cos(x₁, x₂) − margin) where it is −1, for rows of x₁, x₂ [N, D] and targets [N], with
/// cos(x₁, x₂) = Σ x₁ x₂ / √((Σ x₁² + 1e-12) (Σ x₂² + 1e-12)).
/// </summary>
public sealed class CosineEmbedding : Loss
{
    private readonly float _margin;

    /// <summary>Makes the loss.</summary>
    /// <param name="margin">Up to which cosine pairs that do not belong together cost nothing.</param>
    /// <param name="reduction">What becomes of the samples' losses.</param>
    /// <exception cref="ArgumentOutOfRangeException">The margin is not finite.</exception>
    public CosineEmbedding(float margin = 0, Reduction reduction = Reduction.Mean) : base(reduction) => _margin = Require.Finite(margin);

    /// <summary>The kind and the settings, in one line.</summary>
    public override string ToString() => Text(("margin", _margin));

    /// <summary>Computes the loss.</summary>
    /// <exception cref="ShapeException">The shapes do not belong together, or there is nothing to take the mean of.</exception>
    /// <exception cref="ArgumentException">A target is neither 1 nor −1.</exception>
    public Tensor Forward(Tensor first, Tensor second, Tensor target)
    {
        EnsureSameShape(first, second, "others");
        ArgumentNullException.ThrowIfNull(target);
        if (first.Rank != 2 || target.Rank != 1 || target.Length != first.Shape[0])
        {
            throw new ShapeException(
                Name,
                $"rows of shape {first.Shape} with targets of shape {target.Shape}",
                "give rows [N, D] and targets [N]");
        }

        EnsureSigns(target);
        var cosine = (first / Length(first) * (second / Length(second))).Sum(1);
        return Reduce(Tensor.Where(target.IsGreater(Scalar(target, 0)), 1f - cosine, (cosine - _margin).Clamp(low: 0)));
    }

    /// <summary>√(Σ x² + 1e-12) of each row, as the norm of a row with 1e-6 at its end: no square overflows.</summary>
    private static Tensor Length(Tensor rows) => rows.Pad([0, 1], value: 1e-6f).Norm(2, 1, keepDims: true);
}

/// <summary>
/// max(0, d(a, p) − d(a, n) + margin) for rows of anchor a, positive p and negative n [N, D], with d the p-norm of the difference
/// plus 1e-6; with swap, the smaller of d(a, n) and d(p, n) (V. Balntas et al., "Learning local feature descriptors with triplets and
/// shallow convolutional neural networks", BMVC 2016).
/// </summary>
public sealed class TripletMargin : Loss
{
    private readonly float _margin;
    private readonly double _p;
    private readonly bool _swap;

    /// <summary>Makes the loss.</summary>
    /// <param name="margin">By how much the negative is to be further away than the positive.</param>
    /// <param name="p">The kind of norm, above 0.</param>
    /// <param name="swap">Whether the negative is also to be away from the positive.</param>
    /// <param name="reduction">What becomes of the samples' losses.</param>
    /// <exception cref="ArgumentOutOfRangeException">The margin is not finite, or p not above 0.</exception>
    public TripletMargin(float margin = 1, double p = 2, bool swap = false, Reduction reduction = Reduction.Mean) : base(reduction)
    {
        (_margin, _swap) = (Require.Finite(margin), swap);
        _p = Require.Above(0, p);
    }

    /// <summary>The kind and the settings, in one line.</summary>
    public override string ToString() => Text(("margin", _margin), ("p", _p), ("swap", _swap));

    /// <summary>Computes the loss.</summary>
    /// <exception cref="ShapeException">The shapes differ or are no rows, or there is nothing to take the mean of.</exception>
    public Tensor Forward(Tensor anchor, Tensor positive, Tensor negative)
    {
        EnsureSameShape(anchor, positive, "positives");
        EnsureSameShape(anchor, negative, "negatives");
        if (anchor.Rank != 2)
        {
            throw new ShapeException(Name, $"rows of shape {anchor.Shape}", "give rows [N, D]");
        }

        var far = Distance(anchor, negative);
        if (_swap)
        {
            far = far.Minimum(Distance(positive, negative));
        }

        return Reduce((Distance(anchor, positive) - far + _margin).Clamp(low: 0));
    }

    private Tensor Distance(Tensor a, Tensor b) => (a - b + 1e-6f).Norm(_p, 1);
}
