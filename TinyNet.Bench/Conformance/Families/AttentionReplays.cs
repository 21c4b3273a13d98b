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
    };

    private static void ScaledDotProduct(CaseRun run)
    {
        Tensor query = run.Input("query"), key = run.Input("key"), value = run.Input("value");
        var (mask, bias) = !run.Has("mask") ? (null, null) : run.IsMask("mask") ? (run.Input("mask"), (Tensor?)null) : (null, run.Input("mask"));
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
            keyFeatures: attributes.Has("kdim") ? attributes.OptionalInt("kdim") : null, valueFeatures: attributes.Has("vdim") ? attributes.OptionalInt("vdim") : null, batchFirst: attributes.Flag("batch_first"));
        var query = run.Input("query");
        var (mask, bias) = Masks(run, "attn_mask", attributes.Int("num_heads"));
        bool isSelf = attributes.Flag("self_attention");
        var input = new AttentionInput(query, isSelf ? query : run.Input("key"), isSelf ? query : run.Input("value"))
        {
            Mask = mask,
            Bias = bias,
            KeyMask = run.Has("key_padding_mask") ? 1 - run.Input("key_padding_mask") : null,
            Weights = !attributes.Flag("need_weights") ? AttentionWeights.None : attributes.Flag("average_attn_weights") ? AttentionWeights.Averaged : AttentionWeights.PerHead,
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
        var layer = new TransformerEncoderLayer(attributes.Int("d_model"), attributes.Int("nhead"), attributes.Int("dim_feedforward"), dropout: 0,
            Activation.FromName(attributes.Text("activation")), attributes.Flag("norm_first"), attributes.Float("layer_norm_eps"), attributes.Flag("batch_first"));
        var (mask, bias) = Masks(run, "src_mask", attributes.Int("nhead"));
        var input = new EncoderInput(run.Input("src")) { Mask = mask, Bias = bias, KeyMask = run.Has("src_key_padding_mask") ? 1 - run.Input("src_key_padding_mask") : null };
        run.Adopt(layer);
        run.Output("y", layer.Forward(input));
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
