namespace TinyNet.Core;

/// <summary>Tiles of an image for <see cref="WinogradTransform"/>: patches that reach beyond it are copied, with zeros around.</summary>
internal static unsafe class WinogradTiles
{
    /// <summary>Transforms the patch of a tile: channel c of product p to <c>target[p · InputStride + c]</c>.</summary>
    public static void TransformInput<TLane>(in ImageBatch source, in WinogradPlan plan, int tile, float* patch, float* target)
        where TLane : struct, IVectorLane<TLane>
    {
        var (image, _, _, row, column) = plan.Locate(tile);
        nint rowStride = source.RowStride;
        int channels = source.Channels;
        float* from = source.Pointer + image * source.ImageStride + row * rowStride + column * channels;
        if (row < 0 || column < 0 || row + WinogradTransform.Points > source.Height || column + WinogradTransform.Points > source.Width)
        {
            CopyInside(from, rowStride, channels, row, source.Height, column, source.Width, WinogradTransform.Points, patch);
            from = patch;
            rowStride = WinogradTransform.Points * channels;
        }

        for (int channel = 0; channel < channels; channel += TLane.Count)
        {
            WinogradTransform.Input<TLane>(from + channel, rowStride, channels, target + channel, plan.InputStride);
        }
    }

    /// <summary>Transforms the gradient of a tile's outputs likewise.</summary>
    public static void TransformGradient<TLane>(in ImageBatch gradient, in WinogradPlan plan, int tile, float* patch, float* target)
        where TLane : struct, IVectorLane<TLane>
    {
        var (image, row, column, _, _) = plan.Locate(tile);
        nint rowStride = gradient.RowStride;
        int channels = gradient.Channels;
        float* from = gradient.Pointer + image * gradient.ImageStride + row * rowStride + column * channels;
        if (row + WinogradTransform.Outputs > gradient.Height || column + WinogradTransform.Outputs > gradient.Width)
        {
            CopyInside(from, rowStride, channels, row, gradient.Height, column, gradient.Width, WinogradTransform.Outputs, patch);
            from = patch;
            rowStride = WinogradTransform.Outputs * channels;
        }

        for (int channel = 0; channel < channels; channel += TLane.Count)
        {
            WinogradTransform.OutputGradient<TLane>(from + channel, rowStride, channels, target + channel, plan.OutputStride);
        }
    }

    private static void CopyInside(
        float* from, nint rowStride, int channels, int row, int height, int column, int width, int size, float* patch)
    {
        int left = Math.Clamp(-column, 0, size), inside = Math.Clamp(width - column, left, size) - left;
        for (int i = 0; i < size; i++, from += rowStride, patch += size * channels)
        {
            var line = new Span<float>(patch, size * channels);
            if (row + i < 0 || row + i >= height)
            {
                line.Clear();
                continue;
            }

            line[..(left * channels)].Clear();
            new ReadOnlySpan<float>(from + left * channels, inside * channels).CopyTo(line[(left * channels)..]);
            line[((left + inside) * channels)..].Clear();
        }
    }
}
