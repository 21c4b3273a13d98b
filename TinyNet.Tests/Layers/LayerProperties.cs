using FsCheck;
using FsCheck.Fluent;
using TinyNet.Autograd;
using TinyNet.Core;
using TinyNet.Layers;

namespace TinyNet.Tests.Layers;

/// <summary>
/// Layers of random shapes and settings: result and gradients on the processor are those of the reference device. The other families have
/// random tests of their own: recurrent layers in <see cref="RecurrentGradientTests"/>, the attention operation in <see
/// cref="Core.AttentionTests"/>.
/// </summary>
public class LayerProperties
{
    private static readonly CpuDevice[] Devices = [.. TestDevices.OfEachWidth()];

    // The second number has to be odd.
    private static readonly Rnd Seed = new(2026, 0x9E3779B97F4A7C15);

    private static readonly Gen<bool> Flag = Gen.Elements(false, true);

    private static readonly Gen<int> Batch = Gen.Elements(0, 1, 1, 2, 3);

    private static readonly Gen<int> Channels = Gen.OneOf(Gen.Choose(1, 5), Gen.Elements(16, 32), Gen.Choose(6, 40));

    /// <summary>What an axis has beyond the least: often nothing, so that there are images of one pixel.</summary>
    private static readonly Gen<int> Surplus = Gen.Frequency((1, Gen.Constant(0)), (3, Gen.Choose(1, 9)));

    [Fact]
    public void Conv2d_agrees_with_the_reference() => Agrees(
        from height in Sliding(maximumPadding: axis => axis.Span)
        from width in Sliding(maximumPadding: axis => axis.Span)
        from batch in Batch
        from channels in Grouped
        from bias in Flag
        from isChannelsLast in Flag
        select LayerCase.OfImages(
            () => new Conv2d(
                channels.In,
                channels.Out,
                (height.Size, width.Size),
                (height.Stride, width.Stride),
                (height.Padding, width.Padding),
                (height.Dilation, width.Dilation),
                channels.Groups,
                bias),
            [batch, channels.In, height.Length, width.Length], isChannelsLast));

    [Fact]
    public void Conv1d_agrees_with_the_reference() => Agrees(
        from axis in Sliding(maximumPadding: axis => axis.Span)
        from batch in Batch
        from channels in Grouped
        from bias in Flag
        select LayerCase.Of(
            () => new Conv1d(channels.In, channels.Out, axis.Size, axis.Stride, axis.Padding, axis.Dilation, channels.Groups, bias),
            [batch, channels.In, axis.Length]));

    [Fact]
    public void ConvTranspose2d_agrees_with_the_reference() => Agrees(
        from height in Growing
        from width in Growing
        from batch in Batch
        from channels in Grouped
        from bias in Flag
        from isChannelsLast in Flag
        select LayerCase.OfImages(
            () => new ConvTranspose2d(
                channels.In,
                channels.Out,
                (height.Axis.Size, width.Axis.Size),
                (height.Axis.Stride, width.Axis.Stride),
                (height.Axis.Padding, width.Axis.Padding),
                (height.Extra, width.Extra), (height.Axis.Dilation, width.Axis.Dilation), channels.Groups, bias),
            [batch, channels.In, height.Axis.Length, width.Axis.Length], isChannelsLast));

    [Fact]
    public void Pooling_of_images_agrees_with_the_reference() => Agrees(
        from height in Sliding(maximumPadding: axis => axis.Size / 2)
        from width in Sliding(maximumPadding: axis => axis.Size / 2)
        from batch in Batch
        from channels in Channels
        from ceiling in Flag
        from countPadding in Flag
        from isMaximum in Flag
        from isChannelsLast in Flag
        let stride = new Extent(height.Stride, width.Stride)
        let padding = new Extent(height.Padding, width.Padding)
        select LayerCase.OfImages(
            () => isMaximum
                ? new MaxPool2d((height.Size, width.Size), stride, padding, (height.Dilation, width.Dilation), ceiling)
                : new AvgPool2d((height.Size, width.Size), stride, padding, ceiling, countPadding),
            [batch, channels, height.Length, width.Length], isChannelsLast));

    [Fact]
    public void Pooling_of_sequences_agrees_with_the_reference() => Agrees(
        from axis in Sliding(maximumPadding: axis => axis.Size / 2)
        from batch in Batch
        from channels in Channels
        from ceiling in Flag
        from countPadding in Flag
        from isMaximum in Flag
        select LayerCase.Of(
            () => isMaximum
                ? new MaxPool1d(axis.Size, axis.Stride, axis.Padding, axis.Dilation, ceiling)
                : new AvgPool1d(axis.Size, axis.Stride, axis.Padding, ceiling, countPadding),
            [batch, channels, axis.Length]));

    [Fact]
    public void Adaptive_pooling_agrees_with_the_reference() => Agrees(
        from height in Gen.Choose(1, 12)
        from width in Gen.Choose(1, 12)
        from size in from rows in Gen.Choose(1, 12) from columns in Gen.Choose(1, 12) select (rows, columns)
        from batch in Batch
        from channels in Channels
        from kind in Gen.Choose(0, 3)
        from isChannelsLast in Flag
        select kind switch
        {
            0 => LayerCase.OfImages(() => new AdaptiveMaxPool2d(size), [batch, channels, height, width], isChannelsLast),
            1 => LayerCase.OfImages(() => new AdaptiveAvgPool2d(size), [batch, channels, height, width], isChannelsLast),
            2 => LayerCase.Of(() => new AdaptiveMaxPool1d(size.columns), [batch, channels, width]),
            _ => LayerCase.Of(() => new AdaptiveAvgPool1d(size.columns), [batch, channels, width]),
        });

    [Fact]
    public void Margins_agree_with_the_reference() => Agrees(
        from height in Gen.Choose(1, 7)
        from width in Gen.Choose(1, 7)
        from channels in Channels
        from batch in Batch
        from kind in Gen.Choose(0, 2)
        let least = kind == 0 ? -1 : 0
        let most = (Across: kind == 1 ? width - 1 : 4, Down: kind == 1 ? height - 1 : 4)
        from left in Gen.Choose(width > 2 ? least : 0, most.Across)
        from right in Gen.Choose(width > 2 ? least : 0, most.Across)
        from top in Gen.Choose(height > 2 ? least : 0, most.Down)
        from bottom in Gen.Choose(height > 2 ? least : 0, most.Down)
        from isChannelsLast in Flag
        select LayerCase.OfImages(
            () => kind switch
            {
                0 => new ConstantPad2d(left, right, top, bottom, 0.5f),
                1 => new ReflectionPad2d(left, right, top, bottom),
                _ => new ReplicationPad2d(left, right, top, bottom),
            },
            [batch, channels, height, width], isChannelsLast));

    [Fact]
    public void Upsampling_agrees_with_the_reference() => Agrees(
        from height in Gen.Choose(1, 9)
        from width in Gen.Choose(1, 9)
        from channels in Channels
        from batch in Batch
        from size in from rows in Gen.Choose(1, 20) from columns in Gen.Choose(1, 20) select new Extent(rows, columns)
        from tenths in Gen.Choose((9 + Math.Min(height, width)) / Math.Min(height, width), 35)
        from isScaled in Flag
        from interpolation in Gen.Elements(Interpolation.Nearest, Interpolation.Linear)
        from aligns in Flag
        let alignCorners = aligns && interpolation == Interpolation.Linear
        from isChannelsLast in Flag
        select LayerCase.OfImages(
            () => isScaled ? new Upsample(tenths / 10.0, interpolation, alignCorners) : new Upsample(size, interpolation, alignCorners),
            [batch, channels, height, width], isChannelsLast));

    [Fact]
    public void Batch_norm_agrees_with_the_reference_in_training_and_evaluation() => Agrees(
        from shape in Image(minimumBatch: 2)
        from rank in Gen.Choose(2, 4)
        from momentum in Gen.Elements<float?>(0.1f, 0, 1, null)
        from affine in Flag
        from tracks in Flag
        from evaluates in Flag
        let layer = (Func<Module<Tensor, Tensor>>)(
            () => rank == 4
                ? new BatchNorm2d(shape[1], 0.01f, momentum, affine, tracks)
                : new BatchNorm1d(shape[1], 0.01f, momentum, affine, tracks))
        select LayerCase.Of(layer, new Shape(shape.Sizes[..rank])) with
        {
            Run = (norm, inputs) =>
            {
                // The statistics of a batch, with which another one is then evaluated.
                var y = LayerCase.Forward(norm, inputs[0] * 0.5f + 0.3f);
                norm.Train(!evaluates);
                return y + LayerCase.Forward(norm, inputs[0]);
            },
            Note = evaluates ? "then evaluating" : "training",
        });

    [Fact]
    public void Group_and_instance_norm_agree_with_the_reference() => Agrees(
        from groups in Gen.Choose(1, 4)
        from groupChannels in Gen.Choose(1, 12)
        from batch in Batch
        from height in Gen.Choose(1, 6)
        from width in Gen.Choose(2, 6)
        from affine in Flag
        from isInstance in Flag
        from isChannelsLast in Flag
        let channels = groups * groupChannels
        select LayerCase.OfImages(
            () => isInstance ? new InstanceNorm(channels, 0.01f, affine) : new GroupNorm(groups, channels, 0.01f, affine),
            [batch, channels, height, width], isChannelsLast));

    [Fact]
    public void Layer_and_RMS_norm_agree_with_the_reference() => Agrees(
        from shape in Image(minimumBatch: 0)
        from rank in Gen.Choose(1, 4)
        from normalized in Gen.Choose(1, rank)
        from affine in Flag
        from bias in Flag
        from isRms in Flag
        let x = new Shape(shape.Sizes[^rank..])
        let last = new Shape(shape.Sizes[^normalized..])
        where last.Length > 0
        select LayerCase.Of(() => isRms ? new RMSNorm(last, 0.01f, affine) : new LayerNorm(last, 0.01f, affine, bias), x));

    [Fact]
    public void Multi_head_attention_agrees_with_the_reference() => Agrees(
        from heads in Gen.Choose(1, 4)
        from headSize in Gen.Choose(1, 9)
        from batch in Batch
        from length in from queries in Gen.Choose(1, 20) from keys in Gen.Choose(1, 20) select (Queries: queries, Keys: keys)
        from features in from keys in Gen.Choose(1, 9) from values in Gen.Choose(1, 9) select (Keys: keys, Values: values)
        from isOfItself in Flag
        from batchFirst in Flag
        from bias in Flag
        from isCausal in Flag
        from weights in Gen.Elements(AttentionWeights.None, AttentionWeights.None, AttentionWeights.Averaged, AttentionWeights.PerHead)
        from maskShape in MaskShape(batch, heads, length.Queries, isOfItself ? length.Queries : length.Keys)
        from biasShape in MaskShape(batch, heads, length.Queries, isOfItself ? length.Queries : length.Keys)
        from isBiasLearned in Flag
        from hasKeyMask in Flag
        from hidesEverything in Gen.Elements(false, false, false, !isCausal)
        let all = heads * headSize
        let settings = new AttentionSetting(
            heads, isCausal, weights, maskShape, biasShape, isBiasLearned, hasKeyMask, hidesEverything, batchFirst)
        let query = batchFirst ? new Shape([batch, length.Queries, all]) : [length.Queries, batch, all]
        let key = batchFirst ? new Shape([batch, length.Keys, features.Keys]) : [length.Keys, batch, features.Keys]
        let value = key.With(-1, features.Values)
        select new LayerCase(
            () => isOfItself
                ? new MultiHeadAttention(all, heads, 0, bias, batchFirst: batchFirst)
                : new MultiHeadAttention(all, heads, 0, bias, features.Keys, features.Values, batchFirst),
            [.. isOfItself ? new[] { query } : [query, key, value], .. biasShape is { } shape ? new[] { shape } : []],
            settings.Run, settings.ToString()), tolerance: 1e-4);

    [Fact]
    public void Embedding_and_the_mean_of_padded_sequences_agree_with_the_reference() => Agrees(
        from count in Gen.Choose(1, 9)
        from features in Channels
        from batch in Batch
        from steps in Gen.Choose(0, 7)
        from words in Gen.Choose(0, count - 1).ArrayOf(batch * steps)
        from lengths in Gen.Choose(0, steps).ArrayOf(batch)
        from padding in Gen.OneOf(Gen.Constant((int?)null), Gen.Choose(-count, count - 1).Select(index => (int?)index))
        select new LayerCase(() => new Embedding(count, features, padding), [[batch, steps, features]],
            (layer, inputs) => new MaskedMean().Forward(
                new PaddedBatch(
                    inputs[0] * ((Embedding)layer).Forward(IndexTensor.From(words, [batch, steps])), IndexTensor.From(lengths))),
            $"lengths {string.Join(" ", lengths)}"));

    [Fact]
    public void Gated_units_agree_with_the_reference() => Agrees(
        from shape in Image(minimumBatch: 0)
        from rank in Gen.Choose(1, 4)
        from axis in Gen.Choose(-rank, rank - 1)
        from kind in Gen.Choose(0, 4)
        let x = new Shape(shape.Sizes[^rank..])
        select LayerCase.Of(
            () => kind switch
            {
                0 => new GLU(axis),
                1 => new GaussianGLU(0.3f, 0.7f, axis),
                2 => new ReGLU(axis),
                3 => new GEGLU(axis),
                _ => new SwiGLU(axis),
            },
            x.With(axis, 2 * x[axis])));

    /// <summary>A window along an axis, and the length of the axis, on which at least one window lies.</summary>
    private readonly record struct SlidingAxis(int Size, int Stride, int Dilation, int Padding = 0, int Length = 0)
    {
        public int Span => Dilation * (Size - 1) + 1;
    }

    private static Gen<SlidingAxis> Sliding(Func<SlidingAxis, int> maximumPadding) =>
        from size in Gen.Frequency((1, Gen.Constant(3)), (2, Gen.Choose(1, 5)))
        from stride in Gen.Frequency((1, Gen.Constant(1)), (1, Gen.Choose(1, size + 2)))
        from dilation in Gen.Frequency((1, Gen.Constant(1)), (1, Gen.Choose(1, 3)))
        let axis = new SlidingAxis(size, stride, dilation)
        from padding in Gen.Choose(0, maximumPadding(axis))
        from surplus in Surplus
        select axis with { Padding = padding, Length = Math.Max(1, axis.Span - 2 * padding) + surplus };

    /// <summary>
    /// The same for a transposed convolution, whose padding is cut off the result, with what the result grows by at its end.
    /// </summary>
    private static readonly Gen<(SlidingAxis Axis, int Extra)> Growing =
        from axis in Sliding(maximumPadding: _ => 0)
        from surplus in Surplus
        from extra in Gen.Choose(0, Math.Max(axis.Stride, axis.Dilation) - 1)
        from padding in Gen.Choose(0, (surplus * axis.Stride + axis.Span + extra - 1) / 2)
        select (axis with { Padding = padding, Length = 1 + surplus }, extra);

    /// <summary>Channels in one group, in some, or each on its own.</summary>
    private static readonly Gen<(int In, int Out, int Groups)> Grouped = Gen.OneOf(
        from inputs in Channels from outputs in Channels select (inputs, outputs, 1),
        from groups in Gen.Choose(2, 4)
        from inputs in Gen.Choose(1, 5)
        from outputs in Gen.Choose(1, 20)
        select (
            groups * inputs, groups * outputs, groups),
        from groups in Channels from multiple in Gen.Elements(1, 1, 2) select (groups, groups * multiple, groups));

    private static Gen<Shape> Image(int minimumBatch) =>
        from batch in Gen.Choose(minimumBatch, 4)
        from channels in Channels
        from height in Gen.Choose(1, 6)
        from width in Gen.Choose(1, 6)
        select new Shape([batch, channels, height, width]);

    private static Gen<Shape?> MaskShape(int batch, int heads, int queries, int keys) => Gen.Elements<Shape?>(
        null, new Shape([queries, keys]), new Shape([1, 1, 1, keys]), new Shape([batch, 1, queries, keys]),
        new Shape([1, heads, queries, keys]), new Shape([batch, heads, queries, keys]));

    /// <summary>What multi-head attention is given besides its sequences. A bias is the last input, if there is one.</summary>
    private sealed record AttentionSetting(
        int Heads, bool IsCausal, AttentionWeights Weights, Shape? MaskShape, Shape? BiasShape, bool IsBiasLearned, bool HasKeyMask,
        bool HidesEverything, bool BatchFirst)
    {
        public Tensor Run(Module layer, Tensor[] inputs)
        {
            var (query, key, value) = inputs.Length > 2 ? (inputs[0], inputs[1], inputs[2]) : (inputs[0], inputs[0], inputs[0]);
            Shape keyMaskShape = BatchFirst ? new Shape(key.Shape.Sizes[..2]) : [key.Shape[1], key.Shape[0]];
            var output = ((MultiHeadAttention)layer).Forward(new AttentionInput(query, key, value)
            {
                IsCausal = IsCausal,
                Weights = Weights,
                Mask = MaskShape is { } shape ? Holes(shape, query.Device) : null,
                KeyMask = HasKeyMask ? Holes(keyMaskShape, query.Device) : null,
                Bias = BiasShape is null ? null : IsBiasLearned ? inputs[^1] : inputs[^1].Keep(),
            });
            var y = output.Output.Reshape(output.Output.Length);
            return output.Weights is { } weights ? Tensor.Concat(0, y, weights.Reshape(weights.Length)) : y;
        }

        /// <summary>A mask in which everybody sees the first key, or nobody any.</summary>
        private Tensor Holes(in Shape shape, Device device)
        {
            int keys = shape[-1];
            return Tensor.From(
                [.. Enumerable.Range(0, shape.Length).Select(i => !HidesEverything && (i % keys == 0 || i * 7 % 5 < 3) ? 1f : 0)],
                shape,
                device);
        }
    }

    /// <summary>The seed is fixed, so that a failure, which shows the case, comes again.</summary>
    private static void Agrees(Gen<LayerCase> cases, double tolerance = 1e-5) => Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(100).WithQuietOnSuccess(true).WithReplay(new Replay(Seed, null)),
        Prop.ForAll(
            (from layer in cases from device in Gen.Elements(Devices) select (layer, device)).ToArbitrary(),
            test => test.layer.AssertAgrees(test.device, tolerance)));
}
