using TinyNet.Core;

namespace TinyNet.Training;

/// <summary>
/// A score of one number for each sample, a logit or a probability, against targets 0 and 1 of the same shape. Positive is what is above
/// a threshold: 0 for logits, 0.5 for probabilities; nan is not. With several numbers a sample (yes or no for each of several
/// labels) each counts.
/// </summary>
public abstract class BinaryMetric : Metric<Tensor, Tensor>
{
    private readonly float _threshold;
    private readonly HostReads _numbers;
    private long _truePositives, _falsePositives, _falseNegatives, _trueNegatives;

    private protected BinaryMetric(float threshold) => (_threshold, _numbers) = (Require.Finite(threshold), new HostReads(Fold));

    /// <summary>True and false positives, false and true negatives.</summary>
    /// <exception cref="ArgumentException">They are not those of such a metric.</exception>
    public sealed override double[] State
    {
        get
        {
            _numbers.Read();
            return [_truePositives, _falsePositives, _falseNegatives, _trueNegatives];
        }

        set
        {
            ArgumentNullException.ThrowIfNull(value);
            string metric = GetType().Name;
            MetricState.EnsureLength(value, value.Length == 4, metric, "true and false positives, false and true negatives");
            long[] counts = Array.ConvertAll(value, count => MetricState.Count(count, metric));
            (_truePositives, _falsePositives, _falseNegatives, _trueNegatives) = (counts[0], counts[1], counts[2], counts[3]);
            _numbers.Clear();
        }
    }

    /// <inheritdoc/>
    public sealed override double Value
    {
        get
        {
            _numbers.Read();
            return Right + Wrong == 0 ? double.NaN : Score();
        }
    }

    private protected long Right => _truePositives + _trueNegatives;

    private protected long Wrong => _falsePositives + _falseNegatives;

    private protected ClassScores Positives =>
        new(_truePositives + _falseNegatives, _truePositives + _falsePositives, _truePositives);

    /// <inheritdoc/>
    /// <exception cref="ShapeException">The shapes differ.</exception>
    /// <exception cref="TensorException">
    /// A target is neither 0 nor 1; on a device that works later, whoever asks for the value is told,
    /// or whoever adds a batch when there is no more room, which then is not added.
    /// </exception>
    public sealed override void Add(Tensor output, Tensor target) => _numbers.Add(GetType().Name, output, target);

    /// <inheritdoc/>
    public sealed override void Clear()
    {
        _numbers.Clear();
        (_truePositives, _falsePositives, _falseNegatives, _trueNegatives) = (0, 0, 0, 0);
    }

    /// <summary>The score of what was counted; there is something.</summary>
    private protected abstract double Score();

    private void Fold(ReadOnlySpan<float> predicted, ReadOnlySpan<float> right, in HostBatch batch)
    {
        BinaryTargets.Ensure(GetType().Name, right, batch.Right!);
        for (int i = 0; i < predicted.Length; i++)
        {
            bool isPositive = predicted[i] > _threshold;
            if (right[i] == 1)
            {
                _truePositives += isPositive ? 1 : 0;
                _falseNegatives += isPositive ? 0 : 1;
            }
            else
            {
                _falsePositives += isPositive ? 1 : 0;
                _trueNegatives += isPositive ? 0 : 1;
            }
        }
    }
}

/// <summary>The part of the predictions that are on the side of the threshold where their target is; nan where there are none.</summary>
/// <param name="threshold">Above it is positive: 0 for logits, 0.5 for probabilities.</param>
/// <exception cref="ArgumentOutOfRangeException">The threshold is no number.</exception>
public sealed class BinaryAccuracy(float threshold) : BinaryMetric(threshold)
{
    /// <inheritdoc/>
    public override string Name => "binary_accuracy";

    private protected override double Score() => (double)Right / (Right + Wrong);
}

/// <summary>How many of the positive predictions are right: 0 where there are none (zero_division = 0), nan without samples.</summary>
/// <param name="threshold">Above it is positive: 0 for logits, 0.5 for probabilities.</param>
/// <exception cref="ArgumentOutOfRangeException">The threshold is no number.</exception>
public sealed class BinaryPrecision(float threshold) : BinaryMetric(threshold)
{
    /// <inheritdoc/>
    public override string Name => "binary_precision";

    private protected override double Score() => Positives.Precision;
}

/// <summary>How many of the positive targets were found: 0 where there are none (zero_division = 0), nan without samples.</summary>
/// <param name="threshold">Above it is positive: 0 for logits, 0.5 for probabilities.</param>
/// <exception cref="ArgumentOutOfRangeException">The threshold is no number.</exception>
public sealed class BinaryRecall(float threshold) : BinaryMetric(threshold)
{
    /// <inheritdoc/>
    public override string Name => "binary_recall";

    private protected override double Score() => Positives.Recall;
}

/// <summary>
/// The harmonic mean of precision and recall: 0 where there are neither positive targets nor predictions (zero_division = 0), nan without
/// samples.
/// </summary>
/// <param name="threshold">Above it is positive: 0 for logits, 0.5 for probabilities.</param>
/// <exception cref="ArgumentOutOfRangeException">The threshold is no number.</exception>
public sealed class BinaryF1(float threshold) : BinaryMetric(threshold)
{
    /// <inheritdoc/>
    public override string Name => "binary_f1";

    private protected override double Score() => Positives.F1;
}

/// <summary>Targets that say yes or no.</summary>
internal static class BinaryTargets
{
    /// <summary>Refuses what is neither 0 nor 1.</summary>
    /// <exception cref="TensorException">There is such a target.</exception>
    public static void Ensure(string metric, ReadOnlySpan<float> targets, Tensor tensor)
    {
        int other = targets.IndexOfAnyExcept(0f, 1f);
        if (other >= 0)
        {
            throw new TensorException(metric,
                FormattableString.Invariant($"a target of {targets[other]} (targets of shape {tensor.Shape})"), "targets are 0 and 1");
        }
    }
}
