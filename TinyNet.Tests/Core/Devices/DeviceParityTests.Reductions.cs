using TinyNet.Core;

namespace TinyNet.Tests.Core;

/// <summary>Reductions, extremes and cumulative sums.</summary>
public partial class DeviceParityTests
{
    [Theory, MemberData(nameof(Devices))]
    public void Reductions_agree(int bits, int threads) => Repeat(bits, threads, (device, random, make) =>
    {
        var shape = random.Next(8) == 0 ? [random.Next(40), 1 + random.Next(3), 500 + random.Next(800)] : AnyShape(random);
        var x = make(shape, AnyForm(random));
        var reduced = shape;
        for (int axis = 0; axis < shape.Rank; axis++)
        {
            reduced = random.Next(2) == 0 ? reduced.With(axis, 1) : reduced;
        }

        Reduce(new SumReduction());
        Reduce(new MeanReduction());
        Reduce(new VarianceReduction(random.Next(3)));
        Reduce(new DeviationReduction(random.Next(3)));
        Reduce(new ProductReduction());
        Reduce(new MaxReduction());
        Reduce(new MinReduction());
        Reduce(new PowerNormReduction(1));
        Reduce(new PowerNormReduction(2));
        Reduce(new PowerNormReduction(3));
        Reduce(new MaxMagnitudeReduction());
        Reduce(new MinMagnitudeReduction());
        Reduce(new FiniteCheckReduction());

        void Reduce<TReduction>(TReduction reduction) where TReduction : struct, IReduction
        {
            var to = reduced == shape && random.Next(2) == 0 ? make(shape, DestinationForm(random)) : null;
            var source = to ?? x;
            to ??= make(reduced, DestinationForm(random));
            Both(device, on => on.Reduce(reduction, source.On(on), to.On(on)));
            to.AssertAgree(5 * Tolerance, $"{typeof(TReduction).Name} of {shape} to");
        }
    });

    [Theory, MemberData(nameof(Devices))]
    public void Long_reductions_agree(int bits, int threads) => Repeat(bits, threads, (device, random, make) =>
    {
        foreach (Shape shape in new Shape[] { [2, 9001], [3, 1100, 37], [70_001] })
        {
            for (int axis = 0; axis < shape.Rank; axis++)
            {
                var (x, to) = (make(shape, random.Next(2) == 0 ? Form.Dense : Form.Permuted), make(shape.With(axis, 1), Form.Dense));
                Both(device, on => on.Reduce(new MeanReduction(), x.On(on), to.On(on)));
                to.AssertAgree(Tolerance, "long mean");
                Both(device, on => on.Reduce(new MaxReduction(), x.On(on), to.On(on)));
                to.AssertAgree(0, "long maximum");
            }
        }
    }, rounds: 2);

    [Theory, MemberData(nameof(Devices))]
    public void Extremes_are_at_the_same_index(int bits, int threads) => Repeat(bits, threads, (device, random, make) =>
    {
        var shape = AnyShape(random, minimumRank: 1);
        int axis = random.Next(shape.Rank);
        shape = shape.With(axis, Math.Max(1, shape[axis]));
        var x = make(shape, AnyForm(random));
        foreach (bool largest in new[] { true, false })
        {
            IndexTensor actual = IndexTensor.Result("test", shape.With(axis, 1)),
                expected = IndexTensor.Result("test", shape.With(axis, 1));
            device.ArgExtreme(x.Tested, axis, largest, actual);
            Device.Reference.ArgExtreme(x.Reference, axis, largest, expected);
            Assert.Equal(expected.ToArray(), actual.ToArray());
        }
    });

    [Fact]
    public void The_first_nan_is_the_extreme()
    {
        var indices = IndexTensor.Result("test", [1]);
        foreach (Device device in new Device[] { Device.Cpu, Device.Reference })
        {
            foreach (bool largest in new[] { true, false })
            {
                device.ArgExtreme(
                    Tensor.From([float.PositiveInfinity, float.NegativeInfinity, float.NaN, 1, float.NaN], device), 0, largest, indices);
                Assert.Equal(2, indices.Item());
                device.ArgExtreme(Tensor.From([1, 3, -2, 3, -2], device), 0, largest, indices);
                Assert.Equal(largest ? 1 : 2, indices.Item());
            }
        }
    }

    [Theory, MemberData(nameof(Devices))]
    public void Cumulative_sums_agree(int bits, int threads) => Repeat(bits, threads, (device, random, make) =>
    {
        var shape = AnyShape(random, minimumRank: 1);
        int axis = random.Next(shape.Rank);
        bool reverse = random.Next(2) == 0;
        var to = make(shape, DestinationForm(random));
        var x = random.Next(3) == 0 ? to : make(shape, AnyForm(random));
        Both(device, on => on.CumulativeSum(x.On(on), axis, reverse, to.On(on)));
        to.AssertAgree(Tolerance, "cumulative sum");
    });
}
