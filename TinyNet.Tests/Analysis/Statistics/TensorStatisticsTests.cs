using TinyNet.Autograd;
using TinyNet.Core;

namespace TinyNet.Tests.Analysis;

/// <summary>Statistics of tensors, against plain loops in double precision.</summary>
public class TensorStatisticsTests
{
    public static TheoryData<string> Cases =>
    [
        "one", "few", "a lane and a bit", "a block", "blocks", "many blocks", "half zeros", "all alike", "zeros", "far from 0",
        "begins far off", "large", "tiny", "denormal", "with nan", "with infinities", "nan alone", "empty",
    ];

    [Theory, MemberData(nameof(Cases))]
    public void Are_those_of_a_plain_loop(string name)
    {
        float[] values = Values(name);
        var expected = Plain(values);
        foreach (var device in TestDevices.OfEachWidth())
        {
            AssertClose(expected, TensorStatistics.Of(Tensor.From(values, [values.Length], device), 0.1f), $"{name} on {device}");
        }

        AssertClose(expected, TensorStatistics.Of(Tensor.From(values, [values.Length], Device.Reference), 0.1f), $"{name}, reference");
        AssertClose(expected, TensorStatistics.Of(values, 0.1f), $"{name} on the host");
    }

    [Fact]
    public void Have_the_same_bits_for_any_number_of_threads()
    {
        float[] values = Values("many blocks");
        var results = TestDevices.OfEachThreadCount().Select(device => TensorStatistics.Of(Tensor.From(values, [values.Length], device)));
        Assert.Single(results.Distinct());
    }

    [Fact]
    public void Of_views_are_those_of_the_elements_that_they_show()
    {
        var x = Tensor.From(Values("blocks").AsSpan(0, 1200), [4, 10, 30]);
        foreach (var view in new[] { x[1..3], x.Permute(2, 0, 1), x[.., 2..7, 3..20].Permute(1, 2, 0), x[..1].Expand(3, 10, 30) })
        {
            AssertClose(Plain(view.ToArray()), TensorStatistics.Of(view, 0.1f), $"{view.Shape}");
        }
    }

    [Fact]
    public void Of_two_parts_together_are_those_of_the_whole()
    {
        float[] values = Values("with nan");
        for (int cut = 0; cut <= values.Length; cut += 37)
        {
            var together = TensorStatistics.Together(
                TensorStatistics.Of(values.AsSpan(0, cut), 0.1f), TensorStatistics.Of(values.AsSpan(cut), 0.1f));
            AssertClose(Plain(values), together, $"cut at {cut}");
        }
    }

    [Theory, MemberData(nameof(Cases))]
    public void A_distance_is_that_of_a_plain_loop(string name)
    {
        float[] values = Values(name), moved = [.. values.Select((x, i) => x * (1 + i % 5 / 8f))];
        double expected = Math.Sqrt(values.Zip(moved).Sum(pair => Math.Pow((double)pair.First - pair.Second, 2)));
        foreach (Device device in (Device[])[.. TestDevices.OfEachWidth(), Device.Reference])
        {
            Tensor from = Tensor.From(values, [values.Length], device), to = Tensor.From(moved, [values.Length], device);
            double distance = device.Distance(from, to), still = device.Distance(from, from);
            Assert.True(
                double.IsFinite(expected) ? Math.Abs(distance - expected) <= 1e-5 * expected : double.IsNaN(distance),
                $"{name} on {device}: {distance} instead of {expected}");
            Assert.True(double.IsFinite(expected) ? still == 0 : double.IsNaN(still), $"{name} on {device}: {still} from itself");
        }
    }

    [Fact]
    public void A_single_number_has_no_spread()
    {
        var one = TensorStatistics.Of([-3f]);
        Assert.Equal((0.0, 3.0, 3.0), (one.StandardDeviation, one.L2Norm, one.MaximumMagnitude));
    }

    [Fact]
    public void A_tensor_whose_scope_has_ended_is_refused()
    {
        Tensor gone;
        using (Tape.NoRecord())
        {
            gone = Tensor.Ones([3]) + Tensor.Ones([3]);
        }

        Assert.Throws<LifetimeException>(() => TensorStatistics.Of(gone));
        Assert.Throws<ArgumentOutOfRangeException>(() => TensorStatistics.Of(Tensor.Ones([3]), nearZero: float.NaN));
    }

    private static float[] Values(string name)
    {
        var random = new Random(1);
        float[] Normal(int count, float mean = 0, float deviation = 1) =>
            [.. Enumerable.Range(0, count).Select(_ => mean + deviation * (float)(random.NextDouble() + random.NextDouble() - 1))];
        return name switch
        {
            "one" => [0.25f],
            "few" => [1, -2, 0, 0.05f, -0.1f],
            "a lane and a bit" => Normal(19),
            "a block" => Normal(1024),
            "blocks" => Normal(5000),
            "many blocks" => Normal(70_000),
            "half zeros" => [.. Normal(40_000).Select(value => Math.Max(0, value))],
            "begins far off" => [.. Normal(70, mean: 1e4f), .. Normal(20_000, mean: 1, deviation: 1e-2f), .. Normal(20_000, mean: -50)],
            "all alike" => [.. Enumerable.Repeat(0.1f, 3001)],
            "zeros" => new float[2050],
            "far from 0" => Normal(3000, mean: 1e6f),
            "large" => Normal(3000, deviation: 1e38f),
            "tiny" => Normal(3000, deviation: 1e-30f),
            "denormal" => Normal(3000, deviation: 1e-41f),
            "with nan" => [.. Normal(700), float.NaN, .. Normal(600), float.NegativeInfinity, float.NaN, .. Normal(100)],
            "with infinities" => [float.PositiveInfinity, .. Normal(40)],
            "nan alone" => [float.NaN, float.NaN],
            _ => [],
        };
    }

    private static TensorStatistics Plain(float[] values)
    {
        double[] finite = [.. values.Where(float.IsFinite).Select(value => (double)value)];
        double mean = finite.Length == 0 ? double.NaN : finite.Average();
        return new TensorStatistics(
            values.Length, values.Count(float.IsNaN), values.Count(float.IsInfinity), values.Count(value => value == 0),
            values.Count(value => Math.Abs(value) <= 0.1f), mean, finite.Select(Math.Abs).DefaultIfEmpty(double.NaN).Average(),
            finite.Sum(value => (value - mean) * (value - mean)), finite.DefaultIfEmpty(double.NaN).Min(),
            finite.DefaultIfEmpty(double.NaN).Max(), finite.Select(Math.Abs).DefaultIfEmpty(double.NaN).Min());
    }

    private static void AssertClose(TensorStatistics expected, TensorStatistics actual, string name)
    {
        Assert.Equal(
            (expected.Count, expected.NaNs, expected.Infinities, expected.Zeros, expected.NearZeros, expected.Minimum, expected.Maximum),
            (actual.Count, actual.NaNs, actual.Infinities, actual.Zeros, actual.NearZeros, actual.Minimum, actual.Maximum));
        Assert.Equal(expected.MinimumMagnitude, actual.MinimumMagnitude);
        // Sums of floats are wrong by roundings of their terms.
        double size = double.IsNaN(expected.MeanMagnitude) ? 0 : expected.MeanMagnitude;
        AssertNear(expected.Mean, actual.Mean, 2e-6 * size, $"mean, {name}");
        AssertNear(expected.MeanMagnitude, actual.MeanMagnitude, 2e-6 * size, $"mean magnitude, {name}");
        AssertNear(expected.SquaredDeviations, actual.SquaredDeviations, 1e-5 * expected.SquaredDeviations, $"squares, {name}");
        AssertNear(expected.L2Norm, actual.L2Norm, 1e-5 * expected.L2Norm, $"norm, {name}");
    }

    private static void AssertNear(double expected, double actual, double tolerance, string what) => Assert.True(
        double.IsNaN(expected) ? double.IsNaN(actual) : Math.Abs(expected - actual) <= tolerance, $"{what}: {actual}, not {expected}");
}
