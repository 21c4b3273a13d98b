using TinyNet.Core;

namespace TinyNet.Analysis;

/// <summary>Bins of one width from a smallest value to a largest one; around the value where all are alike.</summary>
internal readonly struct EqualBins
{
    private readonly double _low, _high, _width;
    private readonly int _count;

    public EqualBins(double minimum, double maximum, int count)
    {
        _count = Require.Positive(count, "bins");
        double half = minimum < maximum ? 0 : minimum == 0 ? 0.5 : Math.Abs(minimum) / 2;
        (_low, _high) = (minimum - half, maximum + half);
        _width = (_high - _low) / count;
    }

    /// <summary>Where bins begin, and where the last one ends.</summary>
    public double[] Edges()
    {
        double[] edges = new double[_count + 1];
        for (int i = 0; i < _count; i++)
        {
            edges[i] = _low + i * _width;
        }

        edges[_count] = _high;
        return edges;
    }

    /// <summary>How many values each bin has; what is outside or no number is in none.</summary>
    public long[] Count(ReadOnlySpan<float> values)
    {
        long[] counts = new long[_count];
        foreach (float value in values)
        {
            if (value >= _low && value <= _high)
            {
                counts[Math.Min((int)((value - _low) / _width), _count - 1)]++;
            }
        }

        return counts;
    }
}
