using System.Runtime.InteropServices;
using TinyNet.Bench;
using TinyNet.Core;
using TinyNet.Data;
using TinyNet.Images;
using TinyNet.Tests.Architecture;

namespace TinyNet.Tests.Images;

/// <summary>Pictures for the tests; Samples/make_samples.py made the files, and says what PIL makes of them.</summary>
internal static class Samples
{
    private static readonly Lazy<IReadOnlyDictionary<string, NumpyArray>> Arrays = new(() => Npz.Load(At("expected.npz")));

    public static string At(string name) => Path.Combine(Repository.Root, "TinyNet.Tests", "Images", "Samples", name);

    /// <summary>What PIL says, [height, width, channels] of bytes, as ours [channels, height, width] from 0 to 1.</summary>
    public static float[] Bytes(string name)
    {
        var array = Arrays.Value[name];
        int channels = array.Shape.Rank == 3 ? array.Shape[2] : 1;
        double[] numbers = array.ToDoubles();
        return [.. Enumerable.Range(0, channels).SelectMany(c => numbers.Where((_, i) => i % channels == c)).Select(x => (float)x / 255)];
    }

    /// <summary>What PIL says as it stands, divided by the largest number.</summary>
    public static float[] Numbers(string name, float most) => [.. Arrays.Value[name].ToDoubles().Select(x => (float)x / most)];

    /// <summary>A picture by the formula of make_samples.py, row by row, the numbers of a pixel together.</summary>
    public static int[] Picture(int height, int width, int channels) =>
    [
        .. from y in Enumerable.Range(0, height)
           from x in Enumerable.Range(0, width)
           from c in Enumerable.Range(0, channels)
           select ((x * 7) + (y * 13) + (c * 31) + (x * y % 17 * 5)) % 256,
    ];

    /// <summary>The bits of an image that lies in a file of its own.</summary>
    public static Tensor Load(byte[] bytes, int channels = 3)
    {
        using var folder = new TemporaryFolder(new CaseFile("a.png", bytes));
        return ImageFile.Load(folder.At("a.png"), channels);
    }

    public static int[] Bits(Tensor tensor) => MemoryMarshal.Cast<float, int>(tensor.ToArray()).ToArray();

    public static void AssertNear(float[] expected, Tensor found, double tolerance)
    {
        float[] numbers = found.ToArray();
        Assert.Equal(expected.Length, numbers.Length);
        double worst = expected.Zip(numbers, (a, b) => Math.Abs((double)a - b)).Max();
        Assert.True(worst <= tolerance, $"differs by {worst}, more than {tolerance}");
    }
}
