using TinyNet.Core;
using TinyNet.Data;
using TinyNet.Layers;

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
            var rows = PredictionRows.For(data);
            trainer.ForEach(data, (_, output) => rows.Add(output));
            return rows.ToTensor();
        }
    }

    extension<TInput>(Module<TInput, Tensor> model)
    {
        /// <summary>
        /// What a model without a trainer gives for all samples, in evaluation mode and in the order of the data: [samples, ..], a tensor
        /// that lasts. Modes are afterwards as they were.
        /// </summary>
        /// <param name="data">The data.</param>
        /// <param name="input">What of a batch the model takes: <c>batch => batch.Features</c>.</param>
        /// <exception cref="ArgumentException">The loader shuffles, so that nobody would know which row is whose.</exception>
        /// <exception cref="ShapeException">An output has not one row for each sample, or another shape than the one before.</exception>
        public Tensor Predict<TBatch>(DataLoader<TBatch> data, Func<TBatch, TInput> input)
        {
            ArgumentNullException.ThrowIfNull(model);
            ArgumentNullException.ThrowIfNull(input);
            var rows = PredictionRows.For(data);
            data.FirstBatch = 0;
            foreach (var batch in data)
            {
                rows.Add(model.Predict(input(batch)));
            }

            return rows.ToTensor();
        }
    }
}
