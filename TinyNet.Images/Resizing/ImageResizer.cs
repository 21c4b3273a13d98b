using System.Buffers;
using System.Runtime.Intrinsics;

namespace TinyNet.Images;

/// <summary>
/// Resizes an image into numbers from 0 to 1, row after row of the source, so that nothing is kept of it but a row. Every product and sum
/// is rounded by itself and comes in the order of the source pixels: the bits are the same on every machine.
/// </summary>
internal static class ImageResizer
{
    /// <summary>Resizes an image.</summary>
    /// <param name="image">The image.</param>
    /// <param name="channels">1 for the brightness, 3 for red, green and blue.</param>
    /// <param name="height">The rows to be made.</param>
    /// <param name="width">The pixels of a row.</param>
    /// <param name="fit">What happens to an image of another shape.</param>
    /// <param name="result">The result, full of zeros before: channels, rows, pixels.</param>
    public static void Resize(DecodedImage image, int channels, int height, int width, ImageFit fit, Span<float> result)
    {
        var (columns, rows) = Axes(image.Width, image.Height, height, width, fit);
        var source = ArrayPool<Vector128<float>>.Shared.Rent(columns.End - columns.Start);
        var row = ArrayPool<float>.Shared.Rent(channels * width);
        for (int y = rows.Start, first = 0; y < rows.End; y++)
        {
            var pixels = source.AsSpan(0, columns.End - columns.Start);
            image.ReadRow(y, columns.Start, isGray: channels == 1, pixels);
            ResizeRow(pixels, columns, channels, row.AsSpan(0, channels * width));
            for (; rows.First(first) + rows.Of(first).Length <= y; first++)
            {
            }

            for (int i = first; i < height && rows.First(i) <= y; i++)
            {
                float weight = rows.Of(i)[y - rows.First(i)];
                for (int channel = 0; channel < channels; channel++)
                {
                    Add(row.AsSpan(channel * width, width), weight, result.Slice(((channel * height) + i) * width, width));
                }
            }
        }

        ArrayPool<float>.Shared.Return(row);
        ArrayPool<Vector128<float>>.Shared.Return(source);
        foreach (ref float number in result)
        {
            // The weights are rounded, so that of white they may make a little more.
            number = Math.Min(number / image.White, 1);
        }
    }

    /// <summary>The weights of both axes, over the part of the image that is taken.</summary>
    private static (AxisWeights Columns, AxisWeights Rows) Axes(int sourceWidth, int sourceHeight, int height, int width, ImageFit fit)
    {
        double partWidth = sourceWidth, partHeight = sourceHeight;
        if (fit == ImageFit.Crop)
        {
            partWidth = Math.Min(partWidth, (double)sourceHeight * width / height);
            partHeight = Math.Min(partHeight, (double)sourceWidth * height / width);
        }

        return (new AxisWeights(sourceWidth, (sourceWidth - partWidth) / 2, partWidth, width),
            new AxisWeights(sourceHeight, (sourceHeight - partHeight) / 2, partHeight, height));
    }

    /// <summary>One row resized: all of the first channel, then of the next.</summary>
    private static void ResizeRow(ReadOnlySpan<Vector128<float>> pixels, AxisWeights columns, int channels, Span<float> row)
    {
        int width = row.Length / channels;
        for (int x = 0; x < width; x++)
        {
            var weights = columns.Of(x);
            var window = pixels.Slice(columns.First(x) - columns.Start, weights.Length);
            var sum = Vector128<float>.Zero;
            for (int i = 0; i < window.Length; i++)
            {
                sum += window[i] * weights[i];
            }

            for (int channel = 0; channel < channels; channel++)
            {
                row[(channel * width) + x] = sum[channel];
            }
        }
    }

    private static void Add(ReadOnlySpan<float> row, float weight, Span<float> sums)
    {
        for (int x = 0; x < row.Length; x++)
        {
            sums[x] += row[x] * weight;
        }
    }
}
