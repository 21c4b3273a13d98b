using TinyNet.Core;

namespace TinyNet.Training;

/// <summary>A mean over all predictions and targets of the same shape, each of their elements for itself, computed in double.</summary>
public abstract class ErrorMetric : MeanMetric<Tensor, Tensor>
{
    private protected ErrorMetric()
    {
    }

    /// <inheritdoc/>
    /// <exception cref="ShapeException">The shapes differ.</exception>
    public sealed override void Add(Tensor output, Tensor target) => Numbers.Add(Kind, output, target);

    private protected sealed override void Fold(ReadOnlySpan<float> numbers, ReadOnlySpan<float> right, in HostBatch batch) =>
        AddAll(numbers, right);

    /// <summary>Adds the error of each element.</summary>
    private protected abstract void AddAll(ReadOnlySpan<float> predicted, ReadOnlySpan<float> right);
}

/// <summary>The mean absolute error: the mean of |x − t| over all elements; nan where there are none.</summary>
public sealed class MAE : ErrorMetric
{
    /// <inheritdoc/>
    public override string Name => "mae";

    private protected override void AddAll(ReadOnlySpan<float> predicted, ReadOnlySpan<float> right) =>
        AddEach(default(AbsoluteError), predicted, right);

    private readonly struct AbsoluteError : IErrorMap
    {
        public double Of(double predicted, double right) => Math.Abs(predicted - right);
    }
}

/// <summary>The mean squared error: the mean of (x − t)² over all elements; nan where there are none.</summary>
public sealed class MSE : ErrorMetric
{
    /// <inheritdoc/>
    public override string Name => "mse";

    private protected override void AddAll(ReadOnlySpan<float> predicted, ReadOnlySpan<float> right) =>
        AddEach(default(SquaredError), predicted, right);
}

/// <summary>
/// The root of the mean squared error: √ of the mean of (x − t)² over all elements, of all outputs together; nan where there are none.
/// </summary>
public sealed class RMSE : ErrorMetric
{
    /// <inheritdoc/>
    public override string Name => "rmse";

    private protected override void AddAll(ReadOnlySpan<float> predicted, ReadOnlySpan<float> right) =>
        AddEach(default(SquaredError), predicted, right);

    private protected override double OfMean(double mean) => Math.Sqrt(mean);
}

/// <summary>
/// The mean absolute percentage error: the mean of |x − t| / max(|t|, 2⁻⁵²) over all elements; nan where there are none. It is a part, not
/// percent: 0.1 is ten percent off. A target of 0 makes it very large, as in scikit-learn.
/// </summary>
public sealed class MAPE : ErrorMetric
{
    /// <inheritdoc/>
    public override string Name => "mape";

    private protected override void AddAll(ReadOnlySpan<float> predicted, ReadOnlySpan<float> right) =>
        AddEach(default(RelativeError), predicted, right);

    private readonly struct RelativeError : IErrorMap
    {
        private const double Tiny = 1.0 / (1L << 52);

        public double Of(double predicted, double right) => Math.Abs(predicted - right) / Math.Max(Math.Abs(right), Tiny);
    }
}

/// <summary>The largest |x − t| of all elements; nan where there are none, or one is.</summary>
public sealed class MaxError : Metric<Tensor, Tensor>
{
    private readonly HostReads _numbers;
    private double _largest;
    private bool _hasAny;

    /// <summary>Makes the metric.</summary>
    public MaxError() => _numbers = new HostReads(Fold);

    /// <inheritdoc/>
    public override string Name => "max_error";

    /// <inheritdoc/>
    public override double Value
    {
        get
        {
            _numbers.Read();
            return _hasAny ? _largest : double.NaN;
        }
    }

    /// <summary>The largest, or nothing.</summary>
    /// <exception cref="ArgumentException">They are not those of such a metric.</exception>
    public override double[] State
    {
        get
        {
            _numbers.Read();
            return _hasAny ? [_largest] : [];
        }

        set
        {
            ArgumentNullException.ThrowIfNull(value);
            MetricState.EnsureLength(value, value.Length <= 1, nameof(MaxError), "the largest error, if there is one");
            _largest = value.Length == 0 ? 0 : MetricState.NotNegative(value[0], nameof(MaxError));
            _hasAny = value.Length > 0;
            _numbers.Clear();
        }
    }

    /// <inheritdoc/>
    /// <exception cref="ShapeException">The shapes differ.</exception>
    public override void Add(Tensor output, Tensor target) => _numbers.Add(nameof(MaxError), output, target);

    /// <inheritdoc/>
    public override void Clear()
    {
        _numbers.Clear();
        (_largest, _hasAny) = (0, false);
    }

    private void Fold(ReadOnlySpan<float> predicted, ReadOnlySpan<float> right, in HostBatch batch)
    {
        for (int i = 0; i < predicted.Length; i++)
        {
            _largest = Math.Max(_largest, Math.Abs((double)predicted[i] - right[i]));
        }

        _hasAny |= predicted.Length > 0;
    }
}

/// <summary>(x − t)².</summary>
internal readonly struct SquaredError : IErrorMap
{
    public double Of(double predicted, double right) => (predicted - right) * (predicted - right);
}
