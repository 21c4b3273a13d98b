using TinyNet.Autograd;
using TinyNet.Core;
using TinyNet.Layers;
using static TinyNet.Tests.Layers.AttentionData;

namespace TinyNet.Tests.Layers;

/// <summary>
/// A query that sees no key gives 0, and so do its gradients, on every device and path, as in PyTorch's scaled_dot_product_attention.
/// </summary>
public class UnseenQueryTests
{
    public static TheoryData<string> Devices => [.. TestDevices.Widths.Select(bits => $"{bits}"), "reference"];

    [Theory, MemberData(nameof(Devices))]
    public void It_gives_0_forward_and_back_and_the_others_are_not_touched(string name)
    {
        var device = On(name);
        Tensor mask = Tensor.From([1, 1, 0, 0, 1, 0], [3, 2], device), bias = mask.Log();
        foreach (int path in new[] { 0, 1, 2, 3 })
        {
            Parameter q = Operand(0), k = Operand(1), v = Operand(2);
            using var tape = Tape.Record();
            var y = path switch
            {
                0 => q.Attention(k, v, mask),
                1 => q.AttentionWithWeights(k, v, mask).Output,
                2 => q.Attention(k, v, bias: bias),
                _ => q.AttentionWithWeights(k, v, bias: bias).Output,
            };
            tape.Backward(y.Sum());
            float[] seen = Rows(q, 0, 3).Attention(k, v, Rows(mask, 0, 3)).ToArray(), actual = y.ToArray();
            Assert.Equal(new float[4], actual[4..8]);
            AssertClose(seen[..4], Rows(y, 0, 1));
            AssertClose(seen[8..], Rows(y, 2, 3));
            Assert.Equal(new float[4], q.Gradient!.ToArray()[4..8]);
            foreach (var operand in new[] { q, k, v })
            {
                Assert.All(operand.Gradient!.ToArray(), value => Assert.True(float.IsFinite(value)));
            }

            // Σ y is 1 for each value and query that sees something: the first sees both, the last the first alone.
            Assert.Equal(2, v.Gradient!.ToArray()[0] + v.Gradient!.ToArray()[4], 1e-5);
        }

        Parameter Operand(ulong seed) =>
            new(Tensor.Normal([seed == 0 ? 3 : 2, 4], new RandomStream(seed), device: Device.Cpu).Keep(device));
        static Tensor Rows(Tensor x, int first, int end) => x.Slice(0, first, end);
    }

    [Theory, MemberData(nameof(Devices))]
    public void Its_weights_are_0_whether_dropped_or_not(string name)
    {
        var device = On(name);
        Tensor x = Tensor.Normal([2, 3, 4], new RandomStream(3), device: Device.Cpu).Keep(device);
        var lengths = IndexTensor.From(3, 0).LengthMask(3, device);
        foreach (float dropout in new[] { 0, 0.5f })
        {
            var layer = new MultiHeadAttention(4, 2, dropout, random: Seeded);
            layer.To(device);
            using var tape = Tape.Record();
            var output = layer.Forward(new AttentionInput(x) { KeyMask = lengths, Weights = AttentionWeights.PerHead });
            tape.Backward(output.Output.Square().Sum());
            Assert.Equal(new float[18], output.Weights!.Select(0, 1).ToArray());
            Assert.All(output.Output.Select(0, 1).ToArray(), value => Assert.Equal(0, value));
            AssertFinite(layer);
        }
    }

    [Theory, MemberData(nameof(Devices))]
    public void A_sequence_of_length_0_leaves_all_gradients_of_an_encoder_finite(string name)
    {
        var device = On(name);
        var lengths = IndexTensor.From(3, 0);
        Tensor x = Tensor.Normal([2, 3, 8], new RandomStream(3), device: Device.Cpu).Keep(device);
        foreach (var (dropout, isCausal) in new[] { (0f, false), (0f, true), (0.3f, false), (0.3f, true) })
        {
            var layer = new TransformerEncoderLayer(8, 2, 16, dropout, random: Seeded);
            layer.To(device);
            using var tape = Tape.Record();
            var y = layer.Forward(new EncoderInput(x) { KeyMask = lengths.LengthMask(3, device), IsCausal = isCausal }).MaskedMean(lengths);
            tape.Backward(y.Square().Sum());
            Assert.Equal(new float[8], y.Select(0, 1).ToArray());
            AssertFinite(layer);
            Assert.Contains(layer.Parameters(), parameter => parameter.Gradient!.ToArray().Any(value => value != 0));
        }
    }

    [Theory, MemberData(nameof(Devices))]
    public void A_memory_of_length_0_leaves_all_gradients_of_a_decoder_finite(string name)
    {
        var device = On(name);
        Tensor x = Tensor.Normal([2, 3, 8], new RandomStream(3), device: Device.Cpu).Keep(device);
        var layer = new TransformerDecoderLayer(8, 2, 16, 0, random: Seeded);
        layer.To(device);
        using var tape = Tape.Record();
        var input = new DecoderInput(x, x)
        {
            IsCausal = true,
            TargetKeyMask = IndexTensor.From(0, 2).LengthMask(3, device),
            MemoryKeyMask = IndexTensor.From(3, 0).LengthMask(3, device),
        };
        tape.Backward(layer.Forward(input).Square().Sum());
        AssertFinite(layer);
    }

    [Fact]
    public void Generating_step_by_step_agrees_with_the_whole_where_nothing_is_seen()
    {
        var layer = new TransformerEncoderLayer(8, 2, 16, 0, random: Seeded);
        layer.Evaluate();
        Tensor x = Normal(2, 3, 8), mask = IndexTensor.From(3, 0).LengthMask(3);
        using var tape = Tape.NoRecord();
        float[] whole = layer.Forward(new EncoderInput(x) { IsCausal = true, KeyMask = mask }).ToArray();
        var cache = new KeyValueCache();
        var steps = new List<Tensor>();
        for (int i = 0; i < 3; i++)
        {
            var step = new EncoderInput(x.Slice(1, i, i + 1)) { IsCausal = true, KeyMask = mask.Slice(1, 0, i + 1), Cache = cache };
            steps.Add(layer.Forward(step));
        }

        AssertClose(whole, Tensor.Concat(1, [.. steps]));
        Assert.All(whole, value => Assert.True(float.IsFinite(value)));
    }

    [Fact]
    public void A_nan_that_is_seen_stays_one() =>
        Assert.All(
            Tensor.From([float.NaN], [1, 1]).Attention(Tensor.Ones([2, 1]), Tensor.Ones([2, 1])).ToArray(),
            value => Assert.Equal(float.NaN, value));

    private static Device On(string name) => int.TryParse(name, out int bits) ? TestDevices.Splitting(2, bits) : Device.Parse(name);

    private static void AssertFinite(Module layer) => Assert.All(
        layer.NamedParameters(),
        named => Assert.All(named.Parameter.Gradient!.ToArray(), value => Assert.True(float.IsFinite(value), named.Name)));
}
