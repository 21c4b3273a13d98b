namespace TinyNet.Core;

/// <summary>Memory of a thread for packed strips: aligned to a cache line, pinned, kept for the next product.</summary>
internal static unsafe class ProductScratch
{
    private const int Alignment = 64;

    [ThreadStatic] private static float[]? _buffer;

    /// <summary>At least <paramref name="length"/> floats of any content, good until the thread's next call.</summary>
    public static float* Rent(int length) => Rent(ref _buffer, length);

    /// <summary>The same of a buffer of the thread's that somebody else owns.</summary>
    public static float* Rent(ref float[]? buffer, int length)
    {
        int needed = length + Alignment / sizeof(float);
        if (buffer is null || buffer.Length < needed)
        {
            buffer = GC.AllocateUninitializedArray<float>(needed, pinned: true);
        }

        fixed (float* start = buffer)
        {
            return (float*)(((nint)start + Alignment - 1) & -Alignment);
        }
    }
}
