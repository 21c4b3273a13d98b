using TinyNet.Autograd;
using TinyNet.Core;
using TinyNet.Layers;

namespace TinyNet.Bench;

/// <summary>The family <c>attention</c>.</summary>
internal static class AttentionReplays
{
    public static IReadOnlyDictionary<string, Replay> Table { get; } = new Dictionary<string, Replay>
    {
        ["scaled_dot_product_attention"] = ScaledDotProduct,
        ["multihead_attention"] = MultiHead,
        ["transformer_encoder_layer"] = EncoderLayer,
        ["transformer_decoder_layer"] = run => Decode(run, NewDecoderLayer(run)),
        ["transformer_decoder"] = Decoder,
        ["self_attention"] = ToItself,
    };

    private static void ScaledDotProduct(CaseRun run)
    {
        Tensor query = run.Input("query"), key = run.Input("key"), value = run.Input("value");
        var (mask, bias) = !run.Has("mask")
            ? (null, null)
            : run.IsMask("mask")
            ? (run.Input("mask"), (Tensor?)null)
            : (null, run.Input("mask"));
        bool isCausal = run.Attributes.Flag("is_causal");
        float? scale = run.Attributes.OptionalFloat("scale");
        var (y, weights) = query.AttentionWithWeights(key, value, mask, bias, isCausal, scale);
        run.Output("y", y);
        run.Output("weights", weights);
    }

    private static void MultiHead(CaseRun run)
    {
        var attributes = run.Attributes;
        var layer = new MultiHeadAttention(attributes.Int("embed_dim"), attributes.Int("num_heads"), bias: attributes.Flag("bias"),
            keyFeatures: attributes.Has("kdim") ? attributes.OptionalInt("kdim") : null,
            valueFeatures: attributes.Has("vdim") ? attributes.OptionalInt("vdim") : null, batchFirst: attributes.Flag("batch_first"));
        var query = run.Input("query");
        var (mask, bias) = Masks(run, "attn_mask", attributes.Int("num_heads"));
        bool isSelf = attributes.Flag("self_attention");
        var input = new AttentionInput(query, isSelf ? query : run.Input("key"), isSelf ? query : run.Input("value"))
        {
            Mask = mask,
            Bias = bias,
            KeyMask = run.Has("key_padding_mask") ? 1 - run.Input("key_padding_mask") : null,
            Weights = !attributes.Flag("need_weights")
                ? AttentionWeights.None
                : attributes.Flag("average_attn_weights")
                ? AttentionWeights.Averaged
                : AttentionWeights.PerHead,
        };
        run.Adopt(layer);
        var output = layer.Forward(input);
        run.Output("y", output.Output);
        if (output.Weights is { } weights)
        {
            run.Output("attn_weights", weights);
        }
    }

    private static void EncoderLayer(CaseRun run)
    {
        var attributes = run.Attributes;
        var layer = new TransformerEncoderLayer(
            attributes.Int("d_model"),
            attributes.Int("nhead"),
            attributes.Int("dim_feedforward"),
            dropout: 0,
            Activation.FromName(attributes.Text("activation")), attributes.Flag("norm_first"), attributes.Float("layer_norm_eps"),
            attributes.Flag("batch_first"));
        var (mask, bias) = Masks(run, "src_mask", attributes.Int("nhead"));
        var input = new EncoderInput(run.Input("src"))
        {
            Mask = mask,
            Bias = bias,
            KeyMask = run.Has("src_key_padding_mask") ? 1 - run.Input("src_key_padding_mask") : null,
        };
        run.Adopt(layer);
        run.Output("y", layer.Forward(input));
    }

    private static void Decoder(CaseRun run) => Decode(run, new TransformerDecoder(
        [.. Enumerable.Range(0, run.Attributes.Int("num_layers")).Select(_ => NewDecoderLayer(run))],
        new LayerNorm(run.Attributes.Int("d_model"))));

    private static TransformerDecoderLayer NewDecoderLayer(CaseRun run)
    {
        var attributes = run.Attributes;
        return new TransformerDecoderLayer(
            attributes.Int("d_model"),
            attributes.Int("nhead"),
            attributes.Int("dim_feedforward"),
            dropout: 0,
            Activation.FromName(attributes.Text("activation")), attributes.Flag("norm_first"), attributes.Float("layer_norm_eps"),
            attributes.Flag("batch_first"));
    }

    private static void Decode(CaseRun run, Module<DecoderInput, Tensor> module)
    {
        int heads = run.Attributes.Int("nhead");
        var (targetMask, targetBias) = Masks(run, "tgt_mask", heads);
        var (memoryMask, memoryBias) = Masks(run, "memory_mask", heads);
        var input = new DecoderInput(run.Input("tgt"), run.Input("memory"))
        {
            TargetMask = targetMask,
            TargetBias = targetBias,
            TargetKeyMask = run.Has("tgt_key_padding_mask") ? 1 - run.Input("tgt_key_padding_mask") : null,
            MemoryMask = memoryMask,
            MemoryBias = memoryBias,
            MemoryKeyMask = run.Has("memory_key_padding_mask") ? 1 - run.Input("memory_key_padding_mask") : null,
        };
        run.Adopt(module);
        run.Output("y", module.Forward(input));
    }

    private static void ToItself(CaseRun run)
    {
        var layer = new SelfAttention(
            run.Attributes.Int("features"),
            Named("query_activation"),
            Named("key_activation"),
            Named("value_activation"),
            Named("output_activation"),
            run.Attributes.Int("heads"));
        run.Adopt(layer);
        var (y, weights) = layer.Forward(
            new AttentionInput(run.Input("x")) { Mask = run.OptionalInput("mask"), Weights = AttentionWeights.PerHead });
        run.Output("y", y);
        run.Output("weights", weights!);

        Module<Tensor, Tensor>? Named(string attribute) =>
            run.Attributes.IsNull(attribute) ? null : Activation.FromName(run.Attributes.Text(attribute));
    }

    /// <summary>A mask of booleans, which say here what is not seen, or of numbers to add.</summary>
    private static (Tensor? Mask, Tensor? Bias) Masks(CaseRun run, string name, int heads)
    {
        if (!run.Has(name))
        {
            return (null, null);
        }

        var mask = run.Input(name);
        mask = mask.Rank == 3 ? mask.Reshape(-1, heads, mask.Shape[1], mask.Shape[2]) : mask;
        return run.IsMask(name) ? (1 - mask, null) : (null, mask);
    }
}
