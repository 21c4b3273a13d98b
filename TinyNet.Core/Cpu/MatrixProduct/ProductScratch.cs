namespace TinyNet.Core;

/// <summary>Memory of a thread for packed strips: aligned to a cache line, pinned, kept for the next product.</summary>
internal static unsafe class ProductScratch
{
    private const int Alignment = 64;

    [ThreadStatic] private static float[]? _buffer;

    /// <summary>At least <paramref name="length"/> floats of any content, good until the thread's next call.</summary>
    public static float* Rent(long length) => Rent(ref _buffer, length);

    /// <summary>A number of floats, which the caller computes in 64 bits, as the length of an array.</summary>
    /// <exception cref="ShapeException">No array is that long.</exception>
    public static int Length(long floats) => floats <= Array.MaxLength
        ? (int)floats
        : throw new ShapeException("allocate", $"{floats} floats of scratch memory for one piece of work", $"there can be {Array.MaxLength}; make the operands smaller, or split them");

    /// <summary>The same of a buffer of the thread's that somebody else owns.</summary>
    public static float* Rent(ref float[]? buffer, long length)
    {
        int needed = Length(length + Alignment / sizeof(float));
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
