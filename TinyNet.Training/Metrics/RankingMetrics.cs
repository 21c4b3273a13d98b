using System.Buffers;
using TinyNet.Core;

namespace TinyNet.Training;

/// <summary>
/// A score of one number for each sample, a logit or a probability, against targets 0 and 1 of the same shape, over all thresholds. It is
/// exact, and so has to keep every number: a float a sample, and as many doubles in its <see cref="State"/>. Nan where a number is
/// nan.
/// </summary>
public abstract class RankingMetric : Metric<Tensor, Tensor>
{
    private readonly List<float> _positives = [], _negatives = [];
    private readonly HostReads _numbers;

    private protected RankingMetric() => _numbers = new HostReads(Fold);

    /// <summary>How many positive samples there are, their numbers, and those of the others.</summary>
    /// <exception cref="ArgumentException">They are not those of such a metric.</exception>
    public sealed override double[] State
    {
        get
        {
            _numbers.Read();
            double[] state = new double[1 + _positives.Count + _negatives.Count];
            state[0] = _positives.Count;
            for (int i = 1; i < state.Length; i++)
            {
                state[i] = i <= _positives.Count ? _positives[i - 1] : _negatives[i - 1 - _positives.Count];
            }

            return state;
        }

        set
        {
            ArgumentNullException.ThrowIfNull(value);
            string metric = GetType().Name;
            MetricState.EnsureLength(value, value.Length > 0 && MetricState.Count(value[0], metric) < value.Length, metric,
                "how many samples are positive, their numbers, and those of the others");
            foreach (double number in value)
            {
                if ((float)number != number && !double.IsNaN(number))
                {
                    throw MetricState.Refusal(metric, $"{number}, which is no float, in a state", nameof(value));
                }
            }

            Clear();
            for (int i = 1; i < value.Length; i++)
            {
                (i <= value[0] ? _positives : _negatives).Add((float)value[i]);
            }
        }
    }

    /// <inheritdoc/>
    public sealed override double Value
    {
        get
        {
            _numbers.Read();
            if (_positives.Count + _negatives.Count == 0)
            {
                return double.NaN;
            }

            using var positives = new Sorted(_positives);
            using var negatives = new Sorted(_negatives);
            return positives.HasNaN || negatives.HasNaN ? double.NaN : Score(positives.Numbers, negatives.Numbers);
        }
    }

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
        _positives.Clear();
        _negatives.Clear();
    }

    /// <summary>The score of numbers that rise.</summary>
    private protected abstract double Score(ReadOnlySpan<float> positives, ReadOnlySpan<float> negatives);

    /// <summary>How many of numbers that rise, from an index on, are equal to one.</summary>
    private protected static int CountEqual(ReadOnlySpan<float> numbers, int from, float number)
    {
        int to = from;
        while (to < numbers.Length && numbers[to] == number)
        {
            to++;
        }

        return to - from;
    }

    private void Fold(ReadOnlySpan<float> predicted, ReadOnlySpan<float> right, in HostBatch batch)
    {
        BinaryTargets.Ensure(GetType().Name, right, batch.Right!);
        for (int i = 0; i < predicted.Length; i++)
        {
            (right[i] == 1 ? _positives : _negatives).Add(predicted[i]);
        }
    }

    /// <summary>Numbers in rising order, in rented memory; nan would come first.</summary>
    private readonly ref struct Sorted
    {
        private readonly float[] _rented;

        public Sorted(List<float> numbers)
        {
            _rented = ArrayPool<float>.Shared.Rent(numbers.Count);
            numbers.CopyTo(_rented);
            var sorted = _rented.AsSpan(0, numbers.Count);
            sorted.Sort();
            Numbers = sorted;
        }

        public ReadOnlySpan<float> Numbers { get; }

        public bool HasNaN => Numbers.Length > 0 && float.IsNaN(Numbers[0]);

        public void Dispose() => ArrayPool<float>.Shared.Return(_rented);
    }
}

/// <summary>
/// The area under the receiver operating characteristic: how probable it is that a positive sample has a larger number than a negative
/// one, where equal ones count half. From 0 to 1, ½ by chance, nan where samples of one of the two kinds are missing
/// (J. A. Hanley, B. J. McNeil, "The meaning and use of the area under a receiver operating characteristic (ROC) curve", 1982).
/// </summary>
public sealed class AUROC : RankingMetric
{
    /// <inheritdoc/>
    public override string Name => "auroc";

    private protected override double Score(ReadOnlySpan<float> positives, ReadOnlySpan<float> negatives)
    {
        long halves = 0;
        int below = 0;
        for (int i = 0; i < positives.Length;)
        {
            while (below < negatives.Length && negatives[below] < positives[i])
            {
                below++;
            }

            int ties = CountEqual(positives, i, positives[i]);
            halves += ties * (2L * below + CountEqual(negatives, below, positives[i]));
            i += ties;
        }

        return halves / (2.0 * positives.Length * negatives.Length);
    }
}

/// <summary>
/// Σ (R_n − R_(n−1)) P_n over all thresholds n from the highest on, with precision P and recall R of what is not below the threshold:
/// the area under the curve of precision over recall, in steps. Nan where there are no positive samples.
/// </summary>
public sealed class AveragePrecision : RankingMetric
{
    /// <inheritdoc/>
    public override string Name => "average_precision";

    private protected override double Score(ReadOnlySpan<float> positives, ReadOnlySpan<float> negatives)
    {
        // From the lowest threshold on, at which all samples are predicted to be positive.
        var sum = default(CompensatedSum);
        int below = 0;
        for (int i = 0; i < positives.Length;)
        {
            while (below < negatives.Length && negatives[below] < positives[i])
            {
                below++;
            }

            int ties = CountEqual(positives, i, positives[i]);
            double found = positives.Length - i;
            sum = sum.Plus(ties * (found / (found + negatives.Length - below)));
            i += ties;
        }

        return sum.Value / positives.Length;
    }
}
