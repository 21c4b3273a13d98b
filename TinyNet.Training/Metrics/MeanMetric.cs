namespace TinyNet.Training;

/// <summary>
/// A mean over all that was added, as a compensated sum in double and what it is divided by: numbers that are added one by one give the
/// same bits however they come in batches.
/// </summary>
/// <typeparam name="TOutput">What a model gives for a batch.</typeparam>
/// <typeparam name="TTarget">What that is compared with.</typeparam>
public abstract class MeanMetric<TOutput, TTarget> : Metric<TOutput, TTarget>
{
    private CompensatedSum _sum;
    private double _weight;

    private protected MeanMetric() => Numbers = new HostReads(Fold);

    /// <inheritdoc/>
    public sealed override double Value
    {
        get
        {
            Numbers.Read();
            return OfMean(_sum.Value / _weight);
        }
    }

    /// <summary>The sum, what was rounded away from it, and what it is divided by.</summary>
    /// <exception cref="ArgumentException">They are not those of such a metric.</exception>
    public sealed override double[] State
    {
        get
        {
            Numbers.Read();
            return [_sum.Sum, _sum.Rest, _weight];
        }

        set
        {
            ArgumentNullException.ThrowIfNull(value);
            MetricState.EnsureLength(value, value.Length == 3, Kind, "[sum, what was rounded away, weight]");
            _weight = double.IsFinite(value[2])
                ? MetricState.NotNegative(value[2], Kind)
                : throw MetricState.Refusal(Kind, $"a state with a weight of {value[2]}", nameof(value));
            _sum = new CompensatedSum(value[0], value[1]);
            Numbers.Clear();
        }
    }

    /// <summary>The name of the type, for messages.</summary>
    private protected string Kind => field ??= GetType().Name.Split('`')[0];

    /// <summary>By which batches come to <see cref="Fold"/>.</summary>
    private protected HostReads Numbers { get; }

    /// <inheritdoc/>
    public sealed override void Clear()
    {
        Numbers.Clear();
        (_sum, _weight) = (default, 0);
    }

    /// <summary>Adds the numbers of a batch.</summary>
    private protected abstract void Fold(ReadOnlySpan<float> numbers, ReadOnlySpan<float> right, in HostBatch batch);

    /// <summary>What the value is of the mean.</summary>
    private protected virtual double OfMean(double mean) => mean;

    /// <summary>Adds a mean that stands for several numbers.</summary>
    private protected void AddMean(double mean, double weight)
    {
        if (weight > 0)
        {
            _sum = _sum.Plus(mean * weight);
            _weight += weight;
        }
    }

    /// <summary>Adds what a map makes of each pair of numbers.</summary>
    private protected void AddEach<TMap>(TMap map, ReadOnlySpan<float> predicted, ReadOnlySpan<float> right)
        where TMap : struct, IErrorMap
    {
        var sum = _sum;
        for (int i = 0; i < predicted.Length; i++)
        {
            sum = sum.Plus(map.Of(predicted[i], right[i]));
        }

        _sum = sum;
        _weight += predicted.Length;
    }

    /// <summary>Adds numbers, which count as several: those that are 0 because they are ignored may be among them.</summary>
    private protected void AddEach(ReadOnlySpan<float> numbers, int count)
    {
        var sum = _sum;
        foreach (float number in numbers)
        {
            sum = sum.Plus(number);
        }

        _sum = sum;
        _weight += count;
    }
}

/// <summary>How much a prediction is off, in double.</summary>
internal interface IErrorMap
{
    /// <summary>The error.</summary>
    double Of(double predicted, double right);
}
