using TinyNet.Autograd;
using TinyNet.Core;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace TinyNet.Training;

/// <summary>
/// How often each class was taken for each: predictions of logits [N, C, ..], or probabilities, against labels [N, ..], with all scores
/// that follow from these counts. Its value is the accuracy. <see cref="ToString"/> is the matrix and a report for each class.
/// </summary>
/// <remarks>
/// A score that would be 0 / 0 for a class is 0, as in scikit-learn (zero_division = 0); one over all classes is nan where there are no
/// labels at all.
/// </remarks>
/// <example>
/// <code>
/// var matrix = new ConfusionMatrix(["cat", "dog"]);
/// matrix.Add(Tensor.From([2, 1, 0, 3, 1, 0], [3, 2]), IndexTensor.From(0, 1, 1));
/// Console.WriteLine(matrix);                       // a table, and precision, recall and F1 of cats and dogs
/// double found = matrix.Scores[1].Recall;          // 0.5
/// double f1 = matrix.F1(Averaging.Macro);
/// </code>
/// </example>
public sealed class ConfusionMatrix : Metric<Tensor, IndexTensor>
{
    // 512 MB of counts.
    private const int MostClasses = 8192;

    private readonly int? _ignoreIndex;
    private readonly string[]? _names;
    private readonly ClassReads _predictions;
    private int _classes;
    private long[] _counts = [];

    /// <summary>Makes the metric; the first batch says how many classes there are, and numbers stand for their names.</summary>
    /// <param name="ignoreIndex">A label that does not count, as in the losses; null for none.</param>
    public ConfusionMatrix(int? ignoreIndex = null) => (_ignoreIndex, _predictions) = (ignoreIndex, new ClassReads(Count, ignoreIndex));

    /// <summary>Makes the metric for classes with names.</summary>
    /// <param name="classNames">The names, in order, as <c>dataset.ClassNames</c>.</param>
    /// <param name="ignoreIndex">A label that does not count, as in the losses; null for none.</param>
    /// <exception cref="ArgumentException">There are no names.</exception>
    public ConfusionMatrix(ReadOnlySpan<string> classNames, int? ignoreIndex = null) : this(ignoreIndex)
    {
        if (classNames.Length is 0 or > MostClasses)
        {
            throw new ArgumentException($"{classNames.Length} class names; give 1 to {MostClasses}", nameof(classNames));
        }

        _names = classNames.ToArray();
        Resize(_names.Length);
    }

    /// <summary>"confusion_accuracy": what its value is.</summary>
    public override string Name => "confusion_accuracy";

    /// <summary>The accuracy: the part of the labels that were predicted.</summary>
    public override double Value => (double)Trace() / Total;

    /// <summary>How many classes there are; 0 before the first batch where they have no names.</summary>
    public int Classes => _classes;

    /// <summary>How many labels were counted.</summary>
    public long Total => TensorPrimitives.Sum<long>(Counted);

    /// <summary>A copy of the counts [C, C]: a row is a label, a column a prediction.</summary>
    public long[,] Counts
    {
        get
        {
            long[,] counts = new long[_classes, _classes];
            var counted = Counted;
            for (int i = 0; i < counted.Length; i++)
            {
                counts[i / _classes, i % _classes] = counted[i];
            }

            return counts;
        }
    }

    /// <summary>Support, precision, recall and F1 of each class.</summary>
    public ClassScores[] Scores
    {
        get
        {
            var scores = new ClassScores[_classes];
            for (int c = 0; c < _classes; c++)
            {
                long support = 0, predicted = 0;
                for (int other = 0; other < _classes; other++)
                {
                    support += Count(c, other);
                    predicted += Count(other, c);
                }

                scores[c] = new ClassScores(support, predicted, Count(c, c));
            }

            return scores;
        }
    }

    /// <summary>The mean recall of the classes that have labels: an accuracy to which each of them counts as much.</summary>
    public double BalancedAccuracy
    {
        get
        {
            double sum = 0, classes = 0;
            foreach (var scores in Scores)
            {
                sum += scores.Recall;
                classes += scores.Support > 0 ? 1 : 0;
            }

            return sum / classes;
        }
    }

    /// <summary>
    /// With c of s labels right, class k being t_k labels and p_k predictions: (c s − Σ p t) / √((s² − Σ p²) (s² − Σ t²)), from −1 to 1;
    /// 0 where one side is 0 (J. Gorodkin, "Comparing two K-category assignments by a K-category correlation coefficient", 2004).
    /// </summary>
    public double MatthewsCorrelation
    {
        get
        {
            Int128 total = Total, both = 0, labels = total * total, predictions = total * total;
            foreach (var scores in Scores)
            {
                both += (Int128)scores.Support * scores.Predicted;
                labels -= (Int128)scores.Support * scores.Support;
                predictions -= (Int128)scores.Predicted * scores.Predicted;
            }

            double scale = Math.Sqrt((double)labels) * Math.Sqrt((double)predictions);
            return total == 0 ? double.NaN : scale == 0 ? 0 : (double)(Trace() * total - both) / scale;
        }
    }

    /// <summary>
    /// (a − e) / (1 − e) with the accuracy a, and the accuracy e = Σ p t / s² of predictions that have nothing to do with the labels; nan
    /// where that is 1 (J. Cohen, "A coefficient of agreement for nominal scales", 1960).
    /// </summary>
    public double CohensKappa
    {
        get
        {
            Int128 total = Total, both = 0;
            foreach (var scores in Scores)
            {
                both += (Int128)scores.Support * scores.Predicted;
            }

            return (double)(Trace() * total - both) / (double)(total * total - both);
        }
    }

    /// <summary>The counts, row after row.</summary>
    /// <exception cref="ArgumentException">They are not those of such a metric.</exception>
    public override double[] State
    {
        get => Array.ConvertAll(Counted.ToArray(), static count => (double)count);
        set
        {
            ArgumentNullException.ThrowIfNull(value);
            int classes = (int)Math.Sqrt(value.Length);
            MetricState.EnsureLength(value, classes * classes == value.Length && (_names is null || classes == _names.Length),
                nameof(ConfusionMatrix), _names is null ? "the counts [C, C]" : $"the {_names.Length * _names.Length} counts [C, C]");
            long[] counts = Array.ConvertAll(value, static count => MetricState.Count(count, nameof(ConfusionMatrix)));
            _predictions.Clear();
            (_counts, _classes) = (counts, classes);
        }
    }

    /// <inheritdoc/>
    /// <exception cref="ShapeException">The logits have no classes, or others than before, or the labels another shape.</exception>
    /// <exception cref="TensorException">A label is no class, and not ignored.</exception>
    public override void Add(Tensor output, IndexTensor target)
    {
        int classes = ClassPredictions.Check(nameof(ConfusionMatrix), output, target, top: 1, _ignoreIndex);
        if (_classes == 0 && classes <= MostClasses)
        {
            Resize(classes);
        }

        if (classes != _classes)
        {
            throw new ShapeException(nameof(ConfusionMatrix), $"logits of shape {output.Shape} for a matrix of {_classes} classes",
                _names is not null ? "give a name for each class"
                : _classes != 0 ? "give the same classes in every batch, or Clear the metric"
                : $"a matrix has at most {MostClasses} classes; count with Accuracy or F1");
        }

        _predictions.Add(output, target);
    }

    /// <inheritdoc/>
    public override void Clear()
    {
        _predictions.Clear();
        Array.Clear(_counts);
        _classes = _names?.Length ?? 0;
    }

    /// <summary>How often a label was predicted as a class.</summary>
    /// <param name="label">The label.</param>
    /// <param name="prediction">The class that was predicted.</param>
    /// <exception cref="ArgumentOutOfRangeException">One of them is no class.</exception>
    public long Count(int label, int prediction) =>
        Counted[Require.Between(0, _classes - 1, label) * _classes + Require.Between(0, _classes - 1, prediction)];

    /// <summary>The precision over all classes.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such averaging.</exception>
    public double Precision(Averaging averaging) => ClassScores.Average(ClassScoreKind.Precision, averaging, Scores);

    /// <summary>The recall over all classes.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such averaging.</exception>
    public double Recall(Averaging averaging) => ClassScores.Average(ClassScoreKind.Recall, averaging, Scores);

    /// <summary>The F1 score over all classes.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such averaging.</exception>
    public double F1(Averaging averaging) => ClassScores.Average(ClassScoreKind.F1, averaging, Scores);

    /// <summary>
    /// The counts as a table, for up to 20 classes, and below it a report: precision, recall, F1 and support of each class, and over all.
    /// </summary>
    public override string ToString() => ConfusionTable.Of(this, _names);

    /// <summary>The counts, row after row, of all that was added.</summary>
    private ReadOnlySpan<long> Counted
    {
        get
        {
            _predictions.Read();
            return _counts.AsSpan(0, _classes * _classes);
        }
    }

    private void Count(in ClassPredictions predictions)
    {
        var labels = predictions.Labels;
        for (int i = 0; i < labels.Length; i++)
        {
            if (predictions.Counts(i))
            {
                _counts[labels[i] * _classes + predictions.At(i)]++;
            }
        }
    }

    private void Resize(int classes)
    {
        _classes = classes;
        _counts = _counts.Length == classes * classes ? _counts : new long[classes * classes];
    }

    private long Trace()
    {
        long right = 0;
        var counted = Counted;
        for (int c = 0; c < _classes; c++)
        {
            right += counted[c * _classes + c];
        }

        return right;
    }
}
