using System.Runtime.CompilerServices;
using TinyNet.Autograd;
using TinyNet.Core;

namespace TinyNet.Layers;

/// <summary>
/// −(t ln x + (1 − t) ln(1 − x)) for probabilities x and targets t of one shape, each logarithm at least −100; times a weight. The
/// mean divides by the number of elements, also with weights. Where there are logits, <see cref="BinaryCrossEntropyWithLogits"/> is
/// more accurate.
/// </summary>
/// <remarks>
/// A prediction outside of [0, 1] is no probability and is refused by an <see cref="ArgumentException"/>; every call looks for one.
/// </remarks>
/// <param name="weight">What the losses are multiplied by, broadcast to them; null for 1.</param>
/// <param name="reduction">What becomes of the elements' losses.</param>
public sealed class BinaryCrossEntropy(Tensor? weight = null, Reduction reduction = Reduction.Mean) : ElementLoss(reduction)
{
    private Tensor? _weight = weight;

    /// <summary>The kind and the settings, in one line.</summary>
    public override string ToString() => Text(("weight", _weight?.Shape));

    /// <inheritdoc/>
    protected override Tensor Each(Tensor prediction, Tensor target)
    {
        EnsureEach(
            prediction,
            new OutsideMap(0, 1),
            "a prediction",
            "predictions are probabilities, those of Sigmoid say; BinaryCrossEntropyWithLogits takes what comes before it");
        var losses = new ClampedCrossEntropy().Apply(prediction, target);
        if (MoveTo(prediction.Device, ref _weight) is { } weight)
        {
            EnsureFits(weight, prediction, "a weight");
            losses = weight.Apply(losses, default(ShareOp));
        }

        return losses;
    }

    /// <summary>
    /// The gradient for probabilities is (x − t) / max(x (1 − x), 1e-12), as in PyTorch: finite, also where a logarithm is clamped.
    /// </summary>
    private sealed class ClampedCrossEntropy : CustomFunction
    {
        protected override Tensor Forward(FunctionContext context)
        {
            Tensor x = context.Input(0), target = context.Input(1);
            return -(target * LogOf(x) + (1f - target) * LogOfRest(x));
        }

        protected override void Backward(FunctionContext context, Tensor gradient)
        {
            Tensor x = context.Input(0), target = context.Input(1);
            context.AddGradient(0, gradient * (x - target) / (x * (1f - x)).Clamp(low: 1e-12f));
            context.AddGradient(1, gradient * (LogOfRest(x) - LogOf(x)));
        }

        private static Tensor LogOf(Tensor x) => x.Log().Clamp(low: -100);

        private static Tensor LogOfRest(Tensor x) => (-x).Log1p().Clamp(low: -100);
    }
}

/// <summary>
/// The binary cross-entropy of σ(x), computed from logits x without overflow: q t ln(1 + e^−x) + (1 − t) ln(1 + e^x) with the
/// weight q of positive targets, so that both classes keep their digits where the loss is small; times a weight. The mean divides by
/// the number of elements, also with weights.
/// </summary>
/// <param name="positiveWeight">What the loss of positive targets is multiplied by, broadcast, one for each class say; null for 1.</param>
/// <param name="weight">What the losses are multiplied by, broadcast to them; null for 1.</param>
/// <param name="reduction">What becomes of the elements' losses.</param>
public sealed class BinaryCrossEntropyWithLogits(
    Tensor? positiveWeight = null, Tensor? weight = null, Reduction reduction = Reduction.Mean)
    : ElementLoss(reduction)
{
    private Tensor? _positiveWeight = positiveWeight, _weight = weight;

    /// <summary>The kind and the settings, in one line.</summary>
    public override string ToString() => Text(("positive weight", _positiveWeight?.Shape), ("weight", _weight?.Shape));

    /// <inheritdoc/>
    protected override Tensor Each(Tensor prediction, Tensor target)
    {
        var losses = MoveTo(prediction.Device, ref _positiveWeight) is { } positive
            ? Weighted(prediction, target, positive)
            : prediction.Apply(target, default(LogitsCrossEntropyOp));
        if (MoveTo(prediction.Device, ref _weight) is { } weight)
        {
            EnsureFits(weight, prediction, "a weight");
            losses = weight.Apply(losses, default(ShareOp));
        }

        return losses;
    }

    private Tensor Weighted(Tensor prediction, Tensor target, Tensor positiveWeight)
    {
        EnsureFits(positiveWeight, prediction, "a weight of positive targets");
        Tensor ofPositives = prediction.Apply(Scalar(prediction, 1), default(LogitsCrossEntropyOp));
        Tensor ofNegatives = prediction.Apply(Scalar(prediction, 0), default(LogitsCrossEntropyOp));
        return positiveWeight.Apply(target.Apply(ofPositives, default(ShareOp)), default(ShareOp))
            + (1f - target).Apply(ofNegatives, default(ShareOp));
    }
}

/// <summary>
/// The binary cross-entropy of a logit a and a target b: y = b ln(1 + e^−a) + (1 − b) ln(1 + e^a), in which a share of 0 takes no part even
/// of an infinite loss; ∂y/∂a = (1 − b) σ(a) − b σ(−a), ∂y/∂b = −a, 0 where y leaves out an infinite loss.
/// </summary>
internal readonly struct LogitsCrossEntropyOp : IBinaryOp
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Forward<T>(T a, T b) where T : struct, ILane<T>
    {
        // ln(1 + e^a) = max(a, 0) + ln(1 + e^−|a|)
        T rest = T.One - b, common = T.Softplus(-T.Abs(a));
        return T.Select(T.Equal(b, T.Zero), T.Zero, b * (T.Max(-a, T.Zero) + common))
            + T.Select(T.Equal(rest, T.Zero), T.Zero, rest * (T.Max(a, T.Zero) + common));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T GradientA<T>(T a, T b, T gradient) where T : struct, ILane<T>
    {
        T e = T.Exp(-T.Abs(a)), large = T.One / (T.One + e), small = e * large, isNegative = a < T.Zero;
        return gradient * ((T.One - b) * T.Select(isNegative, small, large) - b * T.Select(isNegative, large, small));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T GradientB<T>(T a, T b, T gradient) where T : struct, ILane<T>
    {
        T leavesOut = (T.Equal(a, T.Const(float.PositiveInfinity)) & T.Equal(b, T.One))
            | (T.Equal(a, T.Const(float.NegativeInfinity)) & T.Equal(b, T.Zero));
        return T.Select(leavesOut, T.Zero, -gradient * a);
    }
}
