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

/// <summary>How far predictions are from what they should be: a number to be made small.</summary>
public abstract class Loss
{
    private protected Loss(Reduction reduction) => Reduction = Enum.IsDefined(reduction)
        ? reduction
        : throw new ArgumentOutOfRangeException(nameof(reduction), reduction, "there is no such reduction");

    /// <summary>What becomes of the losses of the single elements or samples.</summary>
    public Reduction Reduction { get; }

    /// <summary>The name, for messages.</summary>
    private protected string Name => GetType().Name;

    private protected Tensor Reduce(Tensor losses) => Reduction switch
    {
        Reduction.None => losses,
        Reduction.Sum => losses.Sum(),
        Reduction.BatchMean when losses.Rank > 0 => losses.Sum() / NotEmpty(losses).Shape[0],
        _ => NotEmpty(losses).Mean(),
    };

    /// <summary>Refuses shapes that differ: broadcasting [N] against [N, 1] would silently compare everything with everything.</summary>
    private protected void EnsureSameShape(Tensor prediction, Tensor target, string what = "targets")
    {
        ArgumentNullException.ThrowIfNull(prediction);
        ArgumentNullException.ThrowIfNull(target);
        if (prediction.Shape != target.Shape)
        {
            throw new ShapeException(Name, $"predictions of shape {prediction.Shape} with {what} of shape {target.Shape}", "a loss does not broadcast: Reshape or Unsqueeze one of them");
        }

        EnsureReducible(prediction);
    }

    /// <summary>Refuses weights that would make the result larger than the predictions.</summary>
    private protected void EnsureFits(Tensor weight, Tensor prediction, string what)
    {
        if (weight.Rank > prediction.Rank || Shape.Broadcast(weight.Shape, prediction.Shape, Name) != prediction.Shape)
        {
            throw new ShapeException(Name, $"{what} of shape {weight.Shape} for predictions of shape {prediction.Shape}", "it must broadcast to the predictions, not the other way round");
        }
    }

    private protected void EnsureReducible(Tensor prediction)
    {
        if (prediction.Length == 0 && Reduction is Reduction.Mean or Reduction.BatchMean)
        {
            NotEmpty(prediction);
        }
    }

    /// <summary>A fixed tensor on the device of the predictions.</summary>
    private protected static Tensor? On(ref Tensor? tensor, Tensor prediction)
    {
        if (tensor is not null && tensor.Device != prediction.Device)
        {
            tensor = tensor.Keep(prediction.Device);
        }

        return tensor;
    }

    private protected static float NotNegative(float value, string name) =>
        value >= 0 && float.IsFinite(value) ? value : throw new ArgumentOutOfRangeException(name, value, "must be a number of 0 or more");

    private protected static float Finite(float value, string name) =>
        float.IsFinite(value) ? value : throw new ArgumentOutOfRangeException(name, value, "must be a number");

    private protected static Tensor Scalar(Tensor like, float value) => Tensor.FromScalar(value, like.Device);

    private Tensor NotEmpty(Tensor losses) => losses.Length == 0
        ? throw new ShapeException(Name, $"predictions of shape {losses.Shape}", "the mean of nothing does not exist; skip empty batches")
        : losses;
}

/// <summary>A loss of predictions against targets.</summary>
/// <typeparam name="TTarget">What predictions are compared with: classes (<see cref="IndexTensor"/>) or numbers (<see cref="Tensor"/>).</typeparam>
public abstract class Loss<TTarget> : Loss
{
    private protected Loss(Reduction reduction) : base(reduction)
    {
    }

    /// <summary>Computes the loss.</summary>
    /// <exception cref="ShapeException">Prediction and target do not belong together, or there is nothing to take the mean of.</exception>
    public abstract Tensor Forward(Tensor prediction, TTarget target);
}
