namespace TinyNet.Examples;

/// <summary>The losses of all batches in bounded memory: means of as many neighbors as it takes.</summary>
internal sealed class LossCurve
{
    // More than a wide terminal has dots.
    private const int MostPoints = 512;

    private readonly List<double> _points = [];
    private double _sum;
    private int _stride = 1, _count;

    /// <summary>The means.</summary>
    public IReadOnlyList<double> Points => _points;

    /// <summary>The points, or means of neighbors where there are more of them.</summary>
    /// <param name="most">How many are wanted at most.</param>
    public double[] Means(int most)
    {
        int count = Math.Min(most, _points.Count);
        return
        [
            .. Enumerable.Range(0, count).Select(i =>
            {
                int first = i * _points.Count / count, end = (i + 1) * _points.Count / count;
                return _points.GetRange(first, end - first).Average();
            }),
        ];
    }

    /// <summary>Adds the loss of a batch; one that is no number, as nothing in the batch counts, is left out.</summary>
    public void Add(double loss)
    {
        if (!double.IsFinite(loss))
        {
            return;
        }

        _sum += loss;
        if (++_count < _stride)
        {
            return;
        }

        _points.Add(_sum / _count);
        (_sum, _count) = (0, 0);
        if (_points.Count == MostPoints)
        {
            for (int i = 0; i < MostPoints / 2; i++)
            {
                _points[i] = (_points[2 * i] + _points[2 * i + 1]) / 2;
            }

            _points.RemoveRange(MostPoints / 2, MostPoints / 2);
            _stride *= 2;
        }
    }
}

/// <summary>
/// The scale of a curve, from the least loss at the height 0 to the largest at 1; logarithmic where that is many times the least.
/// </summary>
internal sealed class LossScale
{
    // From this ratio on, a linear scale would show a line at the bottom.
    private const double LeastLogRatio = 20;

    private readonly double _low, _range;

    /// <summary>The scale of some losses.</summary>
    public LossScale(IReadOnlyList<double> losses)
    {
        double least = losses.DefaultIfEmpty(0).Min(), largest = losses.DefaultIfEmpty(0).Max();
        IsLogarithmic = least > 0 && largest / least > LeastLogRatio;
        _low = Scale(least);
        _range = Scale(largest) - _low;
    }

    /// <summary>Whether heights are logarithms.</summary>
    public bool IsLogarithmic { get; }

    /// <summary>The height of a loss.</summary>
    public double HeightOf(double loss) => _range > 0 ? (Scale(loss) - _low) / _range : 0;

    /// <summary>The loss at a height.</summary>
    public double LossAt(double height)
    {
        double scaled = _low + height * _range;
        return IsLogarithmic ? Math.Exp(scaled) : scaled;
    }

    private double Scale(double loss) => IsLogarithmic ? Math.Log(loss) : loss;
}
