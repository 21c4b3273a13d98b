using TinyNet.Autograd;
using TinyNet.Core;
using TinyNet.Layers;

namespace TinyNet.ExtensionTests;

/// <summary>
/// What a device gets composed of its own primitives gives what the fused kernels of the processor give: layers of random sizes and
/// settings, on dense and strided operands, forward and back.
/// </summary>
public class ComposedOperationTests
{
    private const int Seeds = 6;

    static ComposedOperationTests() => PlainDevice.Register();

    /// <summary>A model, and what it makes of its operands.</summary>
    private delegate (Module? Model, Func<Tensor[], Tensor> Run, Shape[] Operands) Maker(RandomStream random);

    private static readonly Dictionary<string, Maker> Makers = new()
    {
        ["convolution"] = random =>
        {
            int groups = 1 + random.Next(3), kernel = 1 + random.Next(3), dilation = 1 + random.Next(2);
            var layer = new Conv2d(groups * 2, groups * (1 + random.Next(3)), new Extent(kernel, 1 + random.Next(3)), 1 + random.Next(2),
                random.Next(3), dilation, groups, bias: random.Next(2) == 0, random: random);
            return Of(layer, [random.Next(3), groups * 2, 6 + random.Next(4), 7]);
        },
        ["transposed convolution"] = random => Of(
            new ConvTranspose2d(2, 4, 2 + random.Next(2), 1 + random.Next(2), random.Next(2), groups: 1 + random.Next(2), random: random),
            [1 + random.Next(2), 2, 4, 3 + random.Next(3)]),
        ["layer norm"] = random =>
        {
            int columns = 1 + random.Next(5);
            return Of(new LayerNorm([3, columns]), [random.Next(4), 3, columns]);
        },
        ["RMS norm"] = random => Of(new RMSNorm(4), [2, 1 + random.Next(5), 4]),
        ["batch norm"] = random => Of(new BatchNorm2d(3), [2 + random.Next(2), 3, 2, 1 + random.Next(4)]),
        ["group norm"] = random => Of(new GroupNorm(2, 4), [1 + random.Next(3), 4, 3, 1 + random.Next(4)]),
        ["average pooling"] = random => Of(
            new AvgPool2d(2 + random.Next(2), 1 + random.Next(3), random.Next(2), ceiling: random.Next(2) == 0),
            [2, 3, 7, 5 + random.Next(4)]),
        ["even average pooling"] = random => Of(new AdaptiveAvgPool2d(new Extent(1 + random.Next(4), 3)), [2, 2, 5, 4 + random.Next(5)]),
        ["maximum pooling"] = random =>
            Of(new MaxPool2d(2 + random.Next(2), 1 + random.Next(3), random.Next(2)), [2, 3, 7, 5 + random.Next(4)]),
        ["resizing"] = random => Of(
            new Upsample(new Extent(1 + random.Next(9), 1 + random.Next(9)), (Interpolation)random.Next(2)), [2, 1 + random.Next(3), 4, 5]),
        ["softmax"] = random => Of(new Softmax(axis: random.Next(3)), [2, 1 + random.Next(4), 5]),
        ["log-softmax"] = random => Of(new LogSoftmax(axis: random.Next(3)), [2, 1 + random.Next(4), 5]),
        ["attention"] = random => Attention(random, isCausal: false),
        ["causal attention"] = random => Attention(random, isCausal: true),
        ["LSTM"] = random => Recurrent(new LSTM(3, 4, layers: 2, bidirectional: random.Next(2) == 0, random: random), random),
        ["GRU"] = random => Recurrent(new GRU(3, 5, bidirectional: random.Next(2) == 0, random: random), random),
        ["RNN"] = random => Recurrent(new RNN(3, 2, bidirectional: true, random: random), random),
        ["log-sum-exp"] = random =>
        {
            int axis = random.Next(3);
            return (null, x => x[0].LogSumExp(axis), [[3, 1 + random.Next(4), 2]]);
        },
    };

    public static TheoryData<string> Names => [.. Makers.Keys];

    [Theory, MemberData(nameof(Names))]
    public void It_agrees_with_the_fused_one(string name)
    {
        for (ulong seed = 0; seed < Seeds; seed++)
        {
            float[][] expected = Run(Makers[name], seed, Device.Cpu), actual = Run(Makers[name], seed, Device.Parse(PlainDevice.Kind));

            Assert.Equal(expected.Length, actual.Length);
            for (int i = 0; i < expected.Length; i++)
            {
                Assert.Equal(expected[i].Length, actual[i].Length);
                float scale = 1 + expected[i].DefaultIfEmpty().Max(Math.Abs);
                Assert.All(expected[i].Zip(actual[i]), pair => Assert.True(
                    Math.Abs(pair.First - pair.Second) <= 2e-5f * scale, $"seed {seed}, result {i}: {pair.First} and {pair.Second}"));
            }
        }
    }

    [Theory]
    [InlineData(1e30f, 0, 1e-5f)]
    [InlineData(1e20f, 0, 1e-5f)]
    [InlineData(1e-25f, 0, 0)]
    [InlineData(1e-25f, 0, 1e-44f)]
    [InlineData(2, 1 << 24, 1e-5f)]
    public void Norms_are_right_at_the_ends_of_the_range_of_floats(float magnitude, float center, float epsilon)
    {
        float[] values = [.. new[] { 3, 1, -4, 1, -5, 9, 2, -6, 5, 3, 5, -8, 9, 7, -9, 3 }.Select(value => center + magnitude * value)];
        foreach (var norm in new Func<Tensor, Tensor>[]
        {
            x => x.LayerNorm([2, 4], epsilon: epsilon),
            x => x.RmsNorm([2, 4], epsilon: epsilon),
            x => x.BatchNorm(null, null, epsilon: epsilon),
            x => x.GroupNorm(1, epsilon: epsilon),
            x => x.InstanceNorm(epsilon: epsilon),
        })
        {
            float[][] expected = Run(norm, Device.Cpu), actual = Run(norm, Device.Parse(PlainDevice.Kind));
            for (int i = 0; i < 2; i++)
            {
                float largest = expected[i].Max(Math.Abs);
                Assert.All(expected[i].Zip(actual[i]), pair => Assert.Equal(pair.First, pair.Second, 1e-5f * largest));
            }
        }

        float[][] Run(Func<Tensor, Tensor> norm, Device device)
        {
            var x = new Parameter(Tensor.From(values, [2, 2, 4], device), "x");
            using var tape = Tape.Record();
            var y = norm(x);
            tape.Backward(y, Tensor.From([1, 2, -1, 3, 5, -2, 1, 1, 4, 0, -3, 2, 1, 6, -1, 2], [2, 2, 4], device));
            return [y.ToArray(), x.Gradient!.ToArray()];
        }
    }

    /// <summary>The result, and the gradients of all operands and parameters; operands are strided where the seed is odd.</summary>
    private static float[][] Run(Maker maker, ulong seed, Device device)
    {
        var random = new RandomStream(seed);
        var (model, run, shapes) = maker(random);
        model?.To(device);
        Parameter[] operands = [.. shapes.Select(shape => new Parameter(
            Tensor.Normal(IsStrided(shape) ? Turned(shape) : shape, random, device: Device.Cpu).Keep(device), "operand"))];
        using var tape = Tape.Record();
        var y = run([.. operands.Zip(shapes, (operand, shape) => IsStrided(shape) ? operand.Transpose() : operand)]);
        tape.Backward(y, Tensor.Normal(y.Shape, random, device: Device.Cpu).Keep(device));
        Tensor?[] gradients =
        [
            .. operands.Select(operand => operand.Gradient),
            .. (model?.Parameters() ?? []).Select(weight => weight.Gradient),
        ];
        return [y.ToArray(), .. gradients.Select(gradient => gradient?.ToArray() ?? [])];

        bool IsStrided(Shape shape) => seed % 2 == 1 && shape.Rank > 1;
        static Shape Turned(Shape shape) => shape.With(-1, shape[-2]).With(-2, shape[-1]);
    }

    private static (Module? Model, Func<Tensor[], Tensor> Run, Shape[] Operands) Of(Module<Tensor, Tensor> layer, Shape operand) =>
        (layer, x => layer.Forward(x[0]), [operand]);

    private static (Module? Model, Func<Tensor[], Tensor> Run, Shape[] Operands) Attention(RandomStream random, bool isCausal)
    {
        int batch = 1 + random.Next(2), queries = 1 + random.Next(4), keys = isCausal ? queries : 1 + random.Next(5);
        var layer = new MultiHeadAttention(6, heads: 2, random: random);
        // Some queries see no key.
        float[] mask = [.. Enumerable.Range(0, queries * keys).Select(_ => (float)random.Next(2))];
        return (layer, x => layer.Forward(new AttentionInput(x[0], x[1], x[2])
        {
            Mask = isCausal ? null : Tensor.From(mask, [queries, keys], x[0].Device),
            IsCausal = isCausal,
        }).Output, [[batch, queries, 6], [batch, keys, 6], [batch, keys, 6]]);
    }

    private static (Module? Model, Func<Tensor[], Tensor> Run, Shape[] Operands) Recurrent(
        Module<RecurrentInput, RecurrentOutput> layer, RandomStream random)
    {
        int batch = 1 + random.Next(3), steps = 1 + random.Next(4);
        var lengths = random.Next(2) == 0
            ? null
            : IndexTensor.From([.. Enumerable.Range(0, batch).Select(_ => 1 + random.Next(steps))], [batch]);
        return (layer, x => layer.Forward(new RecurrentInput(x[0], Lengths: lengths)).Output, [[batch, steps, 3]]);
    }
}
