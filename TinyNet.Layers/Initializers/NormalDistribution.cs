using TinyNet.Core;

namespace TinyNet.Layers;

/// <summary>The standard normal distribution, by logarithms: Φ itself is 0 in double precision below −38.5.</summary>
internal static class NormalDistribution
{
    private static readonly double LogHalf = Math.Log(0.5);

    /// <summary>ln Φ(x).</summary>
    public static double LogCumulative(double x) => Evaluate(x).LogCumulative;

    /// <summary>The x with ln Φ(x) = logP &lt; 0.</summary>
    public static double Quantile(double logP) => logP > LogHalf ? -LowerQuantile(Math.Log(1 - Math.Exp(logP))) : LowerQuantile(logP);

    private static double LowerQuantile(double logP)
    {
        // M. Abramowitz, I. A. Stegun, "Handbook of mathematical functions", 26.2.23: right to 4.5e-4.
        double t = Math.Sqrt(-2 * logP);
        double x = (2.515517 + t * (0.802853 + t * 0.010328)) / (1 + t * (1.432788 + t * (0.189269 + t * 0.001308))) - t;
        // Halley's steps cube the error: after one that is small nothing is left to do.
        for (int i = 0; i < 8; i++)
        {
            var (logCumulative, hazard) = Evaluate(x);
            double newton = (logCumulative - logP) / hazard, step = newton / (1 + 0.5 * newton * (x + hazard));
            x -= step;
            if (!(Math.Abs(step) > 1e-4 * Math.Max(1, Math.Abs(x))))
            {
                break;
            }
        }

        return x;
    }

    /// <summary>ln Φ(x) and its derivative φ(x) / Φ(x): by erf near 0, by the continued fraction of Lentz in the tail.</summary>
    private static (double LogCumulative, double Hazard) Evaluate(double x)
    {
        double z = -x / Math.Sqrt(2);
        if (z < 2)
        {
            double cumulative = 0.5 * (1 - DoubleLane.Erf(new DoubleLane(z)).Value);
            return (Math.Log(cumulative), Math.Exp(-0.5 * x * x) / Math.Sqrt(2 * Math.PI) / cumulative);
        }

        // So many terms leave an error of rounding only; the further out, the fewer.
        double tail = 0;
        for (int k = 16 + (int)(240 / (z * z)); k > 0; k--)
        {
            tail = 0.5 * k / (z + tail);
        }

        return (-0.5 * x * x - Math.Log(2 * Math.Sqrt(Math.PI) * (z + tail)), Math.Sqrt(2) * (z + tail));
    }
}
