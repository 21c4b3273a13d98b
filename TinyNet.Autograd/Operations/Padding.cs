using TinyNet.Core;

namespace TinyNet.Autograd;

/// <summary>Differentiable padding.</summary>
public static class Padding
{
    extension(Tensor x)
    {
        /// <summary>Adds a margin before and after each of the last axes; negative constant margins crop.</summary>
        /// <param name="margins">Pairs (before, after): first of the last axis, then of the one before it, and so on.</param>
        /// <param name="mode">What stands in the margin.</param>
        /// <param name="value">The constant.</param>
        /// <exception cref="ArgumentOutOfRangeException">There is no such mode.</exception>
        /// <exception cref="ShapeException">
        /// Margins are odd in number, too many, too large to mirror, or crop more than there is.
        /// </exception>
        public Tensor Pad(ReadOnlySpan<int> margins, PaddingMode mode = PaddingMode.Constant, float value = 0)
        {
            Operation.Check("Pad", x);
            Require.Defined(mode);
            if (margins.Length % 2 != 0 || margins.Length > 2 * x.Rank)
            {
                throw new ShapeException("Pad", $"{margins.Length} margins for shape {x.Shape}",
                    "give a pair (before, after) for each of the last axes");
            }

            var y = x;
            for (int i = 0; i < margins.Length; i += 2)
            {
                int before = margins[i], after = margins[i + 1], axis = x.Rank - 1 - i / 2;
                y = mode == PaddingMode.Constant
                    ? PadConstant(y, axis, before, after, value)
                    : PadFromEdges(y, axis, before, after, mode);
            }

            return y;
        }
    }

    private static Tensor PadConstant(Tensor x, int axis, int before, int after, float value)
    {
        int size = x.Shape[axis];
        if ((long)size + before + after < 0 || (long)size + before + after > int.MaxValue || -(long)before > size || -(long)after > size)
        {
            throw new ShapeException("Pad", $"margins {before} and {after} along axis {axis} of shape {x.Shape}",
                "crop at most the whole axis");
        }

        var inner = before < 0 || after < 0 ? x.Slice(axis, Math.Max(0, -before), size - Math.Max(0, -after)) : x;
        return before <= 0 && after <= 0
            ? inner
            : Tensor.Concat(axis, Margin(x, axis, before, value), inner, Margin(x, axis, after, value));
    }

    private static Tensor Margin(Tensor x, int axis, int width, float value)
    {
        var margin = Tensor.Result("Pad", x.Shape.With(axis, Math.Max(0, width)), x.Device);
        x.Device.Fill(margin, value);
        return margin;
    }

    private static Tensor PadFromEdges(Tensor x, int axis, int before, int after, PaddingMode mode)
    {
        int size = x.Shape[axis];
        int limit = mode == PaddingMode.Reflect ? size - 1 : int.MaxValue - size;
        if (before < 0 || after < 0 || before > limit || after > limit || (long)size + before + after > int.MaxValue || size == 0)
        {
            throw new ShapeException("Pad", $"{mode} margins {before} and {after} along axis {axis} of shape {x.Shape}",
                mode == PaddingMode.Reflect
                    ? "mirrored margins are 0 or more and smaller than the axis"
                    : "replicated margins are 0 or more and need an element to repeat");
        }

        return before == 0 && after == 0 ? x : x.Rearrange("Pad", axis, size + before + after, i =>
        {
            int at = i - before;
            return mode == PaddingMode.Replicate ? Math.Clamp(at, 0, size - 1) : at < 0 ? -at : at >= size ? 2 * (size - 1) - at : at;
        });
    }
}
