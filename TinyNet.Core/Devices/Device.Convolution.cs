namespace TinyNet.Core;

// The defaults are one matrix product for each group: [G, pixels, taps · channels] by [G, taps · channels, outputs]. A row of the first
// matrix holds the elements under one window; it has as many images at once as keeps it moderate.
public abstract partial class Device
{
    private const int MostRowElements = 1 << 24;

    /// <summary>
    /// The convolution of images x [N, C, H, W]: destination [N, O, H', W'] = f(sum + bias [O]). The sum at (i, j) goes over the taps and
    /// the channels of the window there: the elements of x under it, times weight [taps down, taps across, C / groups, O]. An output of a
    /// group sees the channels of that group only. With <paramref name="factors"/> [4, 1, O], sum + bias is normalized before f, with the
    /// bits of <see cref="ChannelNormalize"/>.
    /// </summary>
    protected internal virtual void Convolution<TMap>(
        Tensor x, Tensor weight, Tensor? bias, in Window window, int groups, Tensor? factors, TMap map, Tensor destination)
        where TMap : struct, IUnaryMap
    {
        var sizes = new ConvolutionSizes(x.Shape, weight.Shape, destination.Shape, window, groups);
        var weights = GroupMatrices(weight, sizes);
        for (int first = 0; first < sizes.Images; first += sizes.ImagesAtOnce)
        {
            var part = sizes.Of(first);
            Tensor rows = WindowRows(Images(x, first, part), part), sums = Temporary(part.Sums, "Convolution");
            MatrixProduct(rows, weights, bias: null, accumulate: false, sums);
            Copy(View(sums, part.AsImages(sums.Layout)), Grouped(Images(destination, first, part), groups));
            Release(rows, sums);
        }

        AddBias(destination, bias);
        if (factors is null)
        {
            Map(map, destination, destination);
        }
        else
        {
            ChannelNormalize(destination, factors, map, destination);
        }
    }

    /// <summary>
    /// The gradient of <see cref="Convolution"/> to x, from that of its output. This is the transposed convolution too, which adds a
    /// bias [C].
    /// </summary>
    protected internal virtual void ConvolutionInputGradient(
        Tensor gradient, Tensor weight, Tensor? bias, in Window window, int groups, Tensor xGradient)
    {
        var sizes = new ConvolutionSizes(xGradient.Shape, weight.Shape, gradient.Shape, window, groups);
        var weights = Transposed(GroupMatrices(weight, sizes));
        for (int first = 0; first < sizes.Images; first += sizes.ImagesAtOnce)
        {
            var part = sizes.Of(first);
            Tensor sums = OutputRows(Images(gradient, first, part), part), rows = Temporary(part.Rows, "Convolution");
            MatrixProduct(sums, weights, bias: null, accumulate: false, rows);
            var padded = SumUnderWindows(rows, part);
            Copy(View(padded, part.Inner(padded.Layout)), Grouped(Images(xGradient, first, part), groups));
            Release(sums, rows, padded);
        }

        AddBias(xGradient, bias);
    }

    /// <summary>The gradient of <see cref="Convolution"/> to the weight, from x and the gradient of its output.</summary>
    protected internal virtual void ConvolutionWeightGradient(
        Tensor x, Tensor gradient, in Window window, int groups, Tensor weightGradient)
    {
        var sizes = new ConvolutionSizes(x.Shape, weightGradient.Shape, gradient.Shape, window, groups);
        var products = Temporary(sizes.Weights, "Convolution");
        Fill(products, 0);
        for (int first = 0; first < sizes.Images; first += sizes.ImagesAtOnce)
        {
            var part = sizes.Of(first);
            Tensor rows = WindowRows(Images(x, first, part), part), sums = OutputRows(Images(gradient, first, part), part);
            MatrixProduct(Transposed(rows), sums, bias: null, accumulate: true, products);
            Release(rows, sums);
        }

        var joined = ReshapedForWriting(weightGradient, sizes.JoinedWeights);
        Copy(View(products, products.Layout.Permute([1, 0, 2])), joined);
        Deliver(joined, weightGradient);
        Release(products);
    }

    private static Tensor Images(Tensor images, int first, in ConvolutionSizes part) =>
        View(images, images.Layout.Slice(0, first, part.Images, 1));

    private void AddBias(Tensor images, Tensor? bias)
    {
        if (bias is not null)
        {
            Map(new SumMap(), images, View(bias, bias.Layout.Unsqueeze(1).Unsqueeze(2)), images);
        }
    }

    /// <summary>The elements under each window, as a row.</summary>
    private Tensor WindowRows(Tensor x, in ConvolutionSizes sizes)
    {
        Tensor padded = Temporary(sizes.Padded, "Convolution"), rows = Temporary(sizes.Rows, "Convolution");
        Fill(padded, 0);
        Copy(Grouped(x, sizes.Groups), View(padded, sizes.Inner(padded.Layout)));
        Copy(View(padded, sizes.Windows(padded.Layout)), View(rows, sizes.AsWindows(rows.Layout)));
        Release(padded);
        return rows;
    }

    /// <summary>Back from <see cref="WindowRows"/> to padded images: each element is the sum of what windows have of it.</summary>
    private Tensor SumUnderWindows(Tensor rows, in ConvolutionSizes sizes)
    {
        var padded = Temporary(sizes.Padded, "Convolution");
        Fill(padded, 0);
        Layout windows = sizes.Windows(padded.Layout), elements = sizes.AsWindows(rows.Layout);
        for (int down = 0; down < windows.Shape[4]; down++)
        {
            for (int across = 0; across < windows.Shape[6]; across++)
            {
                // Windows overlap, but not in one of their taps.
                var under = View(padded, windows.Select(6, across).Select(4, down));
                Map(new SumMap(), under, View(rows, elements.Select(6, across).Select(4, down)), under);
            }
        }

        return padded;
    }

    /// <summary>The outputs of each pixel, or their gradients, as a row.</summary>
    private Tensor OutputRows(Tensor images, in ConvolutionSizes sizes)
    {
        var sums = Temporary(sizes.Sums, "Convolution");
        Copy(Grouped(images, sizes.Groups), View(sums, sizes.AsImages(sums.Layout)));
        return sums;
    }

    /// <summary>The weight [taps down, taps across, C / G, O] as [G, taps · C / G, O / G].</summary>
    private Tensor GroupMatrices(Tensor weight, in ConvolutionSizes sizes)
    {
        var joined = Reshaped(weight, sizes.JoinedWeights);
        return View(joined, joined.Layout.Permute([1, 0, 2]));
    }

    /// <summary>The shapes of a convolution's matrices, and how images lie in them.</summary>
    private readonly struct ConvolutionSizes(Shape input, Shape weight, Shape output, Window window, int groups)
    {
        private readonly int _outputs = weight[3] / groups;

        public int Groups => groups;

        public int Images => output[0];

        /// <summary>So many images, at least one, that their rows have no more than <see cref="MostRowElements"/> elements.</summary>
        public int ImagesAtOnce => (int)Math.Max(1, MostRowElements / Math.Max(1, (long)output[2] * output[3] * groups * Taps));

        /// <summary>Padded images by groups: [N, G, C / G, H + padding, W + padding].</summary>
        public Shape Padded =>
        [
            input[0], groups, weight[2],
            input[2] + window.Height.PadBefore + window.Height.PadAfter, input[3] + window.Width.PadBefore + window.Width.PadAfter,
        ];

        /// <summary>[G, pixels, taps · C / G].</summary>
        public Shape Rows => [groups, output[0] * output[2] * output[3], Taps];

        /// <summary>[G, pixels, O / G].</summary>
        public Shape Sums => [groups, output[0] * output[2] * output[3], _outputs];

        /// <summary>[G, taps · C / G, O / G].</summary>
        public Shape Weights => [groups, Taps, _outputs];

        /// <summary>[taps · C / G, G, O / G].</summary>
        public Shape JoinedWeights => [Taps, groups, _outputs];

        private int Taps => weight[0] * weight[1] * weight[2];

        /// <summary>The sizes for the next images from one on.</summary>
        public ConvolutionSizes Of(int first)
        {
            int count = Math.Min(ImagesAtOnce, Images - first);
            return new(input.With(0, count), weight, output.With(0, count), window, groups);
        }

        /// <summary>The images in <see cref="Padded"/>.</summary>
        public Layout Inner(in Layout padded) =>
            padded.Slice(3, window.Height.PadBefore, input[2], 1).Slice(4, window.Width.PadBefore, input[3], 1);

        /// <summary>The windows over <see cref="Padded"/>: [N, G, C / G, H', taps down, W', taps across].</summary>
        public Layout Windows(in Layout padded) => padded
            .Slide(4, output[3], window.Width.Stride, weight[1], window.Width.Dilation)
            .Slide(3, output[2], window.Height.Stride, weight[0], window.Height.Dilation);

        /// <summary><see cref="Rows"/> in the order of <see cref="Windows"/>.</summary>
        public Layout AsWindows(in Layout rows)
        {
            rows.TryReshape([groups, output[0], output[2], output[3], weight[0], weight[1], weight[2]], out var apart);
            return apart.Permute([1, 0, 6, 2, 4, 3, 5]);
        }

        /// <summary><see cref="Sums"/> as images by groups: [N, G, O / G, H', W'].</summary>
        public Layout AsImages(in Layout sums)
        {
            sums.TryReshape([groups, output[0], output[2], output[3], _outputs], out var apart);
            return apart.Permute([1, 0, 4, 2, 3]);
        }
    }
}
