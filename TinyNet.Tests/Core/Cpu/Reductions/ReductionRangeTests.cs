using TinyNet.Core;

namespace TinyNet.Tests.Core;

/// <summary>Totals on the way to a result that is a float neither overflow nor vanish, nor does rounding add up.</summary>
public class ReductionRangeTests
{
    /// <summary>How the elements that are reduced lie: beside each other, below each other, or with others between.</summary>
    public enum Lie
    {
        Rows,
        Columns,
        Strided,
    }

    public static TheoryData<int, Lie> Lies => new MatrixTheoryData<int, Lie>([.. TestDevices.Widths, 0], Enum.GetValues<Lie>());

    [Theory, MemberData(nameof(Lies))]
    public void Powers_of_the_largest_and_of_the_smallest_are_measured(int bits, Lie lie)
    {
        foreach (int length in (int[])[3, 70, 1100, 9001])
        {
            var check = new Reduced(bits, lie, length);
            check.That(new PowerNormReduction(2), 1e20, one: 1e20f, others: 1);
            check.That(new PowerNormReduction(2), 3e36 * Math.Sqrt(length), 3e36f, 3e36f);
            check.That(new PowerNormReduction(2), 1e-25 * Math.Sqrt(length), 1e-25f, 1e-25f);
            check.That(new PowerNormReduction(2), 1e-30 * Math.Sqrt(length), -1e-30f, 1e-30f);
            check.That(new PowerNormReduction(2), 1e-25, 1e-25f, 0);
            check.That(new PowerNormReduction(2), 0, -0f, 0);
            check.That(new PowerNormReduction(2), double.PositiveInfinity, float.NegativeInfinity, 1e30f);
            check.That(new PowerNormReduction(2), double.NaN, float.NaN, 1e30f);
            check.That(new PowerNormReduction(3), 1e14, 1e14f, 1);
            check.That(new PowerNormReduction(3), 1e-16 * Math.Cbrt(length), 1e-16f, 1e-16f);
            check.That(new PowerNormReduction(-3), 1e-14, 1e-14f, 1);
            check.That(new PowerNormReduction(0.5), 1e-30 * length * length, 1e-30f, 1e-30f);
            check.That(new DeviationReduction(0), 1e20 / Math.Sqrt(length), 1e20f, 0);
            check.That(new DeviationReduction(1), 1e-25 / Math.Sqrt(length - 1), 1e-25f, 0);
            check.That(new VarianceReduction(0), 9e38 / length, 3e19f, 0);
            check.That(new VarianceReduction(0), 1e38, 1e19f, 1e19f);
        }
    }

    [Theory, MemberData(nameof(Lies))]
    public void Sums_and_products_may_pass_through_numbers_that_are_no_floats(int bits, Lie lie)
    {
        foreach (int length in (int[])[4, 72, 1100, 9000])
        {
            var check = new Reduced(bits, lie, length);
            check.That(new MeanReduction(), 3e38, 3e38f, 3e38f);
            check.That(new SumReduction(), double.NegativeInfinity, float.NegativeInfinity, 3e38f);
            check.That(new SumReduction(), 0, [3e38f, 3e38f, -3e38f, -3e38f]);
            check.That(new PowerNormReduction(1), 1e-40 * length, -1e-40f, 1e-40f, tolerance: 1e-4);
            check.That(new ProductReduction(), Math.Pow(1e-22f * (double)1e22f, length / 2), [1e-22f, 1e-22f, 1e22f, 1e22f]);
            check.That(new ProductReduction(), Math.Pow(1e30f * (double)1e-30f, length / 2), [1e30f, 1e30f, 1e-30f, 1e-30f]);
            check.That(new NonZeroProductRootReduction(), Math.Pow(1e30f * (double)1e-30f, length / 8.0), [1e30f, 1e-30f, 0, 1]);
            check.That(new ProductReduction(), 0, [0, 1e30f, 1e-30f, 1]);
        }
    }

    [Theory, MemberData(nameof(Lies))]
    public void Extremes_are_elements_and_need_no_second_look(int bits, Lie lie)
    {
        foreach (int length in (int[])[3, 70, 1100, 9001])
        {
            var check = new Reduced(bits, lie, length);
            foreach (float one in (float[])[1e-45f, -1e-45f, 0, float.MaxValue, float.PositiveInfinity, float.NegativeInfinity, float.NaN])
            {
                check.That(new MaxReduction(), MathF.Max(one, -3e38f), one, -3e38f);
                check.That(new MinReduction(), MathF.Min(one, 3e38f), one, 3e38f);
                check.That(new MaxMagnitudeReduction(), MathF.Abs(one), one, 0);
                check.That(new MinMagnitudeReduction(), MathF.Abs(one), one, float.PositiveInfinity);
                check.That(new FiniteCheckReduction(), float.IsFinite(one) ? 0 : double.NaN, one, -3e38f);
            }

            check.That(new MaxReduction(), double.NegativeInfinity, float.NegativeInfinity, float.NegativeInfinity);
            check.That(new ZeroCountReduction(inverted: true), 1, 1e-45f, -0f);
        }
    }

    [Theory, MemberData(nameof(Lies))]
    public void Rounding_does_not_add_up(int bits, Lie lie)
    {
        var check = new Reduced(bits, lie, bits == 0 ? 10_000 : 300_000, lines: 2);
        check.That(new SumReduction(), 0.1 * check.Length, 0.1f, 0.1f);
        check.That(new MeanReduction(), 0.1, 0.1f, 0.1f);
        check.That(new PowerNormReduction(2), 0.1 * Math.Sqrt(check.Length), 0.1f, 0.1f);
        check.That(new VarianceReduction(0), 0.01, 0.1f, 0.1f);
        check.That(new ExpSumReduction(), Math.Exp(0.1f) * check.Length, 0.1f, 0.1f);
        check.That(new ProductReduction(), Math.Pow(3.0 * (1 / 3f), check.Length / 2), [3, 1 / 3f, 1 / 3f, 3]);
    }

    /// <summary>Lines of elements of a form on a device, and what becomes of them.</summary>
    private sealed class Reduced(int bits, Lie lie, int length, int lines = 19)
    {
        private readonly Device _device = bits == 0 ? Device.Reference : TestDevices.Splitting(2, bits);
        private readonly float[] _line = new float[length];

        public int Length => length;

        public void That<TReduction>(TReduction reduction, double expected, float one, float others, double tolerance = 1e-6)
            where TReduction : struct, IReduction
        {
            _line.AsSpan().Fill(others);
            _line[length / 2] = one;
            Check(reduction, expected, tolerance);
        }

        /// <summary>The same of a line that repeats a few numbers.</summary>
        public void That<TReduction>(TReduction reduction, double expected, float[] pattern, double tolerance = 1e-6)
            where TReduction : struct, IReduction
        {
            for (int i = 0; i < length; i++)
            {
                _line[i] = pattern[i % pattern.Length];
            }

            Check(reduction, expected, tolerance);
        }

        private void Check<TReduction>(TReduction reduction, double expected, double tolerance) where TReduction : struct, IReduction
        {
            var x = lie switch
            {
                Lie.Rows => Tensor.From(Values((_, at) => _line[at]), [lines, length], _device),
                Lie.Columns => Tensor.From(Values((at, _) => _line[at / lines]), [length, lines], _device),
                _ => Strided(),
            };
            int axis = lie == Lie.Rows ? 1 : 0;
            var y = Tensor.Zeros(x.Shape.With(axis, 1), _device);
            _device.Reduce(reduction, x, y);
            foreach (float actual in y.ToArray())
            {
                bool isRight = double.IsFinite(expected)
                    ? Math.Abs(actual - expected) <= tolerance * Math.Abs(expected)
                    : expected.Equals(actual);
                Assert.True(isRight, $"{typeof(TReduction).Name} of {length}: {actual} instead of {expected}");
            }
        }

        private float[] Values(Func<int, int, float> element)
        {
            float[] values = new float[lines * length];
            for (int i = 0; i < values.Length; i++)
            {
                values[i] = element(i, i % length);
            }

            return values;
        }

        private Tensor Strided()
        {
            float[] values = new float[2 * lines * length];
            for (int i = 0; i < values.Length; i++)
            {
                values[i] = i % 2 == 0 ? _line[i / 2 / lines] : float.NaN;
            }

            var all = Tensor.From(values, [length, lines, 2], _device);
            return all.View(all.Layout.Slice(2, 0, 1, step: 1), "test");
        }
    }
}
