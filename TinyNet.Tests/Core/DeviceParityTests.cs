using TinyNet.Core;

namespace TinyNet.Tests.Core;

/// <summary>
/// Every primitive and fused operation of the CPU device, at each width of its registers, against the reference device: on
/// shapes with odd sizes, zeros and ones, on strided operands and into strided destinations.
/// </summary>
public class DeviceParityTests
{
    private const int Rounds = 60;
    private const double Tolerance = 2e-5;

    private static readonly float[] Specials = [float.NaN, float.PositiveInfinity, float.NegativeInfinity, 0f, -0f, 1f, -1f, 100f];

    /// <summary>Each width the machine has, with one to three threads that share even the smallest work.</summary>
    public static TheoryData<int, int> Devices => new(TestDevices.OfEachWidth().Select(device => (device.LaneBits, device.Threads)));

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
    public void Maps_agree(int bits, int threads) => Repeat(bits, threads, (device, random, make) =>
    {
        var shape = AnyShape(random);
        var (a, b, c) = (make(Broadcastable(random, shape), AnyForm(random)), make(Broadcastable(random, shape), AnyForm(random)), make(Broadcastable(random, shape), AnyForm(random)));
        var to = make(shape, DestinationForm(random));
        Both(device, on => on.Map(new Wave(), a.On(on), to.On(on)));
        to.AssertAgree(Tolerance, "unary map");
        to = make(shape, DestinationForm(random));
        Both(device, on => on.Map(new Larger(), a.On(on), b.On(on), to.On(on)));
        to.AssertAgree(Tolerance, "binary map");
        to = make(shape, DestinationForm(random));
        Both(device, on => on.Map(new Choice(), a.On(on), b.On(on), c.On(on), to.On(on)));
        to.AssertAgree(Tolerance, "ternary map");

        // In place, each operand in turn.
        for (int at = 0; at < 3; at++)
        {
            to = make(shape, DestinationForm(random));
            var (x, y, z) = (at == 0 ? to : a, at == 1 ? to : b, at == 2 ? to : c);
            Both(device, on => on.Map(new Choice(), x.On(on), y.On(on), z.On(on), to.On(on)));
            to.AssertAgree(Tolerance, "map in place");
        }

        Both(device, on => on.Copy(b.On(on), to.On(on)));
        to.AssertAgree(Tolerance, "copy");
    });

    [Theory, MemberData(nameof(Devices))]
    public void Long_maps_agree(int bits, int threads) => Repeat(bits, threads, (device, random, make) =>
    {
        var a = make([3, 37, 601], Form.Permuted);
        var b = make([601], Form.Sliced);
        foreach (var form in new[] { Form.Dense, Form.SlicedPermuted })
        {
            var to = make([3, 37, 601], form);
            Both(device, on => on.Map(new Larger(), a.On(on), b.On(on), to.On(on)));
            to.AssertAgree(Tolerance, "long map");
        }
    }, rounds: 2);

    [Theory, MemberData(nameof(Devices))]
    public void Updates_agree(int bits, int threads) => Repeat(bits, threads, (device, random, make) =>
    {
        var shape = random.Next(10) == 0 ? [131, 257] : AnyShape(random);
        var (parameter, gradient) = (make(shape, Form.Dense), make(shape, AnyForm(random)));
        var states = new OperandPair?[3];
        for (int i = 0; i < states.Length; i++)
        {
            states[i] = random.Next(3) > 0 ? make(shape, Form.Dense) : null;
        }

        Both(device, on => on.Update(new Momentum(0.1), parameter.On(on), gradient.On(on), states[0]?.On(on), states[1]?.On(on), states[2]?.On(on)));
        parameter.AssertAgree(Tolerance, "parameter");
        gradient.AssertAgree(0, "gradient");
        foreach (var state in states)
        {
            state?.AssertAgree(Tolerance, "state");
        }
    });

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
            IndexTensor actual = IndexTensor.Result("test", shape.With(axis, 1)), expected = IndexTensor.Result("test", shape.With(axis, 1));
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
                device.ArgExtreme(Tensor.From([float.PositiveInfinity, float.NegativeInfinity, float.NaN, 1, float.NaN], device), 0, largest, indices);
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
    public void Indexing_agrees(int bits, int threads) => Repeat(bits, threads, (device, random, make) =>
    {
        var shape = AnyShape(random, minimumRank: 1);
        int axis = random.Next(shape.Rank);
        shape = shape.With(axis, Math.Max(1, shape[axis]));
        var index = AnyIndex(random, [random.Next(6)], shape[axis]);
        var few = shape.With(axis, index.Length);
        var (x, picked) = (make(shape, AnyForm(random)), make(few, DestinationForm(random)));
        Both(device, on => on.IndexSelect(x.On(on), axis, index, picked.On(on)));
        picked.AssertAgree(0, "index select");
        var (source, total) = (make(few, AnyForm(random)), make(shape, DestinationForm(random)));
        Both(device, on => on.IndexAdd(source.On(on), axis, index, total.On(on)));
        total.AssertAgree(Tolerance, "index add");

        // Along the other axes an index may be shorter than what it picks from, its source larger than itself.
        Shape smaller = shape.With(axis, random.Next(6)), larger = smaller;
        for (int other = 0; other < shape.Rank; other++)
        {
            smaller = other == axis ? smaller : smaller.With(other, random.Next(shape[other] + 1));
            larger = larger.With(other, smaller[other] + random.Next(3));
        }

        index = AnyIndex(random, smaller, shape[axis]);
        var gathered = make(smaller, DestinationForm(random));
        Both(device, on => on.Gather(x.On(on), axis, index, gathered.On(on)));
        gathered.AssertAgree(0, "gather");
        source = make(larger, AnyForm(random));
        Both(device, on => on.ScatterAdd(source.On(on), axis, index, total.On(on)));
        total.AssertAgree(Tolerance, "scatter add");
    });

    [Theory, MemberData(nameof(Devices))]
    public void Permuting_in_place_agrees(int bits, int threads) => Repeat(bits, threads, (device, random, make) =>
    {
        var (x, y) = (make([5, 3], DestinationForm(random)), make([5, 3], DestinationForm(random)));
        var order = AnyIndex(random, [5], 5);
        Both(device, on => on.IndexSelect(x.On(on), 0, order, x.On(on)));
        x.AssertAgree(0, "index select in place");
        var orders = AnyIndex(random, [5, 3], 3);
        Both(device, on => on.Gather(y.On(on), 1, orders, y.On(on)));
        y.AssertAgree(0, "gather in place");
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

    [Theory, MemberData(nameof(Devices))]
    public void Softmax_agrees(int bits, int threads) => Repeat(bits, threads, (device, random, make) =>
    {
        var shape = random.Next(8) == 0 ? [3, 2, 1 + random.Next(900)] : AnyShape(random, minimumRank: 1);
        int axis = random.Next(3) == 0 ? random.Next(shape.Rank) : shape.Rank - 1;
        bool logarithm = random.Next(2) == 0;
        var y = make(shape, DestinationForm(random));
        var x = random.Next(3) == 0 ? y : make(shape, AnyForm(random));
        Both(device, on => on.Softmax(x.On(on), axis, logarithm, y.On(on)));
        y.AssertAgree(Tolerance, "softmax");

        var g = make(shape, DestinationForm(random));
        var output = make(shape, AnyForm(random));
        var to = random.Next(3) switch { 0 => g, 1 => y, _ => make(shape, DestinationForm(random)) };
        var operand = to == y ? y : output;
        Both(device, on => on.SoftmaxGradient(operand.On(on), g.On(on), axis, logarithm, to.On(on)));
        to.AssertAgree(5 * Tolerance, "softmax gradient");
    });

    [Theory, MemberData(nameof(Devices))]
    public void Cross_entropy_agrees(int bits, int threads) => Repeat(bits, threads, (device, random, make) =>
    {
        int count = random.Next(20), classes = 1 + random.Next(40);
        var labels = AnyIndex(random, [count], classes);
        var (logProbabilities, losses) = (make([count, classes], DestinationForm(random)), make([count], DestinationForm(random)));
        var logits = random.Next(3) == 0 ? logProbabilities : make([count, classes], AnyForm(random));
        Both(device, on => on.CrossEntropy(logits.On(on), labels, logProbabilities.On(on), losses.On(on)));
        logProbabilities.AssertAgree(Tolerance, "log probabilities");
        losses.AssertAgree(Tolerance, "losses");

        // Of finite gradients: infinite ones are nan where a device writes g · (p − 1) as g · p − g.
        var gradient = OperandPair.Make(device, random, [count], AnyForm(random), () => random.Next(2001) / 1000f - 1f);
        var to = random.Next(3) == 0 ? logProbabilities : make([count, classes], DestinationForm(random));
        Both(device, on => on.CrossEntropyGradient(logProbabilities.On(on), labels, gradient.On(on), to.On(on)));
        to.AssertAgree(Tolerance, "cross-entropy gradient");
    });

    [Theory, MemberData(nameof(Devices))]
    public void Softmax_of_a_row_with_nan_or_infinity_is_nan(int bits, int threads)
    {
        const int Columns = 37;
        var (tested, reference) = (TestDevices.Splitting(threads, bits), Device.Reference);
        foreach (Device device in new Device[] { tested, reference })
        {
            foreach (int at in new[] { 0, 17, Columns - 1 })
            {
                foreach (bool logarithm in new[] { false, true })
                {
                    var rows = new float[4 * Columns];
                    (rows[at], rows[Columns + at], rows[3 * Columns + at]) = (float.NaN, float.PositiveInfinity, float.NegativeInfinity);
                    rows.AsSpan(2 * Columns, Columns).Fill(float.NegativeInfinity);
                    var x = Tensor.From(rows, [4, Columns], device);
                    device.Softmax(x, 1, logarithm, x);
                    float[] y = x.ToArray();
                    Assert.All(y[..(3 * Columns)], value => Assert.True(float.IsNaN(value)));
                    Assert.Equal(logarithm ? float.NegativeInfinity : 0, y[3 * Columns + at]);
                    Assert.DoesNotContain(y[(3 * Columns)..], float.IsNaN);
                }
            }
        }
    }

    private delegate OperandPair Maker(Shape shape, Form form);

    /// <summary>Runs a case with ordinary and, every other round, with special values.</summary>
    private static void Repeat(int bits, int threads, Action<Device, RandomStream, Maker> run, int rounds = Rounds)
    {
        var device = TestDevices.Splitting(threads, bits);
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

    private readonly struct Wave : IUnaryMap
    {
        public T Forward<T>(T a) where T : struct, ILane<T> => T.Sin(a) + T.Exp(-a * a) * a;
    }

    private readonly struct Larger : IBinaryMap
    {
        public T Forward<T>(T a, T b) where T : struct, ILane<T> => T.Max(a, b) - b / (T.One + a * a);
    }

    private readonly struct Choice : ITernaryMap
    {
        public T Forward<T>(T a, T b, T c) where T : struct, ILane<T> => T.Select(a < b, T.FusedMultiplyAdd(a, b, c), T.Min(b, c));
    }

    private readonly struct Momentum(double rate) : IParameterUpdate
    {
        public void Apply<T>(ref T parameter, T gradient, ref T state0, ref T state1, ref T state2) where T : struct, ILane<T>
        {
            state0 = state0 * T.Const(0.9) + gradient;
            state1 = T.Max(state1, gradient * gradient);
            state2 += T.One;
            parameter -= T.Const(rate) * state0 / (T.One + T.Sqrt(state1) + state2 * state2);
        }
    }
}
