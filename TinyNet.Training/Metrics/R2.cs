using TinyNet.Core;

namespace TinyNet.Training;

/// <summary>
/// The coefficient of determination, 1 − Σ (x − t)² / Σ (t − mean of t)²: 1 for perfect predictions, 0 for those that are always the mean
/// of the targets, and below 0 for worse ones. Of samples of several numbers it is the mean over these numbers. The mean of targets and
/// the squares about it go by Welford's update in double, so that a large offset of all targets costs nothing.
/// </summary>
/// <remarks>
/// Where all targets are equal it is 1 if all predictions are right, else 0; with fewer than two samples it is nan. Both as in scikit-learn
/// (B. P. Welford, "Note on a method for calculating corrected sums of squares and products", 1962).
/// </remarks>
public sealed class R2 : Metric<Tensor, Tensor>
{
    private readonly HostReads _numbers;
    private long _samples;
    private Column[] _columns = [];

    // How many numbers a sample has, also of those that are not read yet; 0 before the first.
    private int _width;

    /// <summary>Makes the metric.</summary>
    public R2() => _numbers = new HostReads(Fold);

    /// <inheritdoc/>
    public override string Name => "r2";

    /// <inheritdoc/>
    public override double Value
    {
        get
        {
            _numbers.Read();
            double sum = 0;
            foreach (var column in _columns)
            {
                sum += column.Spread != 0 ? 1 - column.Error / column.Spread : column.Error == 0 ? 1 : column.Error > 0 ? 0 : double.NaN;
            }

            return _samples < 2 ? double.NaN : sum / _columns.Length;
        }
    }

    /// <summary>
    /// The number of samples; then of each number of a sample the mean of its targets, the squares about it, and the squared errors.
    /// </summary>
    /// <exception cref="ArgumentException">They are not those of such a metric.</exception>
    public override double[] State
    {
        get
        {
            _numbers.Read();
            double[] state = new double[1 + 3 * _columns.Length];
            state[0] = _samples;
            for (int i = 0; i < _columns.Length; i++)
            {
                (state[1 + 3 * i], state[2 + 3 * i], state[3 + 3 * i]) = (_columns[i].Mean, _columns[i].Spread, _columns[i].Error);
            }

            return state;
        }

        set
        {
            ArgumentNullException.ThrowIfNull(value);
            MetricState.EnsureLength(value, value.Length % 3 == 1, nameof(R2),
                "the number of samples, and mean, spread and error of each of their numbers");
            long samples = MetricState.Count(value[0], nameof(R2));
            var columns = new Column[value.Length / 3];
            for (int i = 0; i < columns.Length; i++)
            {
                columns[i] = new Column(value[1 + 3 * i], MetricState.NotNegative(value[2 + 3 * i], nameof(R2)),
                    MetricState.NotNegative(value[3 + 3 * i], nameof(R2)));
            }

            (_samples, _columns, _width) = samples > 0 == columns.Length > 0
                ? (samples, columns, columns.Length)
                : throw MetricState.Refusal(nameof(R2), $"a state of {samples} samples of {columns.Length} numbers", nameof(value));
            _numbers.Clear();
        }
    }

    /// <inheritdoc/>
    /// <exception cref="ShapeException">The shapes differ, or a sample has not as many numbers as before.</exception>
    public override void Add(Tensor output, Tensor target)
    {
        HostReads.EnsureSameShape(nameof(R2), output, target);
        if (output.Length == 0)
        {
            return;
        }

        int width = Width(output);
        if (_width != 0 && _width != width)
        {
            throw new ShapeException(nameof(R2), $"predictions of shape {output.Shape} after samples of {_width} numbers",
                "give as many numbers a sample in every batch, or Clear the metric");
        }

        _numbers.Add(new HostBatch(output, target));
        _width = width;
    }

    /// <inheritdoc/>
    public override void Clear()
    {
        _numbers.Clear();
        (_samples, _columns, _width) = (0, [], 0);
    }

    private static int Width(Tensor output) => output.Rank == 0 ? 1 : output.Length / output.Shape[0];

    private void Fold(ReadOnlySpan<float> predicted, ReadOnlySpan<float> right, in HostBatch batch)
    {
        _columns = _columns.Length == 0 ? new Column[Width(batch.Numbers)] : _columns;
        for (int i = 0; i < predicted.Length; i += _columns.Length)
        {
            _samples++;
            for (int k = 0; k < _columns.Length; k++)
            {
                _columns[k] = _columns[k].With(predicted[i + k], right[i + k], _samples);
            }
        }
    }

    /// <summary>One of the numbers that samples have.</summary>
    /// <param name="Mean">The mean of its targets.</param>
    /// <param name="Spread">The sum of squares of the targets about it.</param>
    /// <param name="Error">The sum of squares of what predictions are off.</param>
    private readonly record struct Column(double Mean, double Spread, double Error)
    {
        public Column With(double predicted, double right, long samples)
        {
            double before = right - Mean, mean = Mean + before / samples, error = predicted - right;
            return new Column(mean, Spread + before * (right - mean), Error + error * error);
        }
    }
}
