using TinyNet.Core;

namespace TinyNet.Autograd;

/// <summary>Differentiable resizing of images.</summary>
public static class Resizing
{
    extension(Tensor x)
    {
        /// <summary>
        /// Images [N, C, H, W] at height · width points. Point i of an axis lies at i · size / points (nearest), at (i + ½) · size /
        /// points − ½ (linear), or at i · (size − 1) / (points − 1) (linear with aligned corners).
        /// </summary>
        /// <param name="height">The new height.</param>
        /// <param name="width">The new width.</param>
        /// <param name="interpolation">How pixels in between are made.</param>
        /// <param name="alignCorners">Whether the corner pixels keep their places, instead of the edges of the image.</param>
        /// <exception cref="ArgumentException">There is no such interpolation, or it is not linear and has no corners to align.</exception>
        /// <exception cref="ShapeException">x has no four axes, or no pixels, or a result would be too large.</exception>
        public Tensor Resize(int height, int width, Interpolation interpolation = Interpolation.Nearest, bool alignCorners = false) =>
            Resize(x, (height, width), null, interpolation, alignCorners);

        /// <summary>
        /// Images [N, C, H, W] at ⌊scale · H⌋ · ⌊scale · W⌋ points, 1 / scale apart.
        /// <inheritdoc cref="Resize(Tensor, int, int, Interpolation, bool)" path="/summary/node()"/>
        /// </summary>
        /// <param name="scale">By how much images grow.</param>
        /// <param name="interpolation">How pixels in between are made.</param>
        /// <param name="alignCorners">Whether the corner pixels keep their places, instead of the edges of the image.</param>
        /// <exception cref="ArgumentException">There is no such interpolation, or it is not linear and has no corners to align.</exception>
        /// <exception cref="ShapeException">
        /// x has no four axes, or no pixels, or too few for a small scale, or a result would be too large.
        /// </exception>
        public Tensor Resize(double scale, Interpolation interpolation = Interpolation.Nearest, bool alignCorners = false) =>
            Resize(x, null, scale, interpolation, alignCorners);
    }

    private static Tensor Resize(Tensor x, (int Height, int Width)? size, double? scale, Interpolation interpolation, bool alignCorners)
    {
        const string name = "Resize";
        Operation.Check(name, x);
        Require.Defined(interpolation);
        if (alignCorners && interpolation != Interpolation.Linear)
        {
            throw new ArgumentException("Resize: nearest pixels have no corners to align; leave alignCorners out, or interpolate linearly",
                nameof(alignCorners));
        }

        if (x.Rank != 4 || x.Shape[2] == 0 || x.Shape[3] == 0)
        {
            throw new ShapeException(name, $"images of shape {x.Shape}",
                "images have the axes [batch, channels, height, width], and pixels");
        }

        var (height, width) = size ?? Scaled(x, scale!.Value);
        if (height <= 0 || width <= 0)
        {
            throw new ShapeException(name, $"images of {x.Shape[2]} x {x.Shape[3]} to become {height} x {width}",
                "give a size, or a scale, that leaves a pixel");
        }

        if (Math.Max(1, (double)x.Shape[0] * x.Shape[1]) * height * width > int.MaxValue)
        {
            throw new ShapeException(name, $"images of shape {x.Shape} to become {height} x {width}",
                $"a tensor has at most {int.MaxValue} elements; give a smaller size or scale");
        }

        var grid = new ResizeGrid(new ResizeAxis(x.Shape[2], height, scale, interpolation, alignCorners),
            new ResizeAxis(x.Shape[3], width, scale, interpolation, alignCorners));
        var y = Tensor.ImageResult(name, [x.Shape[0], x.Shape[1], height, width], x.Device);
        x.Device.Resize(x, grid, y);
        if (Tape.Records(x))
        {
            var node = Node<ResizeRule>.Rent();
            node.Rule.Set(node, x, grid);
            Tape.Push(node, y);
        }

        Tape.CheckResult(y);
        return y;
    }

    private static (int Height, int Width) Scaled(Tensor x, double scale)
    {
        double height = Math.Floor(x.Shape[2] * scale), width = Math.Floor(x.Shape[3] * scale);
        return Math.Max(height, width) <= int.MaxValue
            ? ((int)height, (int)width)
            : throw new ShapeException("Resize", FormattableString.Invariant($"images of shape {x.Shape} by {scale}"),
                $"a tensor has at most {int.MaxValue} elements; give a smaller scale");
    }

    private struct ResizeRule : IGradientRule
    {
        private Edge _x;
        private ResizeGrid _grid;

        public void Set(Node node, Tensor x, in ResizeGrid grid) => (_x, _grid) = (new Edge(x), grid);

        public readonly void Backward(Node node, Tensor gradient)
        {
            var contribution = _x.Begin();
            node.Device.ResizeGradient(gradient, _grid, contribution);
            _x.End(contribution);
        }
    }
}
