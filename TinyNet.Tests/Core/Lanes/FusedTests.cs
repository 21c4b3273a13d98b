using System.Runtime.Intrinsics;
using TinyNet.Core;

namespace TinyNet.Tests;

/// <summary>Fused multiply-adds of processors that have none, against those of the runtime.</summary>
public class FusedTests
{
    [Fact]
    public void Remainders_of_products_are_exact()
    {
        var random = new Random(1);
        for (int i = 0; i < 10000; i++)
        {
            float a = Any(random), b = Any(random), product = a * b;
            Same(MathF.FusedMultiplyAdd(a, b, -product), a, b, -product);
        }
    }

    [Fact]
    public void Sums_are_rounded_once()
    {
        var random = new Random(2);
        for (int i = 0; i < 10000; i++)
        {
            float a = Any(random), b = Any(random), c = a * b * (random.NextSingle() - 0.5f) * 4;
            Same(MathF.FusedMultiplyAdd(a, b, c), a, b, c);
        }
    }

    [Theory]
    [InlineData(float.NaN, 1, 1)]
    [InlineData(0, float.PositiveInfinity, 1)]
    [InlineData(3e38f, 3e38f, float.NegativeInfinity)]
    [InlineData(3e38f, 2, -3.4e38f)]
    [InlineData(3e38f, 3e38f, 1)]
    [InlineData(1e-30f, 1e-15f, 0)]
    public void What_has_no_ordinary_value_is_as_of_the_runtime(float a, float b, float c) =>
        Same(MathF.FusedMultiplyAdd(a, b, c), a, b, c);

    private static void Same(float expected, float a, float b, float c)
    {
        Assert.Equal(expected, Fused.MultiplyAdd(a, b, c));
        var vector = Fused.MultiplyAdd(Vector128.Create(a, 1, 2, a), Vector128.Create(b, 3, 4, -b), Vector128.Create(c, 5, 6, -c));
        Assert.Equal([expected, 8, 14, -expected], [vector[0], vector[1], vector[2], vector[3]]);
    }

    private static float Any(Random random) => MathF.ScaleB(random.NextSingle() - 0.5f, random.Next(-50, 50));
}
