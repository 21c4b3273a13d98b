using TinyNet.Core;

namespace TinyNet.Tests.Core;

/// <summary>The functions of the lanes: the same bits on every width, close to double precision, and PyTorch's special values.</summary>
public sealed partial class LaneMathTests
{
    private const float Inf = float.PositiveInfinity;
    private const float NaN = float.NaN;

    private static readonly float[] Specials =
    [
        0f, -0f, 1f, -1f, 2f, -2f, 0.5f, -0.5f, 3f, -3f, 1.5f, -2.5f, NaN, -NaN, Inf, -Inf, float.Epsilon, -float.Epsilon,
        1.17549435e-38f, -1.17549435e-38f, 1e-40f, -1e-40f, float.MaxValue, float.MinValue, 88.7f, 88.8f, 89f, -87.4f, -90f, -100f,
        -103.9f, -104f, -105f, 8388608f, 8388607.5f, 16777216f, -16777215f, 0.99999994f, 1.0000001f, -0.99999994f, 1048576f,
        1048577f, 2147483648f, 1e10f, 0.92f, 4f, 9f, 20f, 1e30f, 1e-30f, 33554432f, -1e-8f,
    ];

    public static TheoryData<string> UnaryNames => new(Unary.Keys);

    public static TheoryData<string> BinaryNames => new(Binary.Keys);

    private static readonly Dictionary<string, UnaryCase> Unary = new()
    {
        ["exp"] = new UnaryCase<Exp>(),
        ["expm1"] = new UnaryCase<Expm1>(),
        ["log"] = new UnaryCase<Log>(),
        ["log1p"] = new UnaryCase<Log1p>(),
        ["sin"] = new UnaryCase<Sin>(),
        ["cos"] = new UnaryCase<Cos>(),
        ["tanh"] = new UnaryCase<Tanh>(),
        ["sigmoid"] = new UnaryCase<Sigmoid>(),
        ["softplus"] = new UnaryCase<Softplus>(),
        ["erf"] = new UnaryCase<Erf>(),
        ["cumulativeNormal"] = new UnaryCase<CumulativeNormal>(),
        ["gelu"] = new UnaryCase<Gelu>(),
        ["slope of gelu"] = new UnaryCase<GeluSlope>(),
        ["sqrt"] = new UnaryCase<Sqrt>(),
        ["floor"] = new UnaryCase<Floor>(),
        ["ceiling"] = new UnaryCase<Ceiling>(),
        ["round"] = new UnaryCase<Round>(),
        ["abs"] = new UnaryCase<Abs>(),
        ["negate"] = new UnaryCase<Negate>(),
    };

    private static readonly Dictionary<string, BinaryCase> Binary = new()
    {
        ["pow"] = new BinaryCase<Pow>(),
        ["max"] = new BinaryCase<Max>(),
        ["min"] = new BinaryCase<Min>(),
        ["multiply-add"] = new BinaryCase<MultiplyAdd>(),
        ["fused multiply-add"] = new BinaryCase<Fused>(),
        ["divide"] = new BinaryCase<Divide>(),
        ["masks"] = new BinaryCase<Masks>(),
        ["root of squares"] = new BinaryCase<RootOfSquares>(),
        ["sine of product"] = new BinaryCase<SinOfProduct>(),
    };

    // Wider ones than the machine has are emulated, and those of a processor without fused multiply-adds fuse.
    private static IEnumerable<int> VectorWidths => new[] { 4, 8, 16 }.Where(width => CpuDevice.Supports(32 * width));

    [Theory]
    [MemberData(nameof(UnaryNames))]
    public void EveryWidthGivesTheBitsOfTheScalar(string function)
    {
        float[] x = [.. RandomNumbers(1 << 14, seed: 1), .. Specials];
        UnaryCase f = Unary[function];
        float[] expected = f.Run(1, x);
        foreach (int width in VectorWidths)
        {
            AssertSameBits(expected, f.Run(width, x), i => $"{function}({x[i]:G9}), {width} floats");
        }
    }

    [Theory]
    [MemberData(nameof(BinaryNames))]
    public void EveryWidthGivesTheBitsOfTheScalarForTwoOperands(string function)
    {
        float[] x = [.. RandomNumbers(1 << 14, seed: 2), .. Specials.SelectMany(_ => Specials)];
        float[] y = [.. RandomNumbers(1 << 14, seed: 3), .. Specials.SelectMany(a => Enumerable.Repeat(a, Specials.Length))];
        BinaryCase f = Binary[function];
        float[] expected = f.Run(1, x, y);
        foreach (int width in VectorWidths)
        {
            AssertSameBits(expected, f.Run(width, x, y), i => $"{function}({x[i]:G9}, {y[i]:G9}), {width} floats");
        }
    }

    [Fact]
    public void A_root_of_squares_is_right_wherever_it_is_a_normal_float()
    {
        float[] x = [.. RandomNumbers(1 << 16, seed: 5), .. Specials.SelectMany(_ => Specials)];
        float[] y = [.. RandomNumbers(1 << 16, seed: 6), .. Specials.SelectMany(a => Enumerable.Repeat(a, Specials.Length))];
        float[] composed = new BinaryCase<ComposedRootOfSquares>().Run(16, x, y), roots = Binary["root of squares"].Run(16, x, y);
        AssertSameBits(composed, roots, i => $"({x[i]:G9}, {y[i]:G9})");
        for (int i = 0; i < x.Length; i++)
        {
            double expected = Math.Sqrt(RootOfSquares.Kept * (double)x[i] * x[i] + RootOfSquares.Taken * (double)y[i] * y[i]);
            if (expected is > 1.1755e-38 and < 3.4e38)
            {
                AssertWithin(roots[i], expected, 2 * Ulp(expected), "root of squares", x[i], y[i]);
            }
            else if (expected is not (> 1.1754e-38 and < 3.41e38))
            {
                Assert.Equal(expected < 1 ? 0 : (float)expected, roots[i]);
            }
        }
    }

    [Theory]
    [InlineData("exp", Inf, 1.0)]
    [InlineData("expm1", Inf, 1.75)]
    [InlineData("log", Inf, 1.0)]
    [InlineData("log1p", Inf, 1.75)]
    [InlineData("tanh", Inf, 2.0)]
    [InlineData("sigmoid", Inf, 2.5)]
    [InlineData("softplus", Inf, 4.0)]
    [InlineData("erf", Inf, 1.25)]
    [InlineData("sin", 1e4f, 2.0)]
    [InlineData("cos", 1e4f, 2.0)]
    public void IsWithinUlpsOfDoublePrecision(string function, float limit, double ulps)
    {
        UnaryCase f = Unary[function];
        float[] x = [.. Sweep(49999).Concat(RandomNumbers(1 << 16, seed: 4)).Where(v => MathF.Abs(v) <= limit)];
        float[] y = f.Run(16, x);
        for (int i = 0; i < x.Length; i++)
        {
            double expected = f.Exact(x[i]);
            if (!float.IsFinite((float)expected))
            {
                Assert.Equal((float)expected, y[i]);
            }
            else
            {
                AssertWithin(y[i], expected, ulps * Ulp(expected), function, x[i]);
            }
        }
    }

    [Theory]
    [InlineData("sin")]
    [InlineData("cos")]
    public void SineAndCosineStayRightForLargeAngles(string function)
    {
        UnaryCase f = Unary[function];
        float[] x = [.. Sweep(49999).Where(v => MathF.Abs(v) > 1e4f && float.IsFinite(v))];
        float[] y = f.Run(16, x);
        for (int i = 0; i < x.Length; i++)
        {
            AssertWithin(y[i], f.Exact(x[i]), 1.5e-7, function, x[i]);
        }
    }

    [Fact]
    public void SineAndCosineNeverExceedOne()
    {
        float[] x = [.. Enumerable.Range(-20000, 40000).Select(i => BitConverter.Int32BitsToSingle(0x3FC90FDB + i)), 0f, 1e-6f, 3.2e-6f];
        Assert.All(Unary["sin"].Run(16, x), v => Assert.InRange(v, -1f, 1f));
        Assert.All(Unary["cos"].Run(16, [.. x.Select(v => v - MathF.PI / 2)]), v => Assert.InRange(v, -1f, 1f));
    }

    [Fact]
    public void PowIsWithinFourUlps()
    {
        var random = new Random(5);
        float[] x = new float[1 << 17], y = new float[x.Length];
        for (int i = 0; i < x.Length; i++)
        {
            double log = i % 2 == 0 ? random.NextDouble() * 176 - 88 : random.NextDouble() * 2 - 1;
            x[i] = (float)Math.Exp(log);
            y[i] = (float)((random.NextDouble() * 174 - 87) / Math.Log(x[i]));
            if (i % 8 == 0)
            {
                (x[i], y[i]) = (-x[i], MathF.Round(y[i]));
            }
        }

        float[] power = Binary["pow"].Run(16, x, y);
        for (int i = 0; i < x.Length; i++)
        {
            double expected = Math.Pow(x[i], y[i]);
            if (Math.Abs(expected) is >= 1.17549435e-38 and < 3.4e38)
            {
                AssertWithin(power[i], expected, 4 * Ulp(expected), "pow", x[i], y[i]);
            }
        }
    }

    [Theory]
    [InlineData("exp", -Inf, 0f)]
    [InlineData("exp", Inf, Inf)]
    [InlineData("exp", 88.8f, Inf)]
    [InlineData("exp", -105f, 0f)]
    [InlineData("exp", -90f, 8.194e-40f)]
    [InlineData("expm1", -Inf, -1f)]
    [InlineData("expm1", Inf, Inf)]
    [InlineData("expm1", -0f, -0f)]
    [InlineData("expm1", float.Epsilon, float.Epsilon)]
    [InlineData("log", 0f, -Inf)]
    [InlineData("log", 1f, 0f)]
    [InlineData("log", -1f, NaN)]
    [InlineData("log", -Inf, NaN)]
    [InlineData("log", Inf, Inf)]
    [InlineData("log", float.Epsilon, -103.27893f)]
    [InlineData("log1p", -1f, -Inf)]
    [InlineData("log1p", -2f, NaN)]
    [InlineData("log1p", Inf, Inf)]
    [InlineData("log1p", -0f, -0f)]
    [InlineData("log1p", float.Epsilon, float.Epsilon)]
    [InlineData("tanh", Inf, 1f)]
    [InlineData("tanh", -Inf, -1f)]
    [InlineData("tanh", -0f, -0f)]
    [InlineData("sigmoid", Inf, 1f)]
    [InlineData("sigmoid", -Inf, 0f)]
    [InlineData("sigmoid", -100f, 3.78e-44f)]
    [InlineData("sigmoid", 0f, 0.5f)]
    [InlineData("softplus", Inf, Inf)]
    [InlineData("softplus", -Inf, 0f)]
    [InlineData("softplus", 0f, 0.6931472f)]
    [InlineData("erf", Inf, 1f)]
    [InlineData("erf", -Inf, -1f)]
    [InlineData("erf", -0f, -0f)]
    [InlineData("cumulativeNormal", Inf, 1f)]
    [InlineData("cumulativeNormal", -Inf, 0f)]
    [InlineData("cumulativeNormal", 0f, 0.5f)]
    [InlineData("cumulativeNormal", -13f, 6.11716e-39f)]
    [InlineData("sin", -0f, -0f)]
    [InlineData("sin", Inf, NaN)]
    [InlineData("cos", 0f, 1f)]
    [InlineData("cos", -Inf, NaN)]
    [InlineData("round", 2.5f, 2f)]
    [InlineData("round", -0.5f, -0f)]
    [InlineData("negate", 0f, -0f)]
    public void SpecialValues(string function, float x, float expected)
    {
        float y = Unary[function].Run(1, [x])[0];
        if (float.IsFinite(expected) && expected != 0 && MathF.Abs(expected) != float.Epsilon)
        {
            AssertWithin(y, expected, Math.Max(1e-6 * Math.Abs(expected), 1e-43), function, x);
        }
        else
        {
            AssertSameBits([expected], [y], _ => $"{function}({x})");
        }
    }

    [Theory]
    [InlineData("tanh")]
    [InlineData("sin")]
    [InlineData("expm1")]
    [InlineData("log1p")]
    [InlineData("erf")]
    public void OddFunctionsKeepTheSignOfZero(string function) =>
        AssertSameBits([0f, -0f], Unary[function].Run(1, [0f, -0f]), i => $"{function} of zero {i}");

    [Fact]
    public void TheLogarithmOfEitherZeroIsMinusInfinity() => Assert.Equal([-Inf, -Inf], Unary["log"].Run(16, [0f, -0f]));

    [Theory]
    [MemberData(nameof(UnaryNames))]
    public void NanPropagates(string function) => Assert.All(Unary[function].Run(16, [NaN, -NaN]), v => Assert.True(float.IsNaN(v)));

    [Fact]
    public void MaxAndMinAnswerNanForEitherOperand()
    {
        foreach (string function in (string[])["max", "min"])
        {
            Assert.All(Binary[function].Run(16, [NaN, 1f, NaN, Inf, NaN], [1f, NaN, NaN, NaN, -Inf]), v => Assert.True(float.IsNaN(v)));
        }
    }

    /// <summary>A product of floats that is a large angle, or no float, is an exact double.</summary>
    [Fact]
    public void TheSineOfALargeProductIsThatOfTheExactOne()
    {
        float[] x = [3.4e38f, -3.4e38f, 2e38f, 1e30f, 1e-10f, 12345.678f, -7e20f, 3e19f];
        float[] y = [2, 2, 3, -1e20f, 1e38f, 6789.1f, 0.3f, 3e19f];
        float[] sine = Binary["sine of product"].Run(16, x, y);
        for (int i = 0; i < x.Length; i++)
        {
            Assert.Equal((float)Math.Sin((double)x[i] * y[i]), sine[i]);
        }

        Assert.All(Binary["sine of product"].Run(16, [Inf, -Inf, Inf, NaN], [1, 2, 0, 0]), value => Assert.True(float.IsNaN(value)));
    }

    [Fact]
    public void PowHasTheSpecialCasesOfIeee754()
    {
        float[] values = [.. Specials.Where(v => v is not (float.MaxValue or float.MinValue))];
        foreach (float x in values)
        {
            foreach (float y in values)
            {
                double expected = Math.Pow(x, y);
                float actual = Binary["pow"].Run(1, [x], [y])[0];
                if (float.IsFinite((float)expected) && (float)expected != 0)
                {
                    AssertWithin(actual, expected, 4 * Ulp(expected), "pow", x, y);
                }
                else
                {
                    AssertSameBits([(float)expected], [actual], _ => $"pow({x:G9}, {y:G9})");
                }
            }
        }
    }

    // Reference values computed with Python's math module.
    [Theory]
    [InlineData("erf", 0.3, 0.3286267594591274)]
    [InlineData("erf", 0.47, 0.4937450508860821)]
    [InlineData("erf", -1.0, -0.8427007929497149)]
    [InlineData("erf", 2.0, 0.9953222650189527)]
    [InlineData("erf", 4.5, 0.9999999998033839)]
    [InlineData("erf", 7.0, 1.0)]
    [InlineData("cumulativeNormal", -0.5, 0.30853753872598688)]
    [InlineData("cumulativeNormal", -1.0, 0.15865525393145705)]
    [InlineData("cumulativeNormal", -5.0, 2.8665157187919391e-7)]
    [InlineData("cumulativeNormal", -20.0, 2.7536241186062337e-89)]
    [InlineData("cumulativeNormal", -37.5, 4.60535300958195484e-308)]
    [InlineData("cumulativeNormal", 2.0, 0.97724986805182079)]
    [InlineData("expm1", 1e-9, 1.0000000005e-9)]
    [InlineData("expm1", -0.7, -0.5034146962085905)]
    [InlineData("expm1", 800.0, double.PositiveInfinity)]
    [InlineData("expm1", double.NegativeInfinity, -1.0)]
    [InlineData("log1p", 1e-9, 9.999999995e-10)]
    [InlineData("log1p", 0.46, 0.3784364357202451)]
    [InlineData("log1p", -1.0, double.NegativeInfinity)]
    [InlineData("log1p", double.PositiveInfinity, double.PositiveInfinity)]
    [InlineData("sigmoid", -740.0, 4.1799e-322)]
    [InlineData("sigmoid", 1000.0, 1.0)]
    public void TheDoubleLaneIsAccurate(string function, double x, double expected)
    {
        double actual = Unary[function].Exact(x);
        Assert.True(
            actual == expected || Math.Abs(actual - expected) <= Math.Max(1e-15 * Math.Abs(expected), 1e-323),
            $"{function}({x}) = {actual:R}, not {expected:R}");
    }

    private static IEnumerable<float> Sweep(uint step)
    {
        for (ulong bits = 0; bits <= uint.MaxValue; bits += step)
        {
            yield return BitConverter.UInt32BitsToSingle((uint)bits);
        }
    }

    private static IEnumerable<float> RandomNumbers(int count, int seed)
    {
        var random = new Random(seed);
        for (int i = 0; i < count; i++)
        {
            yield return (i % 4) switch
            {
                0 => BitConverter.Int32BitsToSingle((int)random.NextInt64(int.MinValue, 1L << 31)),
                1 => (float)(random.NextDouble() * 200 - 100),
                2 => (float)(random.NextDouble() * 8 - 4),
                _ => (float)Math.Exp(random.NextDouble() * 40 - 20) * (random.Next(2) * 2 - 1),
            };
        }
    }

    private static double Ulp(double value) => Math.ScaleB(1, Math.Max(Math.ILogB(value), -126) - 23);

    private static void AssertWithin(float actual, double expected, double tolerance, string function, params ReadOnlySpan<float> operands)
    {
        if (!(Math.Abs(actual - expected) <= tolerance))
        {
            Assert.Fail($"{function}({string.Join(", ", operands.ToArray())}) = {actual:G9}, not {expected:G17} within {tolerance:E2}");
        }
    }

    private static void AssertSameBits(float[] expected, float[] actual, Func<int, string> what)
    {
        for (int i = 0; i < expected.Length; i++)
        {
            bool same = float.IsNaN(expected[i])
                ? float.IsNaN(actual[i])
                : BitConverter.SingleToInt32Bits(expected[i]) == BitConverter.SingleToInt32Bits(actual[i]);
            if (!same)
            {
                Assert.Fail($"{what(i)}: {actual[i]:G9}, not {expected[i]:G9}");
            }
        }
    }
}
