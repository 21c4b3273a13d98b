using TinyNet.Autograd;
using TinyNet.Core;

namespace TinyNet.Training;

/// <summary>
/// The part of the labels [N, ..] that are among the classes with the largest logits [N, C, ..], or probabilities: from 0 to 1, nan
/// where there are no labels. Of equal logits the first count as larger, and nan as largest, as in <c>x.Accuracy(labels)</c>, which is
/// the same of one batch.
/// </summary>
/// <example><code>var metrics = new Metric&lt;Tensor, IndexTensor>[] { new Accuracy(), new Accuracy(top: 5) };</code></example>
public sealed class Accuracy : Metric<Tensor, IndexTensor>
{
    private readonly int _top;
    private readonly int? _ignoreIndex;
    private readonly ClassReads _predictions;
    private long _right, _counted;

    /// <summary>Makes the metric.</summary>
    /// <param name="top">How many classes a prediction has: 5 for the top-5 accuracy.</param>
    /// <param name="ignoreIndex">A label that does not count, as in the losses; null for none.</param>
    /// <exception cref="ArgumentOutOfRangeException">A prediction would have no class.</exception>
    public Accuracy(int top = 1, int? ignoreIndex = null)
    {
        (_top, _ignoreIndex) = (Require.AtLeast(1, top), ignoreIndex);
        _predictions = new ClassReads(Count, ignoreIndex, top);
    }

    /// <summary>"accuracy", or of the top 5 "top_5_accuracy".</summary>
    public override string Name => _top == 1 ? "accuracy" : $"top_{_top}_accuracy";

    /// <inheritdoc/>
    public override double Value
    {
        get
        {
            _predictions.Read();
            return (double)_right / _counted;
        }
    }

    /// <summary>The number of labels that were right, and that of those that count.</summary>
    /// <exception cref="ArgumentException">They are not those of an accuracy.</exception>
    public override double[] State
    {
        get
        {
            _predictions.Read();
            return [_right, _counted];
        }

        set
        {
            ArgumentNullException.ThrowIfNull(value);
            MetricState.EnsureLength(value, value.Length == 2, nameof(Accuracy), "[right, counted]");
            long right = MetricState.Count(value[0], nameof(Accuracy)), counted = MetricState.Count(value[1], nameof(Accuracy));
            (_right, _counted) = right <= counted
                ? (right, counted)
                : throw MetricState.Refusal(nameof(Accuracy), $"a state with {right} of {counted} labels right", nameof(value));
            _predictions.Clear();
        }
    }

    /// <inheritdoc/>
    /// <exception cref="ShapeException">The logits have no classes, or the labels another shape.</exception>
    /// <exception cref="TensorException">A label is no class, and not ignored.</exception>
    public override void Add(Tensor output, IndexTensor target)
    {
        ClassPredictions.Check(nameof(Accuracy), output, target, _top, _ignoreIndex);
        _predictions.Add(output, target);
    }

    /// <inheritdoc/>
    public override void Clear()
    {
        _predictions.Clear();
        (_right, _counted) = (0, 0);
    }

    private void Count(in ClassPredictions predictions)
    {
        var (counted, right) = predictions.Count();
        _counted += counted;
        _right += right;
    }
}
