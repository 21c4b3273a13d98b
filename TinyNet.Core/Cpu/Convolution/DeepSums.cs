namespace TinyNet.Core;

/// <summary>
/// Sums of a panel of pixels and channels so deep that not even the sums of its pieces keep their digits when the result adds them up: from
/// time to time they move on to totals in double precision.
/// </summary>
internal unsafe struct DeepSums(float* result, int* pixels, int count, int columns)
{
    [ThreadStatic] private static ScratchBuffer _memory;

    private double* _totals;

    /// <summary>Takes up what the result holds; the result begins anew.</summary>
    public void Take()
    {
        if (_totals == null)
        {
            _totals = (double*)_memory.Rent(2L * count * columns);
            new Span<double>(_totals, count * columns).Clear();
        }

        double* to = _totals;
        for (int i = 0; i < count; i++)
        {
            float* from = result + pixels[i];
            for (int column = 0; column < columns; column++)
            {
                *to++ += from[column];
            }
        }
    }

    /// <summary>Rounds the totals to the result, once some were taken up.</summary>
    public readonly void Store()
    {
        double* from = _totals;
        for (int i = 0; i < count; i++)
        {
            float* to = result + pixels[i];
            for (int column = 0; column < columns; column++)
            {
                to[column] = (float)*from++;
            }
        }
    }
}
