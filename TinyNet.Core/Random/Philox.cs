namespace TinyNet.Core;

/// <summary>
/// Philox4x32-10, a counter-based random number generator: four 32-bit words from a 64-bit key and a 128-bit counter,
/// with no state, so that any element can be computed anywhere in any order
/// (J. K. Salmon et al., "Parallel random numbers: as easy as 1, 2, 3", SC 2011).
/// </summary>
public static class Philox
{
    internal const uint Multiplier0 = 0xD2511F53, Multiplier1 = 0xCD9E8D57, Weyl0 = 0x9E3779B9, Weyl1 = 0xBB67AE85;
    internal const int Rounds = 10;

    /// <summary>The four words of a block.</summary>
    /// <param name="key">The seed of the stream.</param>
    /// <param name="counterHigh">The upper half of the counter.</param>
    /// <param name="counterLow">The lower half of the counter: the index of the block.</param>
    public static (uint X, uint Y, uint Z, uint W) Block(ulong key, ulong counterHigh, ulong counterLow)
    {
        uint x = (uint)counterLow, y = (uint)(counterLow >> 32), z = (uint)counterHigh, w = (uint)(counterHigh >> 32);
        uint key0 = (uint)key, key1 = (uint)(key >> 32);
        for (int round = 0; round < Rounds; round++)
        {
            ulong product0 = (ulong)Multiplier0 * x, product1 = (ulong)Multiplier1 * z;
            (x, y, z, w) = ((uint)(product1 >> 32) ^ y ^ key0, (uint)product1, (uint)(product0 >> 32) ^ w ^ key1, (uint)product0);
            key0 += Weyl0;
            key1 += Weyl1;
        }

        return (x, y, z, w);
    }

    /// <summary>Word <paramref name="index"/> of a stream: word index mod 4 of block index / 4.</summary>
    public static uint Word(ulong key, ulong index)
    {
        var (x, y, z, w) = Block(key, 0, index >> 2);
        return (index & 3) switch { 0 => x, 1 => y, 2 => z, _ => w };
    }

    /// <summary>The upper 24 bits of a word as a float in [0, 1).</summary>
    public static float ToUniform(uint word) => (word >> 8) * (1f / (1 << 24));

    /// <summary>The same in [low, high): rounding does not reach the upper end.</summary>
    public static float ToUniform(uint word, float low, float high) =>
        low < high ? MathF.Min(low + (high - low) * ToUniform(word), MathF.BitDecrement(high)) : low;

    /// <summary>More than the magnitude of any standard normal number: √(−2 ln 2⁻³²) = 6.6604.</summary>
    internal const float LargestNormal = 6.67f;

    /// <summary>
    /// Two independent standard normal numbers from two words, by G. E. P. Box and M. E. Muller (1958):
    /// √(−2 ln u) · (cos 2πv, sin 2πv) with u in (0, 1].
    /// </summary>
    public static (double First, double Second) ToNormals(uint first, uint second)
    {
        double radius = Math.Sqrt(-2 * Math.Log((first + 1.0) / 4294967296.0));
        var (sin, cos) = Math.SinCos(2 * Math.PI * (second / 4294967296.0));
        return (radius * cos, radius * sin);
    }
}
