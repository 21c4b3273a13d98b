using TinyNet.Core;
using TinyNet.Layers;

namespace TinyNet.Tests.Layers;

/// <summary>Moments, bounds and structure of initial values; scales and gains are replayed from recorded cases.</summary>
public class InitializerTests
{
    private static readonly Fans LayerFans = new(300, 200);

    private static readonly Dictionary<string, (
        Initializer Initializer, double Mean, double Deviation, double Low, double High)> Distributions = new()
        {
            ["fan in"] = Scaled(Initializer.FanInUniform, 1 / Math.Sqrt(900)),
            ["xavier uniform"] = Scaled(Initializer.XavierUniform(2), 2 * Math.Sqrt(2.0 / 500)),
            ["xavier normal"] = Scaled(Initializer.XavierNormal(), Math.Sqrt(2.0 / 500)),
            ["kaiming uniform"] = Scaled(Initializer.KaimingUniform(), Math.Sqrt(2.0 / 300)),
            ["kaiming normal"] = Scaled(Initializer.KaimingNormal(FanMode.Out, 1), Math.Sqrt(1.0 / 200)),
            ["lecun uniform"] = Scaled(Initializer.LecunUniform, Math.Sqrt(1.0 / 300)),
            ["lecun normal"] = Scaled(Initializer.LecunNormal, Math.Sqrt(1.0 / 300)),
            ["uniform"] = (Initializer.Uniform(-1, 3), 1, 4 / Math.Sqrt(12), -1, 3),
            ["normal"] = (Initializer.Normal(0.5f, 0.25f), 0.5, 0.25, double.NegativeInfinity, double.PositiveInfinity),
            ["truncated at two deviations"] = (Initializer.TruncatedNormal(), 0, 0.879626, -2, 2),
            // The exponential tail beyond 3: mean φ(3)/(1 − Φ(3)), variance 1 + 3 mean − mean².
            ["truncated far above"] = (Initializer.TruncatedNormal(0, 1, 20, 21), 20.0497531, 0.0496312, 20, 21),
            ["truncated where the part is denormal"] = (Initializer.TruncatedNormal(0, 1, -38.5f, -38), -38.0262795, 0.0262614, -38.5, -38),
            ["truncated where the part is 0"] = (Initializer.TruncatedNormal(0, 1, 100, 101), 100.009998, 0.009997, 100, 101),
            ["truncated to the upper tail"] = (
            Initializer.TruncatedNormal(0, 1, 3, float.PositiveInfinity),
            3.283099,
            Math.Sqrt(1 + 3 * 3.283099 - 3.283099 * 3.283099),
            3,
            double.PositiveInfinity),
        };

    public static TheoryData<string> Names => [.. Distributions.Keys];

    [Theory, MemberData(nameof(Names))]
    public void Moments_and_bounds_are_right(string name)
    {
        var (initializer, mean, deviation, low, high) = Distributions[name];
        float[] values = initializer.Create([300, 200], LayerFans, new RandomStream(7)).ToArray();
        double n = values.Length, average = values.Average(), variance = values.Sum(x => (x - average) * (x - average)) / n;

        Assert.Equal(mean, average, 4 * deviation / Math.Sqrt(n));
        Assert.Equal(1, Math.Sqrt(variance) / deviation, 0.02);
        Assert.All(values, x => Assert.InRange(x, (float)low, (float)high));
        Assert.Equal(values, initializer.Create([300, 200], LayerFans, new RandomStream(7)).ToArray());
    }

    [Theory]
    [InlineData(1e-300, -37.0470962993612)]
    [InlineData(1e-20, -9.262340089798407)]
    [InlineData(0.001, -3.090232306167813)]
    [InlineData(0.3, -0.5244005127080409)]
    [InlineData(0.5, 0)]
    [InlineData(0.975, 1.959963984540054)]
    [InlineData(0.999999, 4.753424308817088)]
    public void The_quantile_of_the_normal_distribution_is_right(double p, double expected) =>
        Assert.Equal(expected, NormalDistribution.Quantile(Math.Log(p)), 1e-10);

    [Theory]
    [InlineData(5, 5)]
    [InlineData(3, 40)]
    [InlineData(40, 3)]
    [InlineData(1, 1)]
    public void Orthogonal_is_orthogonal(int rows, int columns)
    {
        float[] w = Initializer.Orthogonal(2).Create([rows, columns], new Fans(rows, columns), new RandomStream(1)).ToArray();
        bool isWide = rows <= columns;
        int count = Math.Min(rows, columns), length = Math.Max(rows, columns);
        for (int i = 0; i < count; i++)
        {
            for (int j = 0; j < count; j++)
            {
                double dot = Enumerable.Range(0, length)
                    .Sum(k => isWide ? (double)w[i * columns + k] * w[j * columns + k] : (double)w[k * columns + i] * w[k * columns + j]);
                Assert.Equal(i == j ? 4 : 0, dot, 1e-6);
            }
        }
    }

    [Fact]
    public void Orthogonal_kernels_count_further_axes_as_columns() =>
        Assert.Equal(new Shape(4, 3, 2, 2), Initializer.Orthogonal().Create([4, 3, 2, 2], new Fans(12, 16), new RandomStream(1)).Shape);

    [Fact]
    public void Constants_and_identities()
    {
        var stream = new RandomStream(0);
        Assert.Equal([2, 2], Initializer.Constant(2).Create([2], LayerFans, stream).ToArray());
        Assert.Equal([0], Initializer.Zeros.Create([1], LayerFans, stream).ToArray());
        Assert.Equal([1], Initializer.Ones.Create([1], LayerFans, stream).ToArray());
        var dense = new Dense(3, 3, weightInitializer: Initializer.Eye, biasInitializer: Initializer.Zeros);
        Assert.Equal([1, 2, 3], dense.Forward(Tensor.From([1, 2, 3], [1, 3])).ToArray());
    }

    [Fact]
    public void Gains_are_known_by_name()
    {
        Assert.Equal(5.0 / 3, Gain.Of("tanh"));
        Refusal.Of<ArgumentException>(() => Gain.Of("unheard_of"), "unheard_of", "relu", "selu");
    }

    [Fact]
    public void What_cannot_be_is_refused()
    {
        var stream = new RandomStream(0);
        Refusal.Of<ShapeException>(() => Initializer.Eye.Create([2], LayerFans, stream), "[2]");
        Refusal.Of<ShapeException>(() => Initializer.Dirac(2).Create([3, 1, 3], LayerFans, stream), "2 groups");
        Refusal.Of<ShapeException>(() => Initializer.Orthogonal().Create([3], LayerFans, stream), "[3]");
        Refusal.Of<ShapeException>(() => Fans.OfOutIn([3]), "[3]");
        Assert.Throws<ArgumentOutOfRangeException>(() => Initializer.Uniform(1, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => Initializer.Normal(0, -1));
        Assert.Throws<ArgumentOutOfRangeException>(() => Initializer.XavierNormal(double.NaN));
        Assert.Throws<ArgumentOutOfRangeException>(() => Initializer.Dirac(0));
        Assert.Throws<ArgumentException>(() => Initializer.TruncatedNormal(0, 1, 2, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => Initializer.TruncatedNormal(0, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => Initializer.KaimingNormal((FanMode)9));
        foreach (var scaled in new[]
        {
            Initializer.FanInUniform,
            Initializer.LecunNormal,
            Initializer.LecunUniform,
            Initializer.XavierNormal(),
            Initializer.XavierUniform(),
            Initializer.KaimingUniform(),
        })
        {
            Refusal.Of<ArgumentOutOfRangeException>(() => scaled.Create([3], new Fans(0, 5), stream), "In = 0");
        }

        Assert.Throws<ArgumentOutOfRangeException>(() => Initializer.KaimingUniform(FanMode.Out).Create([3], new Fans(5, 0), stream));
    }

    private static (Initializer, double, double, double, double) Scaled(ScaledInitializer initializer, double deviation)
    {
        Assert.Equal(deviation, initializer.StandardDeviation(LayerFans), 1e-12);
        double bound = initializer.IsUniform ? initializer.Bound(LayerFans) * (1 + 1e-7) : double.PositiveInfinity;
        return (initializer, 0, deviation, -bound, bound);
    }
}
