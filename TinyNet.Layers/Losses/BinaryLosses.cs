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

    /// <inheritdoc/>
    protected override Tensor Each(Tensor prediction, Tensor target)
    {
        EnsureEach(
            prediction,
            new OutsideReduction(0, 1),
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

    /// <inheritdoc/>
    protected override Tensor Each(Tensor prediction, Tensor target)
    {
        var positives = target.Apply((-prediction).Apply(default(LogisticLossOp)), default(ShareOp));
        if (MoveTo(prediction.Device, ref _positiveWeight) is { } positive)
        {
            EnsureFits(positive, prediction, "a weight of positive targets");
            positives = positive.Apply(positives, default(ShareOp));
        }

        var losses = positives + (1f - target).Apply(prediction.Apply(default(LogisticLossOp)), default(ShareOp));
        if (MoveTo(prediction.Device, ref _weight) is { } weight)
        {
            EnsureFits(weight, prediction, "a weight");
            losses = weight.Apply(losses, default(ShareOp));
        }

        return losses;
    }
}

/// <summary>y = ln(1 + e^x), the loss of a logit x whose target is 0; dy/dx = σ(x).</summary>
internal readonly struct LogisticLossOp : IUnaryOp
{
    public static Operands DerivativeReads => Operands.Input;

    public T Forward<T>(T x) where T : struct, ILane<T> => T.Softplus(x);

    public T Derivative<T>(T x, T y) where T : struct, ILane<T> => T.Sigmoid(x);
}
