using TinyNet.Core;

namespace TinyNet.Autograd;

/// <summary>
/// Differentiable pooling of images: one pixel for each window, or for each of a number of parts that cover the image evenly.
/// </summary>
public static class Pooling
{
    // Positions within a part are kept as floats, which are exact up to here.
    private const int LargestPart = 1 << 24;

    extension(Tensor x)
    {
        /// <summary>
        /// The largest element under each window of images [N, C, H, W]; padding counts as −∞ and nan as the largest. The gradient goes to
        /// the first of the largest, row by row.
        /// </summary>
        /// <param name="window">How the window slides; its padding is at most half its size.</param>
        /// <param name="ceiling">Whether a last window that does not fit wholly counts, unless it would start in the padding.</param>
        /// <exception cref="ArgumentOutOfRangeException">The window has a size that is not positive, or more padding.</exception>
        /// <exception cref="ShapeException">x has no four axes or no pixels, or no window fits.</exception>
        public Tensor MaxPool(in Window window, bool ceiling = false) =>
            Pool("MaxPool", x, Sliding("MaxPool", x, window, ceiling, countsPadding: false), takesLargest: true);

        /// <summary>The mean under each window of images [N, C, H, W].</summary>
        /// <param name="window">How the window slides, without dilation; its padding is at most half its size.</param>
        /// <param name="ceiling">Whether a last window that does not fit wholly counts, unless it would start in the padding.</param>
        /// <param name="countPadding">Whether padding counts as zeros, or not at all; what is beyond it never counts.</param>
        /// <exception cref="ArgumentOutOfRangeException">
        /// The window has a size that is not positive, a dilation, or more padding.
        /// </exception>
        /// <exception cref="ShapeException">x has no four axes or no pixels, or no window fits.</exception>
        public Tensor AveragePool(in Window window, bool ceiling = false, bool countPadding = true)
        {
            if (window.Height.Dilation != 1 || window.Width.Dilation != 1)
            {
                throw new ArgumentOutOfRangeException(nameof(window), window, "an average has no dilation");
            }

            return Pool("AveragePool", x, Sliding("AveragePool", x, window, ceiling, countPadding), takesLargest: false);
        }

        /// <summary>
        /// The largest element of each of height · width parts of images [N, C, H, W]: part i of n covers ⌊i · size / n⌋ to
        /// ⌈(i + 1) · size / n⌉ − 1.
        /// </summary>
        /// <exception cref="ShapeException">x has no four axes, or no pixels.</exception>
        public Tensor AdaptiveMaxPool(int height, int width) =>
            Pool("AdaptiveMaxPool", x, Even("AdaptiveMaxPool", x, height, width), takesLargest: true);

        /// <summary>
        /// The mean of each of height · width parts of images [N, C, H, W]: part i of n covers ⌊i · size / n⌋ to
        /// ⌈(i + 1) · size / n⌉ − 1.
        /// </summary>
        /// <exception cref="ShapeException">x has no four axes, or no pixels.</exception>
        public Tensor AdaptiveAveragePool(int height, int width) =>
            Pool("AdaptiveAveragePool", x, Even("AdaptiveAveragePool", x, height, width), takesLargest: false);
    }

    /// <summary>Refuses padding in which a whole window could lie, which has no maximum and no mean.</summary>
    /// <param name="window">The window.</param>
    /// <param name="argument">The name of the setting at the caller.</param>
    internal static void CheckPadding(in WindowAxis window, string argument)
    {
        int padding = Math.Max(window.PadBefore, window.PadAfter);
        if (padding > window.Size / 2)
        {
            throw new ArgumentOutOfRangeException(argument, padding, $"padding is at most half the window of {window.Size}");
        }
    }

    private static Tensor Pool(string name, Tensor x, in PoolGrid grid, bool takesLargest)
    {
        var y = Tensor.ImageResult(name, [x.Shape[0], x.Shape[1], grid.Height.Parts, grid.Width.Parts], x.Device);
        bool isRecorded = Tape.Records(x);
        var positions = takesLargest && isRecorded ? Tensor.ImageResult(name, y.Shape, x.Device) : null;
        if (takesLargest)
        {
            x.Device.MaxPool(x, grid, y, positions);
        }
        else
        {
            x.Device.AveragePool(x, grid, y);
        }

        if (isRecorded)
        {
            var node = Node<PoolRule>.Rent();
            node.Rule.Set(node, x, grid, positions);
            Tape.Push(node, y);
        }

        Tape.CheckResult(y);
        return y;
    }

    private static PoolGrid Sliding(string name, Tensor x, in Window window, bool ceiling, bool countsPadding)
    {
        CheckImages(name, x);
        Convolutions.CheckAxis(window.Height);
        Convolutions.CheckAxis(window.Width);
        CheckPadding(window.Height, nameof(window));
        CheckPadding(window.Width, nameof(window));
        var grid = new PoolGrid(
            PoolAxis.Sliding(window.Height, x.Shape[2], ceiling, countsPadding),
            PoolAxis.Sliding(window.Width, x.Shape[3], ceiling, countsPadding));
        if (grid.Height.Parts <= 0 || grid.Width.Parts <= 0)
        {
            throw new ShapeException(name,
                $"a window of {window.Height.Span} x {window.Width.Span} for images of {x.Shape[2]} x {x.Shape[3]}",
                "make the window smaller, or add padding");
        }

        CheckSize(name, (long)window.Height.Size * window.Width.Size);
        return grid;
    }

    private static PoolGrid Even(string name, Tensor x, int height, int width)
    {
        CheckImages(name, x);
        Require.Positive(height);
        Require.Positive(width);
        CheckSize(name, ((long)x.Shape[2] / height + 2) * ((long)x.Shape[3] / width + 2));
        return new PoolGrid(PoolAxis.Even(x.Shape[2], height), PoolAxis.Even(x.Shape[3], width));
    }

    private static void CheckImages(string name, Tensor x)
    {
        Operation.Check(name, x);
        if (x.Rank != 4)
        {
            throw new ShapeException(name, $"images of shape {x.Shape}", "images have the axes [batch, channels, height, width]");
        }

        // A window that lies wholly in the padding has no maximum and no mean.
        if (x.Shape[2] == 0 || x.Shape[3] == 0)
        {
            throw new ShapeException(name, $"images of shape {x.Shape}", "images need pixels");
        }
    }

    private static void CheckSize(string name, long size)
    {
        if (size > LargestPart)
        {
            throw new ShapeException(name, $"parts of up to {size} pixels", $"parts have at most {LargestPart}");
        }
    }

    private struct PoolRule : IGradientRule
    {
        private Edge _x;
        private Saved _positions;
        private PoolGrid _grid;

        /// <summary>A maximum has positions, a mean has none.</summary>
        public void Set(Node node, Tensor x, in PoolGrid grid, Tensor? positions)
        {
            (_x, _grid) = (new Edge(x), grid);
            _positions = node.Save(positions);
        }

        public readonly void Backward(Node node, Tensor gradient)
        {
            var contribution = _x.Begin();
            if (_positions.IsSet)
            {
                node.Device.MaxPoolGradient(_positions.Get(node), gradient, _grid, contribution);
            }
            else
            {
                node.Device.AveragePoolGradient(gradient, _grid, contribution);
            }

            _x.End(contribution);
        }
    }
}
