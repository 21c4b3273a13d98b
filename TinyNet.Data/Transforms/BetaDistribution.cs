using TinyNet.Core;

namespace TinyNet.Data;

/// <summary>Numbers of the distribution Beta(α, α), in [0, 1].</summary>
internal static class BetaDistribution
{
    /// <summary>
    /// a / (a + b) with two numbers of a gamma distribution, by their logarithms: for small α they are smaller than doubles hold.
    /// </summary>
    public static double Draw(double alpha, RandomStream random)
    {
        double first = LogGamma(alpha, random), second = LogGamma(alpha, random);
        return 1 / (1 + Math.Exp(second - first));
    }

    /// <summary>
    /// The logarithm of a number of the gamma distribution (G. Marsaglia and W. W. Tsang, "A simple method for generating gamma variables",
    /// 2000): below 1, that of α + 1 times u^(1/α).
    /// </summary>
    private static double LogGamma(double alpha, RandomStream random)
    {
        double boost = alpha < 1 ? Math.Log(NotZero(random)) / alpha : 0;
        double d = (alpha < 1 ? alpha + 1 : alpha) - 1.0 / 3, c = 1 / Math.Sqrt(9 * d);
        while (true)
        {
            double normal = random.Normal(), root = 1 + c * normal;
            if (root > 0)
            {
                double cube = root * root * root;
                if (Math.Log(NotZero(random)) < 0.5 * normal * normal + d - d * cube + d * Math.Log(cube))
                {
                    return Math.Log(d * cube) + boost;
                }
            }
        }
    }

    /// <summary>A number uniform in (0, 1].</summary>
    private static double NotZero(RandomStream random) => 1 - random.Uniform();
}
