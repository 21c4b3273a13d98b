using TinyNet.Core;

namespace TinyNet.Layers;

/// <summary>How far predictions are from targets: a scalar to be made small.</summary>
/// <typeparam name="TTarget">What predictions are compared with: classes (<see cref="IndexTensor"/>) or numbers (<see cref="Tensor"/>).</typeparam>
public abstract class Loss<TTarget>
{
    /// <summary>Computes the loss.</summary>
    /// <exception cref="ShapeException">Prediction and target do not belong together.</exception>
    public abstract Tensor Forward(Tensor prediction, TTarget target);

    /// <summary>Refuses shapes that differ: broadcasting [N] against [N, 1] would silently compare everything with everything.</summary>
    private protected static void EnsureSameShape(string loss, Tensor prediction, Tensor target)
    {
        ArgumentNullException.ThrowIfNull(prediction);
        ArgumentNullException.ThrowIfNull(target);
        if (prediction.Shape != target.Shape)
        {
            throw new ShapeException(loss, $"predictions of shape {prediction.Shape} with targets of shape {target.Shape}", "a loss does not broadcast: Reshape or Unsqueeze one of them");
        }

        if (prediction.Length == 0)
        {
            throw new ShapeException(loss, $"predictions of shape {prediction.Shape}", "the mean of nothing does not exist; skip empty batches");
        }
    }
}
