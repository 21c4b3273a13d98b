using TinyNet.Core;

namespace TinyNet.Autograd;

/// <summary>
/// Scaled dot-product attention (A. Vaswani et al., "Attention is all you need", NeurIPS 2017, arXiv:1706.03762), computed block by
/// block: neither pass keeps the weights [L, S] (T. Dao et al., "FlashAttention", NeurIPS 2022, arXiv:2205.14135).
/// </summary>
public static class Attentions
{
    extension(Tensor query)
    {
        /// <summary>
        /// softmax(scale · Q Kᵀ + bias) V for this as Q [.., L, D], keys K [.., S, D] and values V [.., S, E]: [.., L, E]. Leading axes
        /// broadcast.
        /// </summary>
        /// <remarks>
        /// A query that sees no key gives 0, and passes no gradient on; so does one all of whose scores are −∞ by the bias. What is masked
        /// out has weight 0: a nan in a key that nobody sees does no harm, but 0 · nan is nan, so values have to be finite even there, and
        /// for gradients the keys too.
        /// </remarks>
        /// <param name="key">The keys.</param>
        /// <param name="value">The values.</param>
        /// <param name="mask">Broadcasts to [.., L, S]: 1 where a query sees a key, 0 where it does not.</param>
        /// <param name="bias">Broadcasts to [.., L, S]: added to the scores.</param>
        /// <param name="isCausal">Whether query i sees the keys 0 to i only.</param>
        /// <param name="scale">The factor of the scores; null for 1/√D.</param>
        /// <exception cref="ShapeException">Shapes do not fit, or D is 0 and there is no scale.</exception>
        /// <exception cref="TensorException">The mask has other entries than 0 and 1.</exception>
        public Tensor Attention(Tensor key, Tensor value, Tensor? mask = null, Tensor? bias = null, bool isCausal = false,
            float? scale = null)
        {
            var (q, k, v) = Match(query, key, value, scale);
            var settings = new AttentionSettings(mask, bias, isCausal ? 0 : null, scale);
            return settings.NeedsWeights ? Explicit(q, k, v, settings).Output : Fused(q, k, v, settings, heads: 0);
        }

        /// <summary>
        /// The same, with the weights softmax(..) [.., L, S] as second result, which are 0 for a query that sees no key.
        /// </summary>
        /// <remarks>
        /// Scores and weights are tensors here, and so are their gradients: where one of those leaves the range of floats, the gradients of
        /// queries and keys do too, though <see cref="Attention"/> may give them.
        /// </remarks>
        /// <param name="key">The keys.</param>
        /// <param name="value">The values.</param>
        /// <param name="mask">Broadcasts to [.., L, S]: 1 where a query sees a key, 0 where it does not.</param>
        /// <param name="bias">Broadcasts to [.., L, S]: added to the scores.</param>
        /// <param name="isCausal">Whether query i sees the keys 0 to i only.</param>
        /// <param name="scale">The factor of the scores; null for 1/√D.</param>
        /// <exception cref="ShapeException">Shapes do not fit, or D is 0 and there is no scale.</exception>
        /// <exception cref="TensorException">The mask has other entries than 0 and 1.</exception>
        public (Tensor Output, Tensor Weights) AttentionWithWeights(Tensor key, Tensor value, Tensor? mask = null, Tensor? bias = null,
            bool isCausal = false, float? scale = null)
        {
            var (q, k, v) = Match(query, key, value, scale);
            return Explicit(q, k, v, new AttentionSettings(mask, bias, isCausal ? 0 : null, scale));
        }
    }

    /// <summary>
    /// Attention of several heads: the last axes of Q [.., L, h·D], K [.., S, h·D] and V [.., S, h·E] are cut into heads, and so is
    /// that of the result [.., L, h·E]. Masks broadcast to [.., h, L, S].
    /// </summary>
    internal static Tensor Heads(Tensor query, Tensor key, Tensor value, int heads, in AttentionSettings settings) =>
        Fused(query, key, value, settings, heads);

    /// <summary>The same for Q, K and V beside each other in one tensor [.., T, 3·h·D].</summary>
    internal static Tensor Heads(Tensor packed, int heads, in AttentionSettings settings) =>
        Fused(packed, packed, packed, settings, heads, isPacked: true);

    /// <summary>Attention with its weights at hand, from operations that have gradients of their own.</summary>
    internal static (Tensor Output, Tensor Weights) Explicit(Tensor query, Tensor key, Tensor value, in AttentionSettings settings)
    {
        var scores = (query * settings.ScaleFor(query.Shape[-1])).MatMul(key.Transpose());
        var shape = scores.Shape;
        if (settings.Bias is { } bias)
        {
            EnsureStretches("bias", bias, shape);
            scores += bias;
        }

        if (settings.Mask is { } mask)
        {
            EnsureStretches("mask", mask, shape);
            AttentionMasks.EnsureZerosAndOnes("mask", mask);
            scores = Tensor.Where(mask, scores, Scalar(scores.Device, float.NegativeInfinity));
        }

        if (settings.CausalOffset is { } offset)
        {
            var all = Tensor.Result("Attention", [shape[-2], shape[-1]], scores.Device);
            all.Device.Fill(all, 1);
            scores = Tensor.Where(all.LowerTriangle(offset), scores, Scalar(scores.Device, float.NegativeInfinity));
        }

        var weights = scores.AttentionWeights();
        if (settings.Random is { } random)
        {
            weights = weights.Dropout(settings.Dropout, random);
        }

        return (weights.MatMul(value), weights);
    }

    /// <summary>Refuses masks and biases that do not broadcast to the scores [.., L, S], and masks of others than 0 and 1.</summary>
    internal static void EnsureFit(in AttentionSettings settings, Tensor query, in Shape scores)
    {
        EnsureMaskFits(settings.Mask, query, scores);
        EnsureFits("bias", settings.Bias, query, scores);
    }

    /// <summary>A number as a tensor.</summary>
    private static Tensor Scalar(Device device, float value)
    {
        var scalar = Tensor.Result("Attention", [], device);
        device.Fill(scalar, value);
        return scalar;
    }

    /// <summary>Checks shapes and stretches the leading axes.</summary>
    private static (Tensor Query, Tensor Key, Tensor Value) Match(Tensor query, Tensor key, Tensor value, float? scale)
    {
        Operation.Check("Attention", query, key);
        Operation.Check("Attention", query, value);
        if (query.Rank < 2 || key.Rank < 2 || value.Rank < 2 || query.Shape[-1] != key.Shape[-1] || key.Shape[-2] != value.Shape[-2])
        {
            throw new ShapeException("Attention", $"queries {query.Shape}, keys {key.Shape} and values {value.Shape}",
                "give [.., L, D], [.., S, D] and [.., S, E]");
        }

        if (query.Shape[-1] == 0 && scale is null)
        {
            throw new ShapeException("Attention", $"queries {query.Shape} without features, for which there is no 1/√D",
                "give queries and keys features, or a scale");
        }

        var batch = Shape.Broadcast(Shape.Broadcast(Leading(query), Leading(key), "Attention"), Leading(value), "Attention");
        return (Stretch(query, batch), Stretch(key, batch), Stretch(value, batch));
    }

    private static Shape Leading(Tensor x) => new(x.Shape.Sizes[..^2]);

    private static Tensor Stretch(Tensor x, in Shape batch)
    {
        if (x.Shape.Sizes[..^2].SequenceEqual(batch.Sizes))
        {
            return x;
        }

        Span<int> sizes = stackalloc int[batch.Rank + 2];
        batch.Sizes.CopyTo(sizes);
        x.Shape.Sizes[^2..].CopyTo(sizes[^2..]);
        return x.Expand(sizes);
    }

    private static void EnsureFits(string what, Tensor? mask, Tensor query, in Shape scores)
    {
        if (mask is not null)
        {
            Operation.Check("Attention", query, mask);
            EnsureStretches(what, mask, scores);
        }
    }

    private static void EnsureMaskFits(Tensor? mask, Tensor query, in Shape scores)
    {
        EnsureFits("mask", mask, query, scores);
        if (mask is not null)
        {
            AttentionMasks.EnsureZerosAndOnes("mask", mask);
        }
    }

    private static void EnsureStretches(string what, Tensor mask, in Shape shape)
    {
        bool stretches = mask.Rank <= shape.Rank;
        for (int axis = 1; axis <= mask.Rank && stretches; axis++)
        {
            stretches = mask.Shape[^axis] == 1 || mask.Shape[^axis] == shape[^axis];
        }

        if (!stretches)
        {
            throw new ShapeException("Attention", $"a {what} of shape {mask.Shape} for scores of shape {shape}",
                $"the {what} must broadcast to the scores");
        }
    }

    private static Tensor Fused(Tensor query, Tensor key, Tensor value, in AttentionSettings settings, int heads, bool isPacked = false)
    {
        var (q, k, v) = isPacked
            ? (Part(query, 0, heads), Part(query, 1, heads), Part(query, 2, heads))
            : (Split(query, heads), Split(key, heads), Split(value, heads));
        var scores = q.Shape.With(-1, k.Shape[-2]);
        EnsureFit(settings, q, scores);
        var operands = new AttentionOperands(
            q, k, v, Stretched(settings.Mask, scores), Stretched(settings.Bias, scores),
            settings.CausalOffset, settings.ScaleFor(q.Shape[-1]));
        var shape = heads == 0 ? q.Shape.With(-1, v.Shape[-1]) : query.Shape.With(-1, heads * v.Shape[-1]);
        var y = Tensor.Result("Attention", shape, query.Device);
        bool isRecorded = isPacked ? Tape.Records(query) : Tape.Records(query, key, value);
        var logSumExp = isRecorded ? Tensor.Result("Attention", q.Shape.Without(-1), query.Device) : null;
        y.Device.Attention(operands, logSumExp, Split(y, heads));
        Operation.CountMultiplyAdds((long)scores.Length * (q.Shape[-1] + v.Shape[-1]));
        if (isRecorded)
        {
            var node = Node<AttentionRule>.Rent();
            node.Rule.Set(node, query, key, value, operands, logSumExp!, heads, isPacked);
            Tape.Push(node, y);
        }

        Tape.CheckResult(y);
        return y;
    }

    private static Tensor? Stretched(Tensor? mask, in Shape scores) => mask?.View(mask.Layout.Expand(scores), "Attention");

    /// <summary>[.., T, h·D] as [.., h, T, D]; without heads the tensor itself.</summary>
    private static Tensor Split(Tensor x, int heads) => heads == 0 ? x : x.View(Split(x.Layout, heads), "Attention");

    private static Tensor Part(Tensor packed, int part, int heads)
    {
        int axis = packed.Rank - 1, size = packed.Shape.Sizes[axis] / 3;
        return packed.View(Split(packed.Layout.Slice(axis, part * size, size, 1), heads), "Attention");
    }

    private static Layout Split(in Layout layout, int heads)
    {
        int axis = layout.Shape.Rank - 1;
        layout.TryReshape(layout.Shape.With(axis, heads).Insert(axis + 1, layout.Shape.Sizes[axis] / heads), out var split);
        return split.Transpose(axis - 1, axis);
    }

    private struct AttentionRule : IGradientRule
    {
        private Edge _query, _key, _value;
        private Saved _savedQuery, _savedKey, _savedValue, _savedMask, _savedBias, _logSumExp;
        private int? _causalOffset;
        private float _scale;
        private int _heads;
        private bool _isPacked;

        public void Set(Node node, Tensor query, Tensor key, Tensor value, in AttentionOperands operands, Tensor logSumExp, int heads,
            bool isPacked)
        {
            (_query, _key, _value) = (new Edge(query), new Edge(key), new Edge(value));
            _savedQuery = node.Save(operands.Query);
            _savedKey = node.Save(operands.Key);
            _savedValue = node.Save(operands.Value);
            _logSumExp = node.Save(logSumExp);
            _savedMask = node.Save(operands.Mask);
            _savedBias = node.Save(operands.Bias);
            (_causalOffset, _scale, _heads, _isPacked) = (operands.CausalOffset, operands.Scale, heads, isPacked);
        }

        public readonly void Backward(Node node, Tensor gradient)
        {
            var operands = new AttentionOperands(
                _savedQuery.Get(node), _savedKey.Get(node), _savedValue.Get(node), _savedMask.GetIfSet(node), _savedBias.GetIfSet(node),
                _causalOffset, _scale);
            var logSumExp = _logSumExp.Get(node);
            var g = Split(gradient, _heads);
            if (_isPacked)
            {
                var packed = node.NewContribution(_query)!;
                node.Device.AttentionGradient(
                    operands, logSumExp, g, Part(packed, 0, _heads), Part(packed, 1, _heads), Part(packed, 2, _heads));
                _query.End(packed);
                return;
            }

            // The kernels write rows: a gradient in the order of a transposed operand would not do.
            Tensor? toQuery = node.NewContribution(_query), toKey = node.NewContribution(_key), toValue = node.NewContribution(_value);
            node.Device.AttentionGradient(operands, logSumExp, g, SplitOrNull(toQuery), SplitOrNull(toKey), SplitOrNull(toValue));
            _query.End(toQuery);
            _key.End(toKey);
            _value.End(toValue);
        }

        private readonly Tensor? SplitOrNull(Tensor? x) => x is null ? null : Split(x, _heads);
    }
}

/// <summary>What attention takes besides its operands.</summary>
/// <param name="Mask">1 where a query sees a key, 0 where it does not; null for everywhere.</param>
/// <param name="Bias">Added to the scores; null for 0.</param>
/// <param name="CausalOffset">Query i sees the keys up to i + offset; null for all.</param>
/// <param name="Scale">The factor of the scores; null for 1/√D.</param>
/// <param name="Dropout">The probability to drop a weight, if there is a stream.</param>
/// <param name="Random">Where it is drawn from; null for no dropout.</param>
internal readonly record struct AttentionSettings(
    Tensor? Mask, Tensor? Bias, int? CausalOffset, float? Scale, float Dropout = 0, RandomStream? Random = null)
{
    /// <summary>Whether the weights have to be there: to be dropped, or for the gradient of the bias.</summary>
    public bool NeedsWeights => Random is not null || (Bias is { } bias && Tape.Records(bias));

    public float ScaleFor(int depth) => Scale ?? (float)(1 / Math.Sqrt(depth));
}
