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
        double[][] underWay = States(own);
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
        double sum = 0, weights = 0;
        long count = 0;
        Visit(data, (batch, output, samples) =>
        {
            var target = _target(batch);
            double weight = WeightOf(output, target, samples), loss = Scalar(_loss(output, target)).Item();
            sum += weight > 0 ? loss * weight : 0;
            weights += weight;
            count += samples;
            Array.ForEach(metrics, metric => metric.Add(output, target));
        });
        return new Evaluation(sum / weights, count, metrics.Select(metric => (metric.Name, metric.Value)));
    }

    private void Visit(DataLoader<TBatch> data, Action<TBatch, TOutput, int> use)
    {
        if (StepScope.Current is not null)
        {
            throw new InvalidOperationException(
                "Evaluate, Predict and ForEach give memory back batch by batch, and cannot be called while a step is under way, in "
                + "OnStepStarting or under a tape of one's own: call them after it, in OnBatchEnded say");
        }

        using var mode = new EvaluationMode(Model);
        data.FirstBatch = 0;
        int index = 0;
        foreach (var batch in data)
        {
            using var scope = Tape.NoRecord();
            use(batch, Output(batch), data.SamplesOf(index++));
        }
    }
}
