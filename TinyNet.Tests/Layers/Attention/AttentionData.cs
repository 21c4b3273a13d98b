using TinyNet.Core;

namespace TinyNet.Tests.Layers;

/// <summary>What the tests of attention compute with.</summary>
internal static class AttentionData
{
    public static RandomStream Seeded => new(4);

    public static Tensor Normal(params ReadOnlySpan<int> sizes) => Tensor.Normal(new Shape(sizes), new RandomStream(11));

    public static void AssertClose(float[] expected, Tensor actual)
    {
        float[] values = actual.ToArray();
        Assert.Equal(expected.Length, values.Length);
        Assert.All(expected.Zip(values), pair => Assert.Equal(pair.First, pair.Second, 1e-5f));
    }
}
