using TinyNet.Core;

namespace TinyNet.Analysis;

/// <summary>What monitors look at, and how often.</summary>
public sealed record MonitorOptions
{
    /// <summary>The most values of a tensor that quantiles and histograms are made of.</summary>
    public const int MaximumSampleSize = 4096;

    private readonly int _every = 1, _sampleSize = 1024, _historyLength = 256;
    private readonly float _nearZero = TensorStatistics.DefaultNearZero;

    /// <summary>Looks at the first of so many steps.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is less than 1.</exception>
    public int Every
    {
        get => _every;
        init => _every = Require.Positive(value);
    }

    /// <summary>
    /// How many values of a tensor quantiles and histograms are made of, always at the same places; all where there are no more. Moments,
    /// extremes and shares are of all values.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">It is less than 1 or more than <see cref="MaximumSampleSize"/>.</exception>
    public int SampleSize
    {
        get => _sampleSize;
        init => _sampleSize = Require.Between(1, MaximumSampleSize, value);
    }

    /// <summary>The seed of the places of samples.</summary>
    public ulong Seed { get; init; }

    /// <summary>The largest magnitude that counts as near zero.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is negative or not finite.</exception>
    public float NearZero
    {
        get => _nearZero;
        init => _nearZero = Require.NotNegative(value);
    }

    /// <summary>How many steps of a run are kept: of a longer one, steps at equal distances.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is less than 2.</exception>
    public int HistoryLength
    {
        get => _historyLength;
        init => _historyLength = Require.AtLeast(2, value);
    }
}
