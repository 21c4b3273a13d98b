using TinyNet.Core;
using TinyNet.Tests.Ilgpu;

namespace TinyNet.Tests.Core;

/// <summary>
/// Every primitive and fused operation of the CPU device, at each width of its registers, and of the GPU device, against the reference
/// device: on shapes with odd sizes, zeros and ones, on strided operands and into strided destinations.
/// </summary>
public partial class DeviceParityTests
{
    private const int Rounds = 60;

    // A launch takes some milliseconds there.
    private const int OnGpu = 0, RoundsOnGpu = 4;

    private const double Tolerance = 2e-5;

    private static readonly float[] Specials = [float.NaN, float.PositiveInfinity, float.NegativeInfinity, 0f, -0f, 1f, -1f, 100f];

    /// <summary>Each width the machine has, with one to three threads that share even the smallest work.</summary>
    public static TheoryData<int, int> Processors => new(TestDevices.OfEachWidth().Select(device => (device.LaneBits, device.Threads)));

    /// <summary>The processors, and the GPU, of 0 bits.</summary>
    public static TheoryData<int, int> Devices => [.. Processors, new(OnGpu, 0)];

    [Theory, MemberData(nameof(Devices))]
    public void Data_go_in_and_out(int bits, int threads) => Repeat(bits, threads, (device, random, make) =>
    {
        var shape = AnyShape(random);
        var to = make(shape, DestinationForm(random));
        var values = new float[shape.Length];
        foreach (ref float value in values.AsSpan())
        {
            value = random.Next(1000);
        }

        to.Tested.CopyFrom(values);
        to.Reference.CopyFrom(values);
        to.AssertAgree(0, "upload");
        Assert.Equal(values, to.Tested.ToArray());
        Assert.Equal(values, to.Reference.ToArray());
        var from = make(shape, AnyForm(random));
        Assert.Equal(from.Reference.ToArray(), from.Tested.ToArray());
        to.Tested.Fill(0.1f);
        to.Reference.Fill(0.1f);
        to.AssertAgree(0, "fill");
    });

    [Theory, MemberData(nameof(Devices))]
    public void Matrix_products_agree(int bits, int threads) => Repeat(bits, threads, (device, random, make) =>
    {
        int scale = random.Next(5) == 0 ? 90 : 9;
        int m = random.Next(scale), k = random.Next(scale), n = random.Next(scale);
        var batch = AnyShape(random, maximumRank: 2);
        var a = make(batch.Insert(batch.Rank, m).Insert(batch.Rank + 1, k), AnyForm(random));
        var b = make(batch.Insert(batch.Rank, k).Insert(batch.Rank + 1, n), AnyForm(random));
        var bias = random.Next(2) == 0 ? make([n], AnyForm(random)) : null;
        bool accumulate = random.Next(2) == 0;
        // The last axis of the destination is dense: it is the columns of a wider matrix, or all rows of it.
        var to = make(batch.Insert(batch.Rank, m).Insert(batch.Rank + 1, n), Form.Dense);
        if (random.Next(2) == 0 && n > 0)
        {
            int from = random.Next(n), count = 1 + random.Next(n - from);
            b = b.Slice(batch.Rank + 1, from, count);
            bias = bias?.Slice(0, from, count);
            to = to.Slice(batch.Rank + 1, from, count);
        }

        Both(device, on => on.MatrixProduct(a.On(on), b.On(on), bias?.On(on), accumulate, to.On(on)));
        to.AssertAgree(5 * Tolerance, $"product {a.Tested.Shape} · {b.Tested.Shape}, bias {bias is not null}, accumulate {accumulate}");
    });

    [Theory, MemberData(nameof(Devices))]
    public void Random_numbers_have_the_same_bits(int bits, int threads) => Repeat(bits, threads, (device, random, make) =>
    {
        var shape = random.Next(20) == 0 ? [3, 16411] : AnyShape(random);
        var range = random.Reserve(shape.Length);
        var to = make(shape, DestinationForm(random));
        Both(device, on => on.FillUniform(to.On(on), range, -0.3f, 1.7f));
        to.AssertAgree(0, "uniform");
        Both(device, on => on.FillNormal(to.On(on), range, 0.2f, 3f));
        to.AssertAgree(0, "normal");
    });

    private delegate OperandPair Maker(Shape shape, Form form);

    /// <summary>Runs a case with ordinary and, every other round, with special values.</summary>
    private static void Repeat(int bits, int threads, Action<Device, RandomStream, Maker> run, int rounds = Rounds)
    {
        var device = Tested(bits, threads);
        rounds = bits == OnGpu ? Math.Min(rounds, RoundsOnGpu) : rounds;
        var random = new RandomStream(7);
        for (int round = 0; round < rounds; round++)
        {
            bool isSpecial = round % 2 == 1;
            float Next() => isSpecial && random.Next(12) == 0 ? Specials[random.Next(Specials.Length)] : random.Next(4001) / 1000f - 2f;
            // What operations make for themselves inside a scope is filled with nan first.
            var scope = StepScope.Open("test");
            try
            {
                run(device, random, (shape, form) => OperandPair.Make(device, random, shape, form, Next));
            }
            finally
            {
                scope.Close();
            }
        }
    }

    private static Device Tested(int bits, int threads) =>
        bits == OnGpu ? IlgpuTestDevice.Instance : TestDevices.Splitting(threads, bits);

    private static void Both(Device device, Action<Device> run)
    {
        run(device);
        run(Device.Reference);
    }

    private static Shape AnyShape(RandomStream random, int minimumRank = 0, int maximumRank = 4)
    {
        var sizes = new int[minimumRank + random.Next(maximumRank + 1 - minimumRank)];
        foreach (ref int size in sizes.AsSpan())
        {
            size = random.Next(12) switch { 0 => 0, 1 or 2 => 1, 3 => 33, _ => 2 + random.Next(6) };
        }

        return new Shape(sizes);
    }

    /// <summary>A shape that broadcasts to another.</summary>
    private static Shape Broadcastable(RandomStream random, Shape shape)
    {
        for (int axis = 0; axis < shape.Rank; axis++)
        {
            shape = random.Next(4) == 0 ? shape.With(axis, 1) : shape;
        }

        for (int removed = random.Next(2) * random.Next(shape.Rank + 1); removed > 0; removed--)
        {
            shape = shape.Without(0);
        }

        return shape;
    }

    private static Form AnyForm(RandomStream random) => (Form)random.Next(5);

    private static Form DestinationForm(RandomStream random) => random.Next(2) == 0 ? Form.Dense : (Form)random.Next(4);

    private static IndexTensor AnyIndex(RandomStream random, Shape shape, int limit)
    {
        var indices = new int[shape.Length];
        foreach (ref int index in indices.AsSpan())
        {
            index = random.Next(limit);
        }

        return IndexTensor.From(indices, shape);
    }
}
