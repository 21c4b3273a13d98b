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
    public void A_power_law_is_found_without_an_error(double exponent)
    {
        var fit = LogFit.Of(Sizes, [.. Sizes.Select(x => 0.003 * Math.Pow(x, exponent))]);

        Assert.Equal(exponent, fit.Exponent, 12);
        Assert.Equal(0, fit.StandardError, 12);
    }

    /// <summary>Slope and error of the normal equations with an intercept, in decimal numbers of 40 digits.</summary>
    [Fact]
    public void Slope_and_error_are_those_of_the_normal_equations()
    {
        var fit = LogFit.Of(Sizes, [0.02, 0.11, 1.3, 9.0, 120.0]);

        Assert.Equal(0.9469152325048705, fit.Exponent, 12);
        Assert.Equal(0.03536485311265791, fit.StandardError, 12);
    }

    /// <summary>The error is what exponents really scatter by, when lines with noise of a known size are fitted very often.</summary>
    [Fact]
    public void The_error_is_what_repetitions_scatter_by()
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
        Assert.InRange(Math.Sqrt(fits.Average(fit => fit.StandardError * fit.StandardError)) / expected, 0.95, 1.05);
    }

    [Theory]
    [InlineData(1.04, 0, "O(n)")]
    [InlineData(1.2, 0.11, "O(n)")]
    [InlineData(1.2, 0.05, "more than linear")]
    [InlineData(0.8, 0.05, "less than linear")]
    public void The_verdict_weighs_the_exponent_by_its_error(double exponent, double error, string verdict) =>
        Assert.StartsWith(verdict, new LogFit(exponent, error).Verdict(), StringComparison.Ordinal);

    [Fact]
    public void Two_points_have_no_error()
    {
        var fit = LogFit.Of([1, 10], [2, 20]);

        Assert.Equal(1, fit.Exponent, 12);
        Assert.Equal(double.NaN, fit.StandardError);
    }
}
