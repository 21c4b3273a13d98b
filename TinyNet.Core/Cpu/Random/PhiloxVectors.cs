using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace TinyNet.Core;

/// <summary>
/// The words of <see cref="Philox"/> of four blocks at a time, each block in a lane of 64 bits, of which the lower 32 hold a word: what the
/// upper ones hold no multiplication reads.
/// </summary>
internal static unsafe class PhiloxVectors
{
    /// <summary>How many numbers come at a time.</summary>
    public const int Count = 16;

    /// <summary>Whether registers of a width hold four blocks, and the machine multiplies them.</summary>
    public static bool AreSupported(int laneBits) => laneBits >= 256 && Avx2.IsSupported;

    /// <summary>Uniform numbers in [low, high), low &lt; high, from a block of a stream on: so many, which are whole vectors.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static void FillUniform(float* destination, int count, ulong seed, ulong block, float low, float high)
    {
        // Unpacking puts the lanes 0 and 2 before 1 and 3.
        var counter = Vector256.Create(block) + Vector256.Create(0UL, 2, 1, 3);
        Vector256<float> from = Vector256.Create(low), distance = Vector256.Create(high - low);
        var largest = Vector256.Create(MathF.BitDecrement(high));
        for (int i = 0; i < count; i += Count)
        {
            // Positions begin again after 2⁶⁴ numbers, so blocks after a quarter of that.
            var (first, second) = Blocks(seed, counter & Vector256.Create(ulong.MaxValue >> 2));
            ToUniform(first, from, distance, largest).Store(destination + i);
            ToUniform(second, from, distance, largest).Store(destination + i + Count / 2);
            counter += Vector256.Create(4UL);
        }
    }

    /// <summary>The words of the blocks in lanes 0 and 2 of a counter, and of those in 1 and 3.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (Vector256<uint> First, Vector256<uint> Second) Blocks(ulong seed, Vector256<ulong> counter)
    {
        Vector256<uint> multiplier0 = Broadcast(Philox.Multiplier0), multiplier1 = Broadcast(Philox.Multiplier1);
        Vector256<ulong> x = counter, y = counter >> 32, z = Vector256<ulong>.Zero, w = z;
        Vector256<ulong> key0 = Vector256.Create(seed), key1 = Vector256.Create(seed >> 32);
        for (int round = 0; round < Philox.Rounds; round++)
        {
            Vector256<ulong> product0 = Avx2.Multiply(x.AsUInt32(), multiplier0), product1 = Avx2.Multiply(z.AsUInt32(), multiplier1);
            (x, y, z, w) = ((product1 >> 32) ^ y ^ key0, product1, (product0 >> 32) ^ w ^ key1, product0);
            key0 += Vector256.Create((ulong)Philox.Weyl0);
            key1 += Vector256.Create((ulong)Philox.Weyl1);
        }

        Vector256<ulong> xy = Pair(x, y), zw = Pair(z, w);
        return (Avx2.UnpackLow(xy, zw).AsUInt32(), Avx2.UnpackHigh(xy, zw).AsUInt32());
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<uint> Broadcast(uint word) => Vector256.Create((ulong)word).AsUInt32();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<ulong> Pair(Vector256<ulong> first, Vector256<ulong> second) =>
        (first & Vector256.Create((ulong)uint.MaxValue)) | (second << 32);

    /// <summary><see cref="Philox.ToUniform(uint, float, float)"/> of each word.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> ToUniform(
        Vector256<uint> words, Vector256<float> low, Vector256<float> distance, Vector256<float> largest)
    {
        var unit = Vector256.ConvertToSingle((words >> 8).AsInt32()) * Vector256.Create(1f / (1 << 24));
        return Vector256.Min(low + distance * unit, largest);
    }
}
