using TinyNet.Core;
using TinyNet.Data;

namespace TinyNet.Tests.Data;

/// <summary>Datasets of images for the tests of transforms; the label of image i is i.</summary>
internal static class Images
{
    /// <summary>Images of random numbers in [0, 1).</summary>
    public static ArrayDataset Random(int count, int[] shape)
    {
        var random = new RandomStream(77);
        return Of("random", count, shape, [.. Enumerable.Range(0, count * Length(shape)).Select(_ => random.Uniform())]);
    }

    /// <summary>Images that are all 1, 2, 3, …</summary>
    public static ArrayDataset Same(int count, int[] shape) =>
        Of("same", count, shape, [.. Enumerable.Range(0, count * Length(shape)).Select(i => 1f + i % Length(shape))]);

    /// <summary>All images of the first epoch, one after another.</summary>
    public static float[][] Read(Dataset<ClassificationBatch> data) =>
        [.. data.Load([.. Enumerable.Range(0, data.Count)]).Features.ToArray().Chunk(data.SampleLength)];

    /// <summary>Runs a function on one image, without a dataset.</summary>
    public delegate void Change(ImageSpan image);

    /// <summary>An image after a change.</summary>
    public static float[] After(ReadOnlySpan<float> values, int channels, int height, int width, Change change)
    {
        float[] changed = values.ToArray();
        change(new ImageSpan(changed, channels, height, width, new TransformScratch()));
        return changed;
    }

    public static bool Equal((float[] First, float[] Second) x, (float[] First, float[] Second) y) =>
        x.First.SequenceEqual(y.First) && x.Second.SequenceEqual(y.Second);

    private static ArrayDataset Of(string name, int count, int[] shape, float[] values) => new(name, values, shape,
        [.. Enumerable.Range(0, count)], [.. Enumerable.Range(0, count).Select(i => $"{i}")]);

    private static int Length(int[] shape) => shape.Aggregate(1, (a, b) => a * b);
}
