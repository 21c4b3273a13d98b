using System.Runtime.CompilerServices;

namespace TinyNet.Core;

/// <summary>Copies rows of an image with the zeros around it, channels last: what a window slides over without looking for edges.</summary>
internal static unsafe class ImagePacking
{
    /// <summary>
    /// Packs rows <paramref name="firstRow"/> and following of the padded image, each of <paramref name="width"/> pixels. Row 0 of the
    /// padded image is <paramref name="padTop"/> rows above the image's, pixel 0 <paramref name="padLeft"/> left of its.
    /// </summary>
    public static void Pack(in ImageBatch batch, int image, int padTop, int padLeft, int firstRow, int rows, int width, float* target)
    {
        int channels = batch.Channels;
        int left = Math.Min(padLeft, width), inside = Math.Clamp(width - left, 0, batch.Width), right = width - left - inside;
        float* pixels = batch.Pointer + image * batch.ImageStride;
        for (int row = firstRow; row < firstRow + rows; row++, target += (nint)width * channels)
        {
            int y = row - padTop;
            if (y < 0 || y >= batch.Height)
            {
                new Span<float>(target, width * channels).Clear();
                continue;
            }

            new Span<float>(target, left * channels).Clear();
            CopyPixels(batch, pixels + y * batch.RowStride, inside, target + (nint)left * channels);
            new Span<float>(target + (nint)(left + inside) * channels, right * channels).Clear();
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void CopyPixels(in ImageBatch batch, float* source, int count, float* target)
    {
        int channels = batch.Channels;
        if (batch.IsChannelsLast)
        {
            new ReadOnlySpan<float>(source, count * channels).CopyTo(new Span<float>(target, count * channels));
        }
        else
        {
            StridedCopy.Gather(source, batch.PixelStride, batch.ChannelStride, count, channels, target, channels);
        }
    }
}

/// <summary>The images of a batch in memory, with any strides, counted in elements.</summary>
internal unsafe struct ImageBatch
{
    public float* Pointer;
    public int Images;
    public int Channels;
    public int Height;
    public int Width;
    public nint ImageStride;
    public nint ChannelStride;
    public nint RowStride;
    public nint PixelStride;

    /// <summary>The images of a tensor [N, C, H, W].</summary>
    public static ImageBatch Of(Tensor tensor)
    {
        var sizes = tensor.Shape.Sizes;
        var strides = tensor.Layout.Strides;
        return new ImageBatch
        {
            Pointer = tensor.Pointer(),
            Images = sizes[0],
            Channels = sizes[1],
            Height = sizes[2],
            Width = sizes[3],
            ImageStride = strides[0],
            ChannelStride = strides[1],
            RowStride = strides[2],
            PixelStride = strides[3],
        };
    }

    /// <summary>Whether the channels of a pixel, and the pixels of a row, are neighbors in memory.</summary>
    public readonly bool IsChannelsLast => (ChannelStride == 1 || Channels == 1) && (PixelStride == Channels || Width == 1);
}
