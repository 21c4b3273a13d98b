using TinyNet.Autograd;
using TinyNet.Core;
using TinyNet.Data;
using TinyNet.Layers;

namespace TinyNet.Training;

/// <content>What is done with a model without training it.</content>
public partial class Trainer<TBatch, TOutput, TTarget>
{
    /// <summary>
    /// Scores the model, in evaluation mode, by the loss and all metrics. Modes, and metrics of an epoch under way, stay.
    /// </summary>
    /// <param name="data">The data.</param>
    /// <param name="more">
    /// Metrics for this call only: a confusion matrix, say. They are cleared first, and hold the result afterwards.
    /// </param>
    /// <exception cref="InvalidOperationException">
    /// Two metrics have one name; or a step is under way, in <see cref="Callback.OnStepStarting"/> or under a tape of one's own.
    /// </exception>
    public Evaluation Evaluate(DataLoader<TBatch> data, params ReadOnlySpan<Metric<TOutput, TTarget>> more)
    {
        ArgumentNullException.ThrowIfNull(data);
        return MeasureApart(data, AllMetrics(more));
    }

    /// <summary>Runs the model over data, in evaluation mode and without a tape. Modes stay as they are.</summary>
    /// <param name="data">The data.</param>
    /// <param name="use">Is given each batch and what the model makes of it, which are valid until it returns.</param>
    /// <exception cref="InvalidOperationException">As for <see cref="Evaluate"/>.</exception>
    public void ForEach(DataLoader<TBatch> data, Action<TBatch, TOutput> use)
    {
        ArgumentNullException.ThrowIfNull(data);
        ArgumentNullException.ThrowIfNull(use);
        Visit(data, (batch, output, _) => use(batch, output));
    }

    /// <summary>Measures; what the trainer's own metrics have of an epoch under way stays.</summary>
    private Evaluation MeasureApart(DataLoader<TBatch> data, Metric<TOutput, TTarget>[] metrics)
    {
        Metric<TOutput, TTarget>[] own = [.. Metrics];
        double[][] underWay = [.. own.Select(metric => metric.State)];
        try
        {
            return Measure(data, metrics);
        }
        finally
        {
            SetStates(own, underWay);
        }
    }

    private Evaluation Measure(DataLoader<TBatch> data, Metric<TOutput, TTarget>[] metrics)
    {
        Array.ForEach(metrics, metric => metric.Clear());
        double sum = 0;
        long count = 0;
        Visit(data, (batch, output, samples) =>
        {
            var target = _target(batch);
            sum += Scalar(_loss(output, target)).Item() * (double)samples;
            count += samples;
            Array.ForEach(metrics, metric => metric.Add(output, target));
        });
        return new Evaluation(sum / count, count, metrics.Select(metric => (metric.Name, metric.Value)));
    }

    private void Visit(DataLoader<TBatch> data, Action<TBatch, TOutput, int> use)
    {
        if (StepScope.Current is not null)
        {
            throw new InvalidOperationException(
                "Evaluate, Predict and ForEach give memory back batch by batch, and cannot be called while a step is under way, in "
                + "OnStepStarting or under a tape of one's own: call them after it, in OnBatchEnded say");
        }

        (Module Module, bool IsTraining)[] modes = [.. Model.NamedModules().Select(named => (named.Module, named.Module.IsTraining))];
        Model.Evaluate();
        data.FirstBatch = 0;
        try
        {
            int index = 0;
            foreach (var batch in data)
            {
                using var scope = Tape.NoRecord();
                use(batch, Output(batch), data.SamplesOf(index++));
            }
        }
        finally
        {
            // From the model down: what a module is set to, those below it are set to again.
            Array.ForEach(modes, mode => mode.Module.Train(mode.IsTraining));
        }
    }
}

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
