using TinyNet.Core;

namespace TinyNet.Ilgpu;

/// <summary>
/// Convolution and its gradients as matrix products whose factors are read from images through windows: nothing is copied before. The
/// batch are the groups.
/// </summary>
internal static class GpuConvolution
{
    // Groups with fewer channels than that on either side are thin.
    private const int LeastChannels = 8;

    /// <summary>f of the normalized sums of windows times the weight.</summary>
    public static void Run<TMap>(
        IlgpuDevice device, Tensor x, Tensor weight, Tensor? bias, in Window window, int groups, Tensor? factors, TMap map,
        Tensor destination)
        where TMap : struct, IUnaryMap
    {
        var sizes = destination.Shape.Sizes;
        TapAxis down = TapAxis.Forward(window.Height, sizes[2]), across = TapAxis.Forward(window.Width, sizes[3]);
        Sweep(device, x, weight, isBackward: false, bias, down, across, groups, factors, map, destination);
    }

    /// <summary>The gradient to the input, also the transposed convolution: a sweep for each remainder of the stride.</summary>
    public static void RunInputGradient(
        IlgpuDevice device, Tensor gradient, Tensor weight, Tensor? bias, in Window window, int groups, Tensor xGradient)
    {
        int height = xGradient.Shape.Sizes[2], width = xGradient.Shape.Sizes[3];
        for (int row = 0; row < Math.Min(window.Height.Stride, height); row++)
        {
            for (int column = 0; column < Math.Min(window.Width.Stride, width); column++)
            {
                TapAxis down = TapAxis.Backward(window.Height, row, height), across = TapAxis.Backward(window.Width, column, width);
                Sweep(device, gradient, weight, isBackward: true, bias, down, across, groups, null, new IdentityOp(), xGradient);
            }
        }
    }

    /// <summary>The gradient to the weight: a product over all pixels.</summary>
    public static void RunWeightGradient(
        IlgpuDevice device, Tensor x, Tensor gradient, in Window window, int groups, Tensor weightGradient)
    {
        if (weightGradient.Length == 0)
        {
            return;
        }

        using var alive = KeepAlive.Of(x, gradient, weightGradient);
        ReadOnlySpan<int> sizes = weightGradient.Shape.Sizes, strides = weightGradient.Layout.Strides, pixels = gradient.Shape.Sizes;
        int channels = sizes[2], outputs = sizes[3] / groups;
        TapAxis down = TapAxis.Forward(window.Height, pixels[2]), across = TapAxis.Forward(window.Width, pixels[3]);
        var taps = TapsOf(down, across, x, channels);
        ImageSteps from = ImageSteps.Of(x.Layout), to = ImageSteps.Of(gradient.Layout);
        var left = new TransposedWindowReader
        {
            Values = x.Memory(),
            Steps = from,
            Taps = taps,
            Count = sizes[0] * sizes[1] * channels,
            AreAligned = from.AreAligned(channels),
        };
        var right = new PixelReader
        {
            Values = gradient.Memory(),
            Steps = to,
            Taps = taps,
            Count = outputs,
            AreAligned = to.AreAligned(outputs),
        };
        var writer = new MatrixWriter
        {
            Values = weightGradient.Memory(),
            Bias = weightGradient.Memory(),
            AtBatch = new Steps { Step0 = outputs * strides[3] },
            AtLine = new Steps { Offset = weightGradient.Layout.Offset, Step0 = strides[2], Step1 = strides[1], Step2 = strides[0] },
            Lines = new WalkAxes { Rank = 3, Size0 = channels, Size1 = sizes[1] },
            LineCount = left.Count,
            ColumnCount = outputs,
            ColumnStep = strides[3],
        };
        Run(device, TaskOf(groups, left.Count, outputs, pixels[0] * pixels[2] * pixels[3]), channels, left, right, writer);
    }

    private static void Sweep<TMap>(
        IlgpuDevice device, Tensor source, Tensor weight, bool isBackward, Tensor? bias, in TapAxis down, in TapAxis across, int groups,
        Tensor? factors, TMap map, Tensor destination)
        where TMap : struct, IUnaryMap
    {
        if (destination.Length == 0)
        {
            return;
        }

        using var alive = KeepAlive.Of(source, weight, bias, factors, destination);
        ReadOnlySpan<int> strides = weight.Layout.Strides, sizes = destination.Shape.Sizes;
        int channels = source.Shape.Sizes[1] / groups, outputs = sizes[1] / groups, pixels = sizes[0] * down.Count * across.Count;
        var taps = TapsOf(down, across, source, channels);
        var from = ImageSteps.Of(source.Layout);
        var left = new WindowReader
        {
            Values = source.Memory(),
            Steps = from,
            Taps = taps,
            Count = pixels,
            AreAligned = from.AreAligned(channels),
        };
        int offset = weight.Layout.Offset, row = strides[0], column = strides[1], group = weight.Shape.Sizes[3] / groups * strides[3];
        int channel = isBackward ? strides[3] : strides[2], line = isBackward ? strides[2] : strides[3];
        bool areMultiples = ((offset | group | row | column) & 3) == 0;
        var right = new TapWeightReader
        {
            Values = weight.Memory(),
            Taps = taps,
            Offset = offset,
            Group = group,
            Row = row,
            Column = column,
            Channel = channel,
            Line = line,
            Count = outputs,
            AreAligned = areMultiples && (line == 1 ? channel % 4 == 0 : channel == 1 && (channels | line) % 4 == 0),
        };
        var to = ImageSteps.Of(destination.Layout);
        var writer = new ImageWriter<TMap>
        {
            Map = map,
            Values = destination.Memory(),
            Bias = bias.MemoryOr(destination),
            Factors = factors.MemoryOr(destination),
            Pixels = new WalkAxes { Rank = 3, Size0 = across.Count, Size1 = down.Count },
            AtPixel = new Steps
            {
                Offset = to.Offset + down.First * to.Row + across.First * to.Column,
                Step0 = across.Step * to.Column,
                Step1 = down.Step * to.Row,
                Step2 = to.Image,
            },
            PixelCount = pixels,
            Channels = outputs,
            ChannelStep = to.Channel,
            BiasOffset = bias?.Layout.Offset ?? 0,
            BiasStep = bias?.Layout.Strides[0] ?? 0,
            FactorOffset = factors?.Layout.Offset ?? 0,
            FactorStep = factors?.Layout.Strides[0] ?? 0,
            FactorChannelStep = factors?.Layout.Strides[2] ?? 0,
            HasBias = bias is not null,
            HasFactors = factors is not null,
        };
        Run(device, TaskOf(groups, pixels, outputs, down.Taps * across.Taps * channels), channels, left, right, writer);
    }

    private static void Run<TLeft, TRight, TWriter>(
        IlgpuDevice device, in TileTask task, int channels, in TLeft left, in TRight right, in TWriter writer)
        where TLeft : struct, IElementReader
        where TRight : struct, IElementReader
        where TWriter : struct, IResultWriter
    {
        if (task.Products > 1 && Math.Min(channels, task.Columns) < LeastChannels)
        {
            GpuTiles.RunThin(device, task, left, right, writer);
        }
        else
        {
            GpuTiles.Run(device, task, GpuTiles.PlanOf(device, task), left, right, writer);
        }
    }

    private static TileTask TaskOf(int groups, int lines, int columns, int depth) => new()
    {
        Batches = new WalkAxes { Rank = 1, Size0 = groups },
        Products = groups,
        Lines = lines,
        Columns = columns,
        Depth = depth,
    };

    private static WindowTaps TapsOf(in TapAxis down, in TapAxis across, Tensor source, int channels) => new()
    {
        Down = down,
        Across = across,
        Height = source.Shape.Sizes[2],
        Width = source.Shape.Sizes[3],
        Channels = Divisor.By(channels),
        TapsAcross = Divisor.By(across.Taps),
        Rows = Divisor.By(down.Count),
        Columns = Divisor.By(across.Count),
    };
}
