using TinyNet.Bench;
using TinyNet.Core;

namespace TinyNet.Tests.Bench.Devices;

public class LogFitTests
{
    private static readonly double[] Sizes = [10, 100, 1000, 10_000, 100_000];

    [Theory]
    [InlineData(1)]
    [InlineData(1.5)]
    [InlineData(2)]
    public void A_power_law_is_found_without_a_misfit(double exponent)
    {
        var fit = LogFit.Of(Sizes, [.. Sizes.Select(x => 0.003 * Math.Pow(x, exponent))]);

        Assert.Equal(exponent, fit.Exponent, 12);
        Assert.Equal(0, fit.Misfit, 12);
    }

    /// <summary>Slope and misfit of the normal equations with an intercept, in decimal numbers of 40 digits.</summary>
    [Fact]
    public void Slope_and_misfit_are_those_of_the_normal_equations()
    {
        var fit = LogFit.Of(Sizes, [0.02, 0.11, 1.3, 9.0, 120.0]);

        Assert.Equal(0.9469152325048705, fit.Exponent, 12);
        Assert.Equal(0.03536485311265791, fit.Misfit, 12);
    }

    /// <summary>Where points lie off the line by chance, exponents of repetitions scatter by the misfit.</summary>
    [Fact]
    public void The_misfit_of_noise_is_what_repetitions_scatter_by()
    {
        const double noise = 0.1;
        const int repetitions = 4000;
        var random = new RandomStream(1);
        var fits = Enumerable.Range(0, repetitions)
            .Select(_ => LogFit.Of(Sizes, [.. Sizes.Select(x => x * Math.Exp(random.Normal(0, (float)noise)))])).ToArray();
        double mean = fits.Average(fit => fit.Exponent);
        double scatter = Math.Sqrt(fits.Average(fit => (fit.Exponent - mean) * (fit.Exponent - mean)));

        // σ / √Σ(ln x − mean)² with ln x at −2, −1, 0, 1, 2 times ln 10.
        double expected = noise / (Math.Sqrt(10) * Math.Log(10));
        Assert.Equal(1, mean, 0.001);
        Assert.InRange(scatter / expected, 0.95, 1.05);
        Assert.InRange(Math.Sqrt(fits.Average(fit => fit.Misfit * fit.Misfit)) / expected, 0.95, 1.05);
    }

    [Theory]
    [InlineData(1.04, 0, 5, "O(n)")]
    [InlineData(1.06, 0, 5, "more than linear")]
    [InlineData(1.2, 0.064, 5, "linear within")]
    [InlineData(1.2, 0.062, 5, "more than linear")]
    [InlineData(0.8, 0.062, 5, "less than linear")]
    [InlineData(1.2, 0.016, 3, "linear within")]
    [InlineData(1.2, 0.015, 3, "more than linear")]
    [InlineData(1.2, 0.09, 40, "linear within")]
    [InlineData(1.2, 0.089, 40, "more than linear")]
    [InlineData(1.04, double.NaN, 2, "O(n)")]
    [InlineData(1.2, double.NaN, 2, "more than linear")]
    public void The_verdict_weighs_the_exponent_by_its_misfit_and_the_number_of_points(
        double exponent, double misfit, int points, string verdict) =>
        Assert.StartsWith(verdict, new LogFit(exponent, misfit, points).Verdict(), StringComparison.Ordinal);

    /// <summary>
    /// Of lines with noise all but 5 % may be linear, however few points there are; with two standard errors it would be 30 % of three.
    /// </summary>
    [Theory]
    [InlineData(3)]
    [InlineData(5)]
    public void A_line_with_noise_may_be_linear_in_95_of_100_cases(int points)
    {
        const int repetitions = 4000;
        double[] sizes = Sizes[..points];
        var random = new RandomStream(2);
        string Verdict() => LogFit.Of(sizes, [.. sizes.Select(x => x * Math.Exp(random.Normal(0, 1)))]).Verdict();
        int other = Enumerable.Range(0, repetitions).Count(_ => Verdict().EndsWith("than linear", StringComparison.Ordinal));

        Assert.InRange(other / (double)repetitions, 0.03, 0.06);
    }

    [Fact]
    public void Two_points_have_no_misfit()
    {
        var fit = LogFit.Of([1, 10], [2, 20]);

        Assert.Equal(1, fit.Exponent, 12);
        Assert.Equal(double.NaN, fit.Misfit);
    }
}
