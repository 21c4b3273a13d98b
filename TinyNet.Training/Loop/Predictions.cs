using TinyNet.Core;
using TinyNet.Data;

namespace TinyNet.Training;

/// <summary>Predictions for whole data.</summary>
public static class Predictions
{
    extension<TBatch, TTarget>(Trainer<TBatch, Tensor, TTarget> trainer)
    {
        /// <summary>What the model gives for all samples, in the order of the data: [samples, ..], a tensor that lasts.</summary>
        /// <exception cref="ArgumentException">The loader shuffles, so that nobody would know which row is whose.</exception>
        /// <exception cref="ShapeException">An output has not one row for each sample, or another shape than the one before.</exception>
        public Tensor Predict(DataLoader<TBatch> data)
        {
            ArgumentNullException.ThrowIfNull(trainer);
            ArgumentNullException.ThrowIfNull(data);
            if (data.Shuffles)
            {
                throw new ArgumentException(
                    "the loader shuffles, and nobody would know which row is whose: give one that does not, or use ForEach", nameof(data));
            }

            var rows = new PredictionRows(data.SampleCount);
            trainer.ForEach(data, (_, output) => rows.Add(output));
            return rows.ToTensor();
        }
    }
}
