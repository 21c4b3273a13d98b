namespace TinyNet.Training;

/// <summary>A training whose loss is no finite number any more. The weights are those before the batch.</summary>
public sealed class TrainingDivergedException : InvalidOperationException
{
    /// <summary>Makes the exception.</summary>
    /// <param name="epoch">The epoch, from 1.</param>
    /// <param name="batch">The batch in it, from 1.</param>
    /// <param name="loss">The loss.</param>
    /// <param name="learningRate">The learning rate of the step before.</param>
    public TrainingDivergedException(int epoch, int batch, double loss, float learningRate)
        : base(FormattableString.Invariant(
            $"the loss became {loss} in epoch {epoch}, batch {batch}, at a learning rate of {learningRate}: use a smaller one, bound the ")
            + "gradients (ClipNorm), or look whether the data of the batch are finite") =>
        (Epoch, Batch, Loss) = (epoch, batch, loss);

    /// <summary>The epoch, from 1.</summary>
    public int Epoch { get; }

    /// <summary>The batch in it, from 1.</summary>
    public int Batch { get; }

    /// <summary>The loss.</summary>
    public double Loss { get; }
}
