namespace TinyNet.Core;

/// <summary>
/// The second look at numbers whose squares float could not hold: their mean and variance in double precision, where no sum or square of
/// floats overflows or vanishes.
/// </summary>
internal static unsafe class DoubleMoments
{
    /// <summary>The mean of numbers that lie a stride apart.</summary>
    public static double Mean(float* x, int count, nint stride)
    {
        double sum = 0;
        for (int i = 0; i < count; i++)
        {
            sum += x[i * stride];
        }

        return sum / count;
    }

    /// <summary>The mean of the squared distances to a mean.</summary>
    public static double Variance(float* x, int count, nint stride, double mean)
    {
        double squares = 0;
        for (int i = 0; i < count; i++)
        {
            double distance = x[i * stride] - mean;
            squares += distance * distance;
        }

        return squares / count;
    }

    /// <summary>
    /// The mean of dense numbers, or 0 for no centering, and 1 / deviation, which is no float where all are denormal.
    /// </summary>
    public static (double Mean, double Scale) MeanAndScale(float* x, int count, bool centers)
    {
        double mean = centers ? Mean(x, count, 1) : 0;
        return (mean, 1 / Math.Sqrt(Variance(x, count, 1, mean)));
    }
}
