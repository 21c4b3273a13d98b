using TinyNet.Core;

namespace TinyNet.Layers;

/// <summary>The standard normal distribution.</summary>
internal static class NormalDistribution
{
    /// <summary>Φ(x).</summary>
    public static double Cumulative(double x) => double.IsInfinity(x) ? (x > 0 ? 1 : 0) : 0.5 * Erfc(-x / Math.Sqrt(2));

    /// <summary>Φ⁻¹(p) for p in (0, 1): by bisection's safe bounds and Newton's steps, to the precision of Φ.</summary>
    public static double Quantile(double p)
    {
        double low = -40, high = 40, x = 0;
        for (int i = 0; i < 200 && high - low > 1e-13 * Math.Max(1, Math.Abs(x)); i++)
        {
            double error = Cumulative(x) - p;
            if (error > 0)
            {
                high = x;
            }
            else
            {
                low = x;
            }

            double density = Math.Exp(-0.5 * x * x) / Math.Sqrt(2 * Math.PI), next = x - error / density;
            bool isInside = next > low && next < high;
            double moved = Math.Abs(next - x);
            x = isInside ? next : 0.5 * (low + high);
            if (isInside && moved < 1e-12 * Math.Max(1, Math.Abs(x)))
            {
                break;
            }
        }

        return x;
    }

    /// <summary>1 − erf(x): by erf near 0, by the continued fraction of Lentz in the tail.</summary>
    private static double Erfc(double x)
    {
        if (x < 0)
        {
            return 2 - Erfc(-x);
        }

        if (x < 2)
        {
            return 1 - DoubleLane.Erf(new DoubleLane(x)).Value;
        }

        double tail = 0;
        for (int k = 120; k > 0; k--)
        {
            tail = 0.5 * k / (x + tail);
        }

        return Math.Exp(-x * x) / Math.Sqrt(Math.PI) / (x + tail);
    }
}
