using System.Runtime.CompilerServices;
using TinyNet.Autograd;
using TinyNet.Core;

namespace TinyNet.Layers;

/// <summary>What becomes of the losses of the single elements or samples.</summary>
public enum Reduction
{
    /// <summary>Their mean.</summary>
    Mean,

    /// <summary>Their sum.</summary>
    Sum,

    /// <summary>They stay as they are.</summary>
    None,

    /// <summary>Their sum over the size of the first axis: the mean of the samples' sums.</summary>
    BatchMean,
}

/// <summary>
/// How far predictions are from what they should be: a number to be made small. A loss of one's own is an
/// <see cref="ElementLoss"/>, a <see cref="ClassLoss"/>, or, with other targets or more inputs, a <see cref="Loss{TTarget}"/> or this
/// with a <c>Forward</c> of its own, which checks shapes and ends in <see cref="Reduce"/>.
/// </summary>
public abstract class Loss
{
    /// <summary>Makes the loss.</summary>
    /// <param name="reduction">What becomes of the losses of the single elements or samples.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such reduction.</exception>
    protected Loss(Reduction reduction = Reduction.Mean) => Reduction = Require.Defined(reduction);

    /// <summary>What becomes of the losses of the single elements or samples.</summary>
    public Reduction Reduction { get; }

    /// <summary>The name, for messages.</summary>
    private protected string Name => GetType().Name;

    /// <summary>The kind and the settings, in one line.</summary>
    public override string ToString() => Text();

    /// <summary>Makes of the losses of the single elements or samples what <see cref="Reduction"/> says.</summary>
    /// <exception cref="ShapeException">There is nothing to take the mean of.</exception>
    protected Tensor Reduce(Tensor losses)
    {
        ArgumentNullException.ThrowIfNull(losses);
        return Reduction switch
        {
            Reduction.None => losses,
            Reduction.Sum => losses.Sum(),
            _ => OfMean(NotEmpty(losses).Mean(), losses.Shape),
        };
    }

    /// <summary>Makes of a mean of losses what <see cref="Reduction"/> says: their sum might overflow where that does not.</summary>
    private protected Tensor OfMean(Tensor mean, in Shape shape) =>
        Reduction == Reduction.BatchMean && shape.Rank > 0 ? mean * (shape.Length / shape[0]) : mean;

    /// <summary>
    /// Refuses shapes that differ: broadcasting [N] against [N, 1] would silently compare everything with everything. Refuses also
    /// what the reduction cannot take: the mean of nothing.
    /// </summary>
    /// <param name="prediction">The predictions.</param>
    /// <param name="target">What they are compared with.</param>
    /// <param name="what">What that is, for the message.</param>
    /// <exception cref="ShapeException">The shapes differ, or there is nothing to take the mean of.</exception>
    protected void EnsureSameShape(Tensor prediction, Tensor target, string what = "targets")
    {
        ArgumentNullException.ThrowIfNull(prediction);
        ArgumentNullException.ThrowIfNull(target);
        if (prediction.Shape != target.Shape)
        {
            bool mayBeClasses = prediction.Rank > 1 && prediction.Shape[1] > 1
                && prediction.Length == (long)target.Length * prediction.Shape[1];
            throw new ShapeException(
                Name,
                $"predictions of shape {prediction.Shape} with {what} of shape {target.Shape}",
                !mayBeClasses
                    ? "a loss does not broadcast: Reshape or Unsqueeze one of them"
                    : this is ClassLoss
                        ? "give a probability for each class, or the classes themselves, one a sample, as an IndexTensor"
                        : "give a number for each class; classes themselves, one a sample, go into an IndexTensor, for CrossEntropy say");
        }

        EnsureReducible(prediction);
    }

    /// <summary>Refuses weights that would make the result larger than the predictions.</summary>
    private protected void EnsureFits(Tensor weight, Tensor prediction, string what)
    {
        if (weight.Rank > prediction.Rank || Shape.Broadcast(weight.Shape, prediction.Shape, Name) != prediction.Shape)
        {
            throw new ShapeException(
                Name,
                $"{what} of shape {weight.Shape} for predictions of shape {prediction.Shape}",
                "it must broadcast to the predictions, not the other way round");
        }
    }

    /// <summary>Refuses targets other than 1 and −1.</summary>
    private protected void EnsureSigns(Tensor target) =>
        EnsureEach(target, new UnsignedMap(), "a target", "targets are 1 and -1: make 2 t - 1 of targets t of 0 and 1");

    /// <summary>Refuses an operand with an element at fault.</summary>
    /// <param name="values">The operand.</param>
    /// <param name="fault">1 where an element is at fault, else 0.</param>
    /// <param name="what">What an element is, for the message.</param>
    /// <param name="remedy">What to give instead.</param>
    /// <param name="name">The operand's parameter.</param>
    /// <exception cref="ArgumentException">An element is at fault.</exception>
    private protected void EnsureEach<TFault>(
        Tensor values, TFault fault, string what, string remedy, [CallerArgumentExpression(nameof(values))] string name = "")
        where TFault : struct, IPredicateMap
    {
        if (ElementFault.In(Name, values, fault) is { } found)
        {
            throw new ArgumentException($"{Name}: {what} of {found} (shape {values.Shape}); {remedy}", name);
        }
    }

    private protected void EnsureReducible(Tensor prediction)
    {
        if (prediction.Length == 0 && Reduction is Reduction.Mean or Reduction.BatchMean)
        {
            NotEmpty(prediction);
        }
    }

    /// <summary>Moves a fixed tensor, if there is one, to the device of the predictions, and returns it.</summary>
    private protected static Tensor? MoveTo(Device device, ref Tensor? tensor)
    {
        if (tensor is not null && tensor.Device != device)
        {
            tensor = tensor.Keep(device);
        }

        return tensor;
    }

    /// <summary>The name with settings and, where that is not the mean, the reduction.</summary>
    private protected string Text(params ReadOnlySpan<(string Name, object? Value)> settings) =>
        SettingsText.Of(Name, [.. settings, ("", Reduction == Reduction.Mean ? null : Reduction)]);

    private protected static Tensor Scalar(Tensor like, float value) => Tensor.FromScalar(value, like.Device);

    private Tensor NotEmpty(Tensor losses) => losses.Length == 0
        ? throw new ShapeException(Name, $"predictions of shape {losses.Shape}", "the mean of nothing does not exist; skip empty batches")
        : losses;
}

/// <summary>A loss of predictions against targets.</summary>
/// <typeparam name="TTarget">
/// What predictions are compared with: classes (<see cref="IndexTensor"/>) or numbers (<see cref="Tensor"/>).
/// </typeparam>
/// <param name="reduction">What becomes of the losses of the single elements or samples.</param>
public abstract class Loss<TTarget>(Reduction reduction = Reduction.Mean) : Loss(reduction)
{
    /// <summary>Computes the loss.</summary>
    /// <exception cref="ShapeException">Prediction and target do not belong together, or there is nothing to take the mean of.</exception>
    public abstract Tensor Forward(Tensor prediction, TTarget target);

    /// <summary>
    /// What the mean of these losses divides by, so that means of batches, each times its weight, add up to the mean over all of them:
    /// the number of samples, unless a loss says otherwise.
    /// </summary>
    /// <param name="prediction">The predictions.</param>
    /// <param name="target">What they are compared with.</param>
    public virtual double MeanWeight(Tensor prediction, TTarget target)
    {
        ArgumentNullException.ThrowIfNull(prediction);
        return prediction.Rank == 0 ? 1 : prediction.Shape[0];
    }
}

/// <summary>A loss of predictions against numbers of the same shape.</summary>
/// <param name="reduction">What becomes of the elements' losses.</param>
/// <example>
/// The logarithm of the hyperbolic cosine of the difference, which is |d| − ln 2 + ln(1 + e^(−2|d|)):
/// <code>
/// public sealed class LogCosh(Reduction reduction = Reduction.Mean) : ElementLoss(reduction)
/// {
///     protected override Tensor Each(Tensor prediction, Tensor target)
///     {
///         var distance = (prediction - target).Abs();
///         return distance - MathF.Log(2) + (-2f * distance).Exp().Log1p();
///     }
/// }
/// </code>
/// </example>
public abstract class ElementLoss(Reduction reduction = Reduction.Mean) : Loss<Tensor>(reduction)
{
    /// <inheritdoc/>
    public sealed override Tensor Forward(Tensor prediction, Tensor target)
    {
        EnsureSameShape(prediction, target);
        return ReduceEach(prediction, target);
    }

    /// <summary>The number of elements; of <see cref="Reduction.BatchMean"/> that of samples.</summary>
    /// <param name="prediction">The predictions.</param>
    /// <param name="target">What they are compared with.</param>
    public sealed override double MeanWeight(Tensor prediction, Tensor target)
    {
        ArgumentNullException.ThrowIfNull(prediction);
        return Reduction == Reduction.BatchMean ? base.MeanWeight(prediction, target) : prediction.Length;
    }

    /// <summary>Reduces the losses of the elements; at once, where one may be no float though their mean is.</summary>
    private protected virtual Tensor ReduceEach(Tensor prediction, Tensor target) => Reduce(Each(prediction, target));

    /// <summary>The loss of each element. Shapes are equal here, and the reduction comes after.</summary>
    protected abstract Tensor Each(Tensor prediction, Tensor target);
}
