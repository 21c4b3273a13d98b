using TinyNet.Autograd;
using TinyNet.Core;
using TinyNet.Layers;
using static TinyNet.Tests.Layers.AttentionData;

namespace TinyNet.Tests.Layers;

/// <summary>
/// Attention as an operation and as layers: masks, weights, dropout, names, refusals. PyTorch's numbers are in the conformance cases.
/// </summary>
public class AttentionLayerTests
{
    [Fact]
    public void A_nan_in_a_key_that_nobody_sees_does_no_harm_one_in_a_value_does()
    {
        var mask = Tensor.From([1, 0], [1, 2]);
        Tensor query = Tensor.Ones([2, 1]), spoilt = Tensor.From([1, float.NaN], [2, 1]);
        Assert.Equal([1, 1], query.Attention(spoilt, Tensor.Ones([2, 1]), mask).ToArray());
        Assert.All(query.Attention(Tensor.Ones([2, 1]), spoilt, mask).ToArray(), value => Assert.Equal(float.NaN, value));
    }

    [Fact]
    public void Large_scores_do_not_overflow() =>
        Assert.Equal(
            [1, 2],
            Tensor.From([1000, -1000], [2, 1]).Attention(Tensor.From([1000, -1000], [2, 1]), Tensor.From([1, 2], [2, 1])).ToArray());

    [Fact]
    public void Without_keys_the_result_is_0() =>
        Assert.Equal([0, 0, 0, 0], Normal(2, 3).Attention(Tensor.Zeros([0, 3]), Tensor.Zeros([0, 2])).ToArray());

    [Theory]
    [InlineData("cpu")]
    [InlineData("reference")]
    public void Without_features_a_given_scale_leaves_the_mean_of_the_values(string device)
    {
        var on = Device.Parse(device);
        Tensor query = Tensor.Zeros([3, 0], on), key = Tensor.Zeros([2, 0], on), value = Tensor.From([1, 3], [2, 1], on);
        Assert.Equal([2, 2, 2], query.Attention(key, value, scale: 1).ToArray());
        Assert.Equal([2, 2, 2], query.AttentionWithWeights(key, value, scale: 1).Output.ToArray());
        Refusal.Of<ShapeException>(() => query.Attention(key, value), "Attention", "[3, 0]", "a scale");
    }

    [Fact]
    public void A_mask_of_three_axes_for_a_batch_is_refused_as_ambiguous()
    {
        // As many sequences as heads: [B, L, S] would pass for [heads, L, S].
        Tensor x = Normal(2, 3, 4), mask = Tensor.Ones([2, 3, 3]);
        var layer = new MultiHeadAttention(4, 2, random: Seeded);
        Refusal.Of<ShapeException>(
            () => layer.Forward(new AttentionInput(x) { Mask = mask }),
            "Attention",
            "a mask of shape [2, 3, 3]",
            "[2, 3, 4]",
            "mask.Unsqueeze(1)");
        Refusal.Of<ShapeException>(
            () => layer.Forward(new AttentionInput(x) { Bias = mask }), "Attention", "a bias of shape [2, 3, 3]", "bias.Unsqueeze(1)");
        Assert.Equal([2, 3, 4], layer.Forward(new AttentionInput(x) { Mask = mask.Unsqueeze(1) }).Output.Shape.Sizes.ToArray());
        Assert.Equal([3, 4], layer.Forward(new AttentionInput(x.Select(0, 0)) { Mask = mask }).Output.Shape.Sizes.ToArray());
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(1, 3)]
    [InlineData(2, 1)]
    [InlineData(3, 2)]
    public void A_key_mask_that_is_not_one_number_for_each_key_is_refused(int batch, int keys)
    {
        var mask = Tensor.Ones([batch, keys]);
        Refusal.Of<ShapeException>(() => new MultiHeadAttention(4, 2).Forward(new AttentionInput(Normal(2, 3, 4)) { KeyMask = mask }),
            "Attention", $"a key mask of shape {mask.Shape}", "[2, 3, 4]", "for each key: [2, 3]");
        var turned = new MultiHeadAttention(4, 2, batchFirst: false);
        Refusal.Of<ShapeException>(() => turned.Forward(new AttentionInput(Normal(3, 2, 4)) { KeyMask = mask }), "for each key: [2, 3]");
        Assert.Equal(
            [3, 2, 4], turned.Forward(new AttentionInput(Normal(3, 2, 4)) { KeyMask = Tensor.Ones([2, 3]) }).Output.Shape.Sizes.ToArray());
    }

    [Fact]
    public void Weights_of_an_unknown_kind_are_refused() =>
        Refusal.Of<ArgumentOutOfRangeException>(() => new AttentionInput(Normal(2, 4)) { Weights = (AttentionWeights)9 }, "Weights", "9");

    [Fact]
    public void A_place_far_beyond_the_table_is_refused() =>
        Refusal.Of<ShapeException>(
            () => new SinusoidalPositions(10, 4).Forward(new PlacedSequence(Normal(1, 3, 4), int.MaxValue)),
            "SinusoidalPositions",
            "[1, 3, 4]",
            "place 2147483647",
            "10 places");

    [Fact]
    public void Attention_refuses_what_does_not_fit()
    {
        Refusal.Of<ShapeException>(() => Normal(2, 3).Attention(Normal(2, 4), Normal(2, 4)), "[2, 3]", "[2, 4]", "[.., L, D]");
        Refusal.Of<ShapeException>(() => Normal(2, 3).Attention(Normal(2, 3), Normal(5, 3)), "[5, 3]");
        Refusal.Of<ShapeException>(() => Normal(3).Attention(Normal(2, 3), Normal(2, 3)), "[3]");
        Refusal.Of<ShapeException>(
            () => Normal(2, 3).Attention(Normal(4, 3), Normal(4, 3), mask: Tensor.Ones([4, 2])), "a mask of shape [4, 2]", "[2, 4]");
        Refusal.Of<ShapeException>(
            () => Normal(2, 3).Attention(Normal(4, 3), Normal(4, 3), bias: Tensor.Ones([3, 2, 4])), "a bias of shape [3, 2, 4]");
        Refusal.Of<ShapeException>(() => Normal(2, 5, 3).Attention(Normal(3, 5, 3), Normal(3, 5, 3)), "do not broadcast");
        Refusal.Of<ShapeException>(
            () => new MultiHeadAttention(4, 2).Forward(Normal(2, 3, 5)), "Linear", "[2, 3, 5]", "in module MultiHeadAttention(4, 2 heads)");
        Refusal.Of<ShapeException>(
            () => new MultiHeadAttention(4, 2).Forward(new AttentionInput(Normal(2, 3, 4), Normal(1, 3, 4), Normal(1, 3, 4))),
            "[2, 3, 4]",
            "[1, 3, 4]");
        Refusal.Of<ShapeException>(
            () => new MultiHeadAttention(4, 2).Forward(new AttentionInput(Normal(2, 3, 4), Normal(2, 3, 4), Normal(2, 5, 4))), "[2, 5, 4]");
        Refusal.Of<ShapeException>(
            () => new MultiHeadAttention(4, 2).Forward(new AttentionInput(Normal(2, 3, 4)) { KeyMask = Tensor.Ones([3]) }),
            "key mask of shape [3]");
        Refusal.Of<TensorException>(
            () => new SelfAttention(4).Forward(new AttentionInput(Normal(2, 3, 4), Normal(2, 3, 4), Normal(2, 3, 4))), "SelfAttention");
        Refusal.Of<ArgumentException>(() => new MultiHeadAttention(5, 2), "2 heads", "5 features");
        Assert.Throws<ArgumentOutOfRangeException>(() => new MultiHeadAttention(4, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new MultiHeadAttention(4, 2, dropout: 2));
    }

    [Fact]
    public void Parameters_have_the_names_of_PyTorch()
    {
        Assert.Equal(
            ["in_proj_weight [4, 12]", "in_proj_bias [12]", "out_proj.weight [4, 4]", "out_proj.bias [4]"],
            Names(new MultiHeadAttention(4, 2)));
        Assert.Equal(
            ["q_proj_weight [4, 4]", "k_proj_weight [3, 4]", "v_proj_weight [5, 4]", "out_proj.weight [4, 4]"],
            Names(new MultiHeadAttention(4, 2, bias: false, keyFeatures: 3, valueFeatures: 5)));
        var encoder = new TransformerEncoder([new TransformerEncoderLayer(4, 2, 8)], new LayerNorm(4));
        Assert.Contains("layers.0.self_attn.in_proj_weight [4, 12]", Names(encoder));
        Assert.Contains("layers.0.linear1.weight [4, 8]", Names(encoder));
        Assert.Contains("norm.bias [4]", Names(encoder));
        Assert.Contains("multihead_attn.out_proj.bias [4]", Names(new TransformerDecoderLayer(4, 2, 8)));
        var decoder = new TransformerDecoder([new TransformerDecoderLayer(4, 2, 8)], new LayerNorm(4));
        Assert.Contains("layers.0.multihead_attn.out_proj.bias [4]", Names(decoder));
        Assert.Contains("norm.bias [4]", Names(decoder));
        Assert.Equal(6, Names(new TransformerEncoderLayer(4, 2, 8, bias: false)).Length);

        static string[] Names(Module module) => [.. module.NamedParameters().Select(named => $"{named.Name} {named.Parameter.Shape}")];
    }

    [Fact]
    public void The_ways_of_a_multi_head_attention_agree()
    {
        var layer = new MultiHeadAttention(6, 3, random: Seeded);
        var x = Normal(2, 5, 6);
        float[] expected = layer.Forward(x).ToArray();
        AssertClose(expected, layer.Forward(new AttentionInput(x, x.Copy(), x.Copy())).Output);
        var perHead = layer.Forward(new AttentionInput(x) { Weights = AttentionWeights.PerHead });
        AssertClose(expected, perHead.Output);
        Assert.Equal([2, 3, 5, 5], perHead.Weights!.Shape.Sizes.ToArray());
        AssertClose(
            perHead.Weights.Mean(1).ToArray(), layer.Forward(new AttentionInput(x) { Weights = AttentionWeights.Averaged }).Weights!);
        AssertClose(expected[..30], layer.Forward(x.Select(0, 0)));
        Assert.Null(layer.Forward(new AttentionInput(x)).Weights);
        AssertClose(
            layer.Forward(new AttentionInput(x) { IsCausal = true }).Output.ToArray(),
            layer.Forward(new AttentionInput(x) { Mask = Tensor.Ones([5, 5]).LowerTriangle() }).Output);
    }

    [Fact]
    public void Padding_keys_change_nothing()
    {
        var layer = new TransformerEncoderLayer(6, 2, 8, dropout: 0, random: Seeded);
        var x = Normal(2, 5, 6);
        float[] expected = layer.Forward(x.Slice(1, 0, 3)).Slice(0, 1, 2).ToArray();
        var y = layer.Forward(new EncoderInput(x) { KeyMask = IndexTensor.From(5, 3).LengthMask(5) });
        AssertClose(expected, y.Slice(0, 1, 2).Slice(1, 0, 3));
    }

    [Fact]
    public void Steps_first_is_batch_first_transposed()
    {
        var layer = new MultiHeadAttention(6, 2, random: Seeded);
        var turned = new MultiHeadAttention(6, 2, batchFirst: false, random: Seeded);
        var x = Normal(2, 5, 6);
        AssertClose(layer.Forward(x).ToArray(), turned.Forward(x.Transpose(0, 1)).Transpose(0, 1));
    }

    public static TheoryData<string> Modules =>
        ["encoder", "encoder, norm first", "decoder", "cross", "weights", "dropout", "activations", "positions", "learned positions"];

    [Theory, MemberData(nameof(Modules))]
    public void The_gradients_of_the_layers_are_right(string name)
    {
        Tensor keyMask = Tensor.From([1, 1, 1, 0], [1, 4], Device.Reference);
        Module<Tensor, Tensor> module = name switch
        {
            "encoder" => new Wrapped<TransformerEncoderLayer>(
                new TransformerEncoderLayer(4, 2, 7, 0, new Tanh(), random: Seeded),
                (layer, x) => layer.Forward(new EncoderInput(x) { KeyMask = keyMask })),
            "encoder, norm first" => new Wrapped<TransformerEncoderLayer>(
                new TransformerEncoderLayer(4, 2, 7, 0.3f, new GELU(), normFirst: true, random: Seeded),
                (layer, x) => layer.Forward(new EncoderInput(x) { IsCausal = true })),
            "decoder" => new Wrapped<TransformerDecoderLayer>(
                new TransformerDecoderLayer(4, 2, 7, 0, new Tanh(), random: Seeded),
                (layer, x) => layer.Forward(new DecoderInput(x, x.Slice(1, 0, 3).Square()) { IsCausal = true })),
            "cross" => new Wrapped<MultiHeadAttention>(
                new MultiHeadAttention(4, 2, keyFeatures: 3, valueFeatures: 2, random: Seeded),
                (layer, x) => layer.Forward(new AttentionInput(x, x.Slice(2, 0, 3), x.Slice(2, 1, 3)) { KeyMask = keyMask }).Output),
            "weights" => new Wrapped<MultiHeadAttention>(
                new MultiHeadAttention(4, 2, random: Seeded),
                (layer, x) => layer.Forward(new AttentionInput(x) { Weights = AttentionWeights.Averaged }).Weights!),
            "dropout" =>
                new Wrapped<MultiHeadAttention>(
                    new MultiHeadAttention(4, 2, dropout: 0.4f, random: Seeded), (layer, x) => layer.Forward(x)),
            "activations" => new Wrapped<SelfAttention>(
                new SelfAttention(4, new Tanh(), new Tanh(), new Sigmoid(), new TanhGELU(), heads: 2, random: Seeded),
                (layer, x) => layer.Forward(x)),
            "positions" => new Wrapped<SinusoidalPositions>(new SinusoidalPositions(9, 4), (layer, x) => layer.Forward(x).Square()),
            _ => new Wrapped<LearnedPositions>(
                new LearnedPositions(9, 4, random: Seeded), (layer, x) => layer.Forward(new PlacedSequence(x, 2)).Square()),
        };
        GradCheck.Verify(module, Normal(1, 4, 4));
    }

    [Fact]
    public void Hooks_see_the_tensors_of_records_by_name()
    {
        var layer = new MultiHeadAttention(4, 2);
        var seen = new List<string>();
        using var inputs = layer.OnInput((_, name, _) => seen.Add(name));
        using var outputs = layer.OnOutput((_, name, _) => seen.Add(name));
        layer.Forward(new AttentionInput(Normal(2, 3, 4)) { Mask = Tensor.Ones([3, 3]), Weights = AttentionWeights.PerHead });
        layer.Forward(new AttentionInput(Normal(3, 4), Normal(3, 4), Normal(3, 4)));
        Assert.Equal(["Query", "Mask", "Output", "Weights", "Query", "Key", "Value", "Output"], seen);
    }

    [Fact]
    public void Captures_see_the_weights_of_a_layer_that_are_asked_for()
    {
        var layer = new TransformerEncoderLayer(4, 2, 8, 0, random: Seeded);
        var model = new TransformerEncoder([layer]);
        var x = Normal(2, 3, 4);
        float[] expected = model.Forward(x).ToArray();
        float[] alone = layer.SelfAttention.Forward(new AttentionInput(x) { Weights = AttentionWeights.PerHead }).Weights!.ToArray();
        model.Layers[0].SelfAttention.Weights = AttentionWeights.PerHead;
        using var capture = model.Capture("layers.0.self_attn");

        AssertClose(expected, model.Forward(x));

        var weights = capture.Outputs["Weights"];
        Assert.Equal([2, 2, 3, 3], weights.Shape.Sizes.ToArray());
        Assert.Equal(alone, weights.ToArray());
        Assert.All(weights.Sum(-1).ToArray(), sum => Assert.Equal(1, sum, 1e-6));
        Assert.Equal(
            [2, 3, 3],
            layer.SelfAttention.Forward(new AttentionInput(x) { Weights = AttentionWeights.Averaged }).Weights!.Shape.Sizes.ToArray());
        Assert.Throws<ArgumentOutOfRangeException>(() => layer.SelfAttention.Weights = (AttentionWeights)9);
    }

    [Fact]
    public void Captures_see_what_a_decoder_layer_attends_to()
    {
        var layer = new TransformerDecoderLayer(4, 2, 8, 0, random: Seeded);
        (layer.SelfAttention.Weights, layer.CrossAttention.Weights) = (AttentionWeights.Averaged, AttentionWeights.PerHead);
        using OutputCapture self = layer.Capture("self_attn"), cross = layer.Capture("multihead_attn");
        Tensor x = Normal(2, 3, 4), memory = Normal(2, 5, 4), hidden = Tensor.From([0, 0, 0, 0, 1], [5]);
        float[] masked = layer.Forward(new DecoderInput(x, memory) { IsCausal = true, MemoryMask = 1 - hidden.Unsqueeze(0) }).ToArray();
        Assert.Equal([2, 3, 3], self.Outputs["Weights"].Shape.Sizes.ToArray());
        Assert.Equal([2, 2, 3, 5], cross.Outputs["Weights"].Shape.Sizes.ToArray());
        Assert.All(cross.Outputs["Weights"].Select(-1, 4).ToArray(), weight => Assert.Equal(0, weight));

        // A mask as numbers to add.
        var causal = Tensor.Where(Tensor.Ones([3, 3]).LowerTriangle(), Tensor.FromScalar(0), Tensor.FromScalar(-1e9f));
        AssertClose(masked, layer.Forward(new DecoderInput(x, memory) { TargetBias = causal, MemoryBias = hidden.Unsqueeze(0) * -1e9f }));
    }

    [Fact]
    public void Inputs_that_are_not_there_are_refused_by_name()
    {
        var x = Normal(2, 4);
        Refusal.Of<ArgumentNullException>(() => new GLU().Forward(null!), "GLU(axis -1)");
        Refusal.Of<ArgumentNullException>(() => new MultiHeadAttention(4, 2).Forward((Tensor)null!), "MultiHeadAttention", "Query");
        Refusal.Of<ArgumentNullException>(
            () => new MultiHeadAttention(4, 2).Forward(default(AttentionInput)), "MultiHeadAttention", "Query");
        Refusal.Of<ArgumentNullException>(
            () => new MultiHeadAttention(4, 2).Forward(new AttentionInput(x, x, null!)), "MultiHeadAttention", "Value");
        Refusal.Of<ArgumentNullException>(() => new SelfAttention(4).Forward(default(AttentionInput)), "SelfAttention", "Query");
        Refusal.Of<ArgumentNullException>(
            () => new TransformerEncoderLayer(4, 2).Forward(default(EncoderInput)), "TransformerEncoderLayer", "Source");
        Refusal.Of<ArgumentNullException>(() => new TransformerEncoder([]).Forward(default(EncoderInput)), "TransformerEncoder", "Source");
        Refusal.Of<ArgumentNullException>(() => new TransformerDecoderLayer(4, 2).Forward(default), "TransformerDecoderLayer", "Target");
        Refusal.Of<ArgumentNullException>(
            () => new TransformerDecoderLayer(4, 2).Forward(new DecoderInput(x, null!)), "TransformerDecoderLayer", "Memory");
    }

    [Fact]
    public void Dropped_weights_leave_the_others_larger()
    {
        var layer = new MultiHeadAttention(4, 1, dropout: 0.5f, random: Seeded);
        float[] weights = layer.Forward(
            new AttentionInput(Tensor.Zeros([1, 40, 4])) { Weights = AttentionWeights.Averaged }).Weights!.ToArray();
        Assert.All(weights, weight => Assert.True(weight == 0 || Math.Abs(weight - 2 / 40f) < 1e-6));
        Assert.Equal(0.5, weights.Count(weight => weight == 0) / 1600.0, 0.07);
        layer.Evaluate();
        Assert.All(
            layer.Forward(new AttentionInput(Tensor.Zeros([1, 40, 4])) { Weights = AttentionWeights.Averaged }).Weights!.ToArray(),
            weight => Assert.Equal(1 / 40f, weight, 1e-6));
    }

    [Fact]
    public void Sinusoidal_positions_are_sines_and_cosines_of_the_place()
    {
        float[] y = new SinusoidalPositions(10, 4).Forward(new PlacedSequence(Tensor.Zeros([1, 1, 4]), 3)).ToArray();
        Assert.Equal(
            [Math.Sin(3), Math.Cos(3), Math.Sin(0.03), Math.Cos(0.03)], y.Select(value => (double)value), (a, b) => Math.Abs(a - b) < 1e-6);
        Refusal.Of<ShapeException>(
            () => new SinusoidalPositions(10, 4).Forward(Tensor.Zeros([1, 11, 4])), "[1, 11, 4]", "10 places of 4 features");
        Refusal.Of<ShapeException>(() => new LearnedPositions(10, 4).Forward(Tensor.Zeros([1, 5])), "LearnedPositions", "[1, 5]");
    }

    [Fact]
    public void A_steady_step_allocates_at_most_160_bytes_for_each_tensor()
    {
        var random = new RandomStream(1);
        var device = new CpuDevice(1);
        var model = new TransformerEncoderLayer(16, 2, 32, dropout: 0.1f, random: random);
        var table = new Embedding(30, 16, paddingIndex: 0, random: random);
        model.To(device);
        table.To(device);
        var optimizer = new Adam([.. model.Parameters(), .. table.Parameters()]);
        IndexTensor words = IndexTensor.From([.. Enumerable.Range(0, 40).Select(i => i * 7 % 30)], [4, 10]),
            lengths = IndexTensor.From(10, 3, 5, 1);
        TrainingLoop.AssertSteady(device, optimizer, () =>
        {
            var y = model.Forward(new EncoderInput(table.Forward(words)) { IsCausal = true, KeyMask = lengths.LengthMask(10, device) });
            return y.MaskedMean(lengths).Square().Mean();
        });
    }

    [Fact]
    public void A_trained_layer_has_the_same_bits_for_any_number_of_threads()
    {
        TrainingLoop.AssertSameBits(TestDevices.OfEachThreadCount().Select(Train));

        static TransformerEncoderLayer Train(CpuDevice device)
        {
            var model = new TransformerEncoderLayer(24, 3, 40, dropout: 0.1f, random: new RandomStream(5));
            var x = Tensor.Normal([3, 70, 24], new RandomStream(6), device: device);
            model.To(device);
            var optimizer = new Adam(model.Parameters(), 0.01f);
            TrainingLoop.Run(3, optimizer, () => model.Forward(x).Square().Slice(1, 1, 9).Mean());
            return model;
        }
    }

    /// <summary>A module with another input than a tensor, for the gradient check.</summary>
    private sealed class Wrapped<TModule> : Module<Tensor, Tensor> where TModule : Module
    {
        private readonly TModule _module;
        private readonly Func<TModule, Tensor, Tensor> _forward;

        public Wrapped(TModule module, Func<TModule, Tensor, Tensor> forward) => (_module, _forward) = (Child("module", module), forward);

        protected override Tensor ForwardCore(Tensor input) => _forward(_module, input);
    }
}
