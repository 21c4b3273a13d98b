using TinyNet.Autograd;
using TinyNet.Core;

namespace TinyNet.Tests.Core;

/// <summary>Averages are floats also where the sums on the way to them are none.</summary>
public class AveragePoolRangeTests
{
    public static TheoryData<int> Devices => [.. TestDevices.Widths, 0];

    [Theory, MemberData(nameof(Devices))]
    public void An_average_of_the_largest_is_one_of_them(int bits)
    {
        foreach (int channels in (int[])[1, 3, 16, 37])
        {
            foreach (var (height, width) in new[] { (2, 2), (1, 700), (90, 3) })
            {
                var x = Tensor.Full([2, channels, 2 * height, 2 * width], 3e38f, DeviceOf(bits));
                AssertAll(3e38, x.AveragePool(Whole(height, width)), [2, channels, 2, 2]);
                AssertAll(3e38, x.AdaptiveAveragePool(1, 1), [2, channels, 1, 1]);
                AssertAll(3e38, x.AdaptiveAveragePool(1, 3), [2, channels, 1, 3]);
                AssertAll(-3e38, (-x).AveragePool(Whole(height, width)), [2, channels, 2, 2]);
            }
        }
    }

    [Theory, MemberData(nameof(Devices))]
    public void Only_sums_that_are_no_floats_are_looked_at_again(int bits)
    {
        // Sums that return from infinity, by lines and in them, beside ordinary ones, an infinity and a nan.
        float[] values =
        [
            3e38f, 3e38f, 1, 2, 3e38f, -3e38f, float.PositiveInfinity, 1, float.NaN, 3e38f, 1e-45f, 1e-45f,
            -3e38f, -3e38f, 3, 4, 3e38f, -3e38f, 1, 1, 1, 3e38f, 1e-45f, 1e-45f,
        ];
        var y = Tensor.From(values, [1, 1, 2, 12], DeviceOf(bits)).AveragePool(Whole(2, 2));
        Assert.Equal([0, 2.5f, 0, float.PositiveInfinity, float.NaN, 1e-45f], y.ToArray());
    }

    [Theory, MemberData(nameof(Devices))]
    public void Padding_that_counts_is_a_part_of_the_average(int bits)
    {
        var x = Tensor.Full([1, 1, 3, 3], 3e38f, DeviceOf(bits));
        var window = new Window(new WindowAxis(3, Stride: 2, PadBefore: 1, PadAfter: 1), new WindowAxis(3));
        AssertAll(2e38, x.AveragePool(window), [1, 1, 2, 1]);
        AssertAll(3e38, x.AveragePool(window, countPadding: false), [1, 1, 2, 1]);
    }

    private static Window Whole(int height, int width) => new(new WindowAxis(height, Stride: height), new WindowAxis(width, Stride: width));

    private static Device DeviceOf(int bits) => bits == 0 ? Device.Reference : TestDevices.Splitting(2, bits);

    private static void AssertAll(double expected, Tensor actual, ReadOnlySpan<int> sizes)
    {
        Assert.Equal(new Shape(sizes), actual.Shape);
        Assert.All(actual.ToArray(), value => Assert.Equal(1, value / expected, 1e-6));
    }
}
