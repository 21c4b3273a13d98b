using TinyNet.Autograd;
using TinyNet.Core;

namespace TinyNet.Tests.Core;

/// <summary>
/// Attention of the CPU device against the reference: random shapes, strided operands and destinations, masks, special cases.
/// </summary>
public class AttentionTests
{
    [Theory, MemberData(nameof(TestDevices.WidthRows), MemberType = typeof(TestDevices))]
    public void Random_shapes_agree_with_the_reference(int bits)
    {
        var device = TestDevices.Splitting(2, bits);
        var random = new RandomStream(9);
        for (int round = 0; round < 60; round++)
        {
            int Size(int limit) => random.Next(4) == 0 ? 1 : 1 + random.Next(limit);
            int heads = Size(3),
                batch = random.Next(8) == 0 ? 0 : Size(3),
                queries = Size(round % 10 == 0 ? 150 : 20),
                keys = Size(20),
                depth = Size(40),
                features = Size(40);
            float Next() => random.Next(4001) / 1000f - 2f;
            OperandPair Make(Shape shape, Form form) => OperandPair.Make(device, random, shape, form, Next);
            Form Any() => (Form)random.Next(5);
            OperandPair q = Make([batch, heads, queries, depth], Any()),
                k = Make([batch, heads, keys, depth], Any()),
                v = Make([batch, heads, keys, features], Any());
            OperandPair g = Make([batch, heads, queries, features], Any()), bias = Make([batch, heads, queries, keys], Any());
            var mask = OperandPair.Make(device, random, [batch, heads, queries, keys], Any(), () => random.Next(3) > 0 ? 1 : 0);
            int? offset = random.Next(2) == 0 ? random.Next(3) : null;
            bool isMasked = random.Next(2) == 0, isBiased = random.Next(2) == 0;
            OperandPair y = Make([batch, heads, queries, features], Form.Dense), total = Make([batch, heads, queries], Form.Dense);
            OperandPair dq = Make([batch, heads, queries, depth], Form.Dense),
                dk = Make([batch, heads, keys, depth], Form.Dense),
                dv = Make([batch, heads, keys, features], Form.Dense);
            foreach (var on in new Device[] { device, Device.Reference })
            {
                var operands = new AttentionOperands(
                    q.On(on), k.On(on), v.On(on), isMasked ? mask.On(on) : null, isBiased ? bias.On(on) : null, offset, 0.4f);
                on.Attention(operands, total.On(on), y.On(on));
                on.AttentionGradient(operands, total.On(on), g.On(on), dq.On(on), dk.On(on), dv.On(on));
            }

            string what = $"round {round}: [{batch}, {heads}] {queries} x {keys}, depth {depth} and {features}";
            y.AssertAgree(2e-5, what);
            total.AssertAgree(2e-5, what);
            dq.AssertAgree(1e-4, what);
            dk.AssertAgree(1e-4, what);
            dv.AssertAgree(1e-4, what);
        }
    }

    /// <summary>Queries, keys, values and gradients of one feature whose gradients are floats, and what they are made of is none.</summary>
    public static TheoryData<float[], float[], float[], float[], float> Extremes => new()
    {
        // What the first query and the third give is ±1e40 and more, times 1e-30; the second is ordinary.
        { [1e-30f, -2e-30f, 1e-5f], [1e-30f, 3e-30f, -2e-30f, 5e-30f], [1e20f, -2e20f, 4e20f, 1e15f], [3e20f, 1, -1e22f], 1 },

        // A product with a value is a float, and Σ of all is, but their difference is none.
        { [1, 0.5f], [1.0986f, -1.0986f], [3e38f, -3e38f], [1, 1e-3f], 1 },

        // Products with values vanish, which keys bring back, or queries.
        { [1e-30f, 2e-30f], [1e30f, -1e30f, 3e29f], [1e-30f, -1e-30f, 3e-30f], [1e-20f, -3e-20f], 1 },
        { [1e30f, -2e30f], [1e-30f, -1e-30f, 3e-31f], [1e-30f, -1e-30f, 3e-30f], [1e-20f, -3e-20f], 1 },

        // A scale brings back what vanished before it.
        { [1e-10f, -2e-10f], [1e-10f, -1e-10f, 3e-10f], [1e-24f, -1e-24f, 3e-24f], [1e-20f, -3e-20f], 1e20f },
    };

    [Theory, MemberData(nameof(Extremes))]
    public void Gradients_are_floats_though_what_they_are_made_of_is_none(float[] q, float[] k, float[] v, float[] g, float scale)
    {
        double[] toQueries = new double[q.Length], toKeys = new double[k.Length], toValues = new double[k.Length];
        for (int i = 0; i < q.Length; i++)
        {
            double sum = k.Sum(key => Math.Exp((double)scale * q[i] * key));
            double[] p = [.. k.Select(key => Math.Exp((double)scale * q[i] * key) / sum)];
            double total = p.Zip(v).Sum(pair => pair.First * g[i] * pair.Second);
            for (int s = 0; s < k.Length; s++)
            {
                double slope = scale * p[s] * ((double)g[i] * v[s] - total);
                toQueries[i] += slope * k[s];
                toKeys[s] += slope * q[i];
                toValues[s] += p[s] * g[i];
            }
        }

        foreach (var device in (Device[])[.. TestDevices.OfEachWidth(), Device.Reference])
        {
            Parameter queries = Of(q), keys = Of(k), values = Of(v);
            using var tape = Tape.Record();
            var y = queries.Attention(keys, values, scale: scale);
            tape.Backward(y, Tensor.From(g, [1, g.Length, 1], device));
            Near(toQueries, queries, device);
            Near(toKeys, keys, device);
            Near(toValues, values, device);

            Parameter Of(float[] numbers) => new(Tensor.From(numbers, [1, numbers.Length, 1], device));
        }

        static void Near(double[] expected, Parameter parameter, Device device)
        {
            double allowed = 1e-5 * expected.Max(Math.Abs) + 2 * float.Epsilon;
            Assert.All(expected.Zip(parameter.Gradient!.ToArray()),
                pair => Assert.True(Math.Abs(pair.First - pair.Second) <= allowed, $"{pair} on {device}"));
        }
    }

    [Theory, MemberData(nameof(TestDevices.WidthRows), MemberType = typeof(TestDevices))]
    public void Bits_do_not_depend_on_the_number_of_threads(int bits)
    {
        var expected = Bits(TestDevices.Splitting(1, bits));
        foreach (var device in TestDevices.OfEachThreadCount(bits).Skip(1).Append(new CpuDevice(3, bits)))
        {
            Assert.Equal(expected, Bits(device));
        }

        static int[] Bits(CpuDevice device)
        {
            var random = new RandomStream(3);
            Tensor Normal(Shape shape) => Tensor.Normal(shape, random, device: device);
            Tensor q = Normal([3, 2, 133, 17]), k = Normal([3, 2, 90, 17]), v = Normal([3, 2, 90, 9]), g = Normal([3, 2, 133, 9]);
            Tensor y = Normal(g.Shape), total = Normal([3, 2, 133]), dq = Normal(q.Shape), dk = Normal(k.Shape), dv = Normal(v.Shape);
            var operands = new AttentionOperands(q, k, v, null, null, 0, 0.3f);
            device.Attention(operands, total, y);
            device.AttentionGradient(operands, total, g, dq, dk, dv);
            Tensor x = Normal([700, 45]),
                weight = Normal([45]),
                scales = Normal([700]),
                means = Normal([2, 700]),
                n = Normal([700, 45]),
                dx = Normal([700, 45]),
                dw = Normal([45]),
                db = Normal([45]);
            device.LayerNorm(x, weight, weight, 1e-5, means, scales, n);
            device.LayerNormGradient(x, weight, means, scales, n, dx, dw, db);
            var table = Tensor.Zeros([13, 45], device);
            device.IndexAdd(x, 0, IndexTensor.From([.. Enumerable.Range(0, 700).Select(i => i * 5 % 13)]), table);
            return
            [
                .. new[] { y, total, dq, dk, dv, n, dx, dw, db, table }.SelectMany(tensor => tensor.ToArray())
                    .Select(BitConverter.SingleToInt32Bits),
            ];
        }
    }

    [Fact]
    public void A_block_of_scores_beyond_any_array_is_refused()
    {
        // One number, seen as so many keys that 16 scores for each are more than 2^31.
        Tensor one = Tensor.Ones([1, 1]), many = one.Expand(1 << 28, 1);
        Refusal.Of<ShapeException>(
            () => Device.Cpu.Attention(new AttentionOperands(one, many, many, null, null, null, 1), null, Tensor.Zeros([1, 1])),
            "scratch memory",
            "split them");
    }

    [Fact]
    public void Gradients_that_nobody_asks_for_are_left_out()
    {
        var device = new CpuDevice(1);
        Tensor q = Tensor.Ones([1, 3, 2], device), to = Tensor.Zeros([1, 3, 2], device), total = Tensor.Zeros([1, 3], device);
        var operands = new AttentionOperands(q, q, q, null, null, null, 1);
        device.Attention(operands, total, to);
        device.AttentionGradient(operands, total, q, null, null, to);
        Assert.All(to.ToArray(), value => Assert.Equal(1, value, 1e-6));
    }
}
