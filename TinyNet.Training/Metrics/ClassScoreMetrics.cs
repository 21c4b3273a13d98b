using TinyNet.Autograd;
using TinyNet.Core;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace TinyNet.Training;

/// <summary>
/// Precision, recall or F1 of logits [N, C, ..], or probabilities, against labels [N, ..]: of one class, or averaged over all. It counts
/// three numbers a class; <see cref="ConfusionMatrix"/> counts all pairs, and has all scores.
/// </summary>
public abstract class ClassScoreMetric : Metric<Tensor, IndexTensor>
{
    private readonly ClassScoreKind _kind;
    private readonly Averaging _averaging;
    private readonly int? _ofClass, _ignoreIndex;
    private readonly ClassReads _predictions;
    private int _classes;
    private long[] _counts = [];

    private protected ClassScoreMetric(ClassScoreKind kind, Averaging averaging, int? ofClass, int? ignoreIndex)
    {
        (_kind, _averaging, _ignoreIndex) = (kind, Require.Defined(averaging), ignoreIndex);
        _ofClass = ofClass is { } one ? Require.AtLeast(0, one, nameof(ofClass)) : null;
        _predictions = new ClassReads(Count, ignoreIndex);
    }

    /// <summary>"macro_f1" and its like, or of one class "f1_of_class_2".</summary>
    public override string Name
    {
        get
        {
            string score = _kind switch
            {
                ClassScoreKind.Precision => "precision",
                ClassScoreKind.Recall => "recall",
                _ => "f1",
            };
            string averaging = _averaging switch
            {
                Averaging.Macro => "macro",
                Averaging.Micro => "micro",
                _ => "weighted",
            };
            return _ofClass is { } one ? $"{score}_of_class_{one}" : $"{averaging}_{score}";
        }
    }

    /// <inheritdoc/>
    public override double Value
    {
        get
        {
            _predictions.Read();
            var scores = new ClassScores[_classes];
            for (int c = 0; c < _classes; c++)
            {
                scores[c] = new ClassScores(_counts[c], _counts[_classes + c], _counts[2 * _classes + c]);
            }

            double average = ClassScores.Average(_kind, _averaging, scores);
            return _ofClass is { } one && !double.IsNaN(average) ? scores[one].Of(_kind) : average;
        }
    }

    /// <summary>How many labels each class has, then how many predictions, then how many of those are right.</summary>
    /// <exception cref="ArgumentException">They are not those of such a metric.</exception>
    public override double[] State
    {
        get
        {
            _predictions.Read();
            return Array.ConvertAll(_counts.AsSpan(0, 3 * _classes).ToArray(), static count => (double)count);
        }

        set
        {
            ArgumentNullException.ThrowIfNull(value);
            string metric = GetType().Name;
            MetricState.EnsureLength(value, value.Length % 3 == 0 && (value.Length == 0 || value.Length / 3 > (_ofClass ?? 0)), metric,
                "the labels, predictions and right predictions of each class");
            long[] counts = Array.ConvertAll(value, count => MetricState.Count(count, metric));
            int classes = counts.Length / 3;
            for (int c = 0; c < classes; c++)
            {
                if (counts[2 * classes + c] > Math.Min(counts[c], counts[classes + c]))
                {
                    throw MetricState.Refusal(metric, $"a state with more right predictions of class {c} than there are", nameof(value));
                }
            }

            if (TensorPrimitives.Sum<long>(counts.AsSpan(0, classes)) != TensorPrimitives.Sum<long>(counts.AsSpan(classes, classes)))
            {
                throw MetricState.Refusal(metric, "a state with another number of labels than of predictions", nameof(value));
            }

            _predictions.Clear();
            (_counts, _classes) = (counts, classes);
        }
    }

    /// <inheritdoc/>
    /// <exception cref="ShapeException">The logits have no classes, or others than before, or the labels another shape.</exception>
    /// <exception cref="TensorException">A label is no class, and not ignored.</exception>
    public override void Add(Tensor output, IndexTensor target)
    {
        string metric = GetType().Name;
        Begin(ClassPredictions.Check(metric, output, target, top: 1, _ignoreIndex), metric, output);
        _predictions.Add(output, target);
    }

    /// <inheritdoc/>
    public override void Clear()
    {
        _predictions.Clear();
        Array.Clear(_counts);
        _classes = 0;
    }

    private void Count(in ClassPredictions predictions)
    {
        var labels = predictions.Labels;
        for (int i = 0; i < labels.Length; i++)
        {
            if (predictions.Counts(i))
            {
                int label = labels[i], predicted = predictions.At(i);
                _counts[label]++;
                _counts[_classes + predicted]++;
                _counts[2 * _classes + label] += label == predicted ? 1 : 0;
            }
        }
    }

    private void Begin(int classes, string metric, Tensor output)
    {
        if (_ofClass >= classes)
        {
            throw new ShapeException(metric, $"the score of class {_ofClass} of logits of shape {output.Shape}",
                $"classes are 0 to {classes - 1}");
        }

        if (_classes == 0)
        {
            _classes = classes;
            _counts = _counts.Length == 3 * classes ? _counts : new long[3 * classes];
        }

        if (_classes != classes)
        {
            throw new ShapeException(metric, $"logits of shape {output.Shape} after others of {_classes} classes",
                "give the same classes in every batch, or Clear the metric");
        }
    }
}

/// <summary>
/// How many of the predictions of a class are right, <see cref="ClassScores.Precision"/>: of one class, or averaged over all. 0 where
/// there are no such predictions, nan where there are no labels at all.
/// </summary>
public sealed class Precision : ClassScoreMetric
{
    /// <summary>Makes the metric over all classes.</summary>
    /// <param name="averaging">How the precisions of the classes become one.</param>
    /// <param name="ignoreIndex">A label that does not count, as in the losses; null for none.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such averaging.</exception>
    public Precision(Averaging averaging = Averaging.Macro, int? ignoreIndex = null)
        : base(ClassScoreKind.Precision, averaging, ofClass: null, ignoreIndex)
    {
    }

    /// <summary>Makes the metric of one class.</summary>
    /// <param name="ofClass">The class.</param>
    /// <param name="ignoreIndex">A label that does not count, as in the losses; null for none.</param>
    /// <exception cref="ArgumentOutOfRangeException">The class is negative.</exception>
    public Precision(int ofClass, int? ignoreIndex = null) : base(ClassScoreKind.Precision, Averaging.Macro, ofClass, ignoreIndex)
    {
    }
}

/// <summary>
/// How many of the samples of a class were found, <see cref="ClassScores.Recall"/>: of one class, or averaged over all. 0 where there are
/// no such samples, nan where there are no labels at all.
/// </summary>
public sealed class Recall : ClassScoreMetric
{
    /// <summary>Makes the metric over all classes.</summary>
    /// <param name="averaging">How the recalls of the classes become one.</param>
    /// <param name="ignoreIndex">A label that does not count, as in the losses; null for none.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such averaging.</exception>
    public Recall(Averaging averaging = Averaging.Macro, int? ignoreIndex = null)
        : base(ClassScoreKind.Recall, averaging, ofClass: null, ignoreIndex)
    {
    }

    /// <summary>Makes the metric of one class.</summary>
    /// <param name="ofClass">The class.</param>
    /// <param name="ignoreIndex">A label that does not count, as in the losses; null for none.</param>
    /// <exception cref="ArgumentOutOfRangeException">The class is negative.</exception>
    public Recall(int ofClass, int? ignoreIndex = null) : base(ClassScoreKind.Recall, Averaging.Macro, ofClass, ignoreIndex)
    {
    }
}

/// <summary>
/// The harmonic mean of precision and recall, <see cref="ClassScores.F1"/>: of one class, or averaged over all. 0 for a class that does
/// not occur, nan where there are no labels at all.
/// </summary>
public sealed class F1 : ClassScoreMetric
{
    /// <summary>Makes the metric over all classes.</summary>
    /// <param name="averaging">How the scores of the classes become one.</param>
    /// <param name="ignoreIndex">A label that does not count, as in the losses; null for none.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such averaging.</exception>
    public F1(Averaging averaging = Averaging.Macro, int? ignoreIndex = null)
        : base(ClassScoreKind.F1, averaging, ofClass: null, ignoreIndex)
    {
    }

    /// <summary>Makes the metric of one class.</summary>
    /// <param name="ofClass">The class.</param>
    /// <param name="ignoreIndex">A label that does not count, as in the losses; null for none.</param>
    /// <exception cref="ArgumentOutOfRangeException">The class is negative.</exception>
    public F1(int ofClass, int? ignoreIndex = null) : base(ClassScoreKind.F1, Averaging.Macro, ofClass, ignoreIndex)
    {
    }
}
