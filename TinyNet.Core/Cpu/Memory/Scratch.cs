namespace TinyNet.Core;

/// <summary>Dirty memory of the pool for structs of any kind, which goes back at the end of a scope.</summary>
internal readonly unsafe ref struct Scratch<T> where T : unmanaged
{
    private readonly Tensor _memory;

    /// <summary>Rents memory for a number of structs from a device, in the name of an operation.</summary>
    /// <exception cref="ShapeException">No array is that long.</exception>
    public Scratch(Device device, long count, string operation)
    {
        _memory = Tensor.Result(operation, [ThreadScratch.Length(BlockCount.Of(count * sizeof(T), sizeof(float)))], device);
        Pointer = (T*)_memory.Pointer();
    }

    /// <summary>The first struct.</summary>
    public T* Pointer { get; }

    public void Dispose() => _memory.Release();
}

/// <summary>Memory of a thread for a piece of work: aligned to a cache line, pinned, kept for the next one.</summary>
internal unsafe struct ThreadScratch
{
    [ThreadStatic] private static ScratchBuffer _buffer;

    private byte* _next;

    /// <summary>Dirty memory as large as a number of floats, good until the thread's next call.</summary>
    public static ThreadScratch Of(long floats) => new() { _next = (byte*)Rent(floats) };

    /// <summary>A number of floats of any content, good until the thread's next call.</summary>
    public static float* Rent(long length) => _buffer.Rent(length);

    /// <summary>A number of floats, which the caller computes in 64 bits, as the length of an array.</summary>
    /// <exception cref="ShapeException">No array is that long.</exception>
    public static int Length(long floats) => floats <= Array.MaxLength
        ? (int)floats
        : throw new ShapeException("allocate", $"{floats} floats of scratch memory for one piece of work",
            $"there can be {Array.MaxLength}; make the operands smaller, or split them");

    /// <summary>Takes the next structs of the memory; the largest kind comes first, so that all are aligned.</summary>
    public T* Take<T>(long count) where T : unmanaged
    {
        var taken = (T*)_next;
        _next = (byte*)(taken + count);
        return taken;
    }
}

/// <summary>
/// Memory that grows with what is asked for. Where it is large and the steps of a whole window needed less than half of it, it is exchanged
/// for less.
/// </summary>
internal unsafe struct ScratchBuffer
{
    private const int Alignment = 64, Large = 1 << 20;
    private float[]? _array;

    // The window of steps that is observed, and the most that was needed in it.
    private int _window, _most;

    /// <summary>How many floats there is room for.</summary>
    public readonly int Capacity => _array?.Length ?? 0;

    /// <summary>A number of floats of any content, good until the next call.</summary>
    public float* Rent(long length)
    {
        int needed = ThreadScratch.Length(length + Alignment / sizeof(float));
        if (_window != BufferPool.Windows)
        {
            LetGoOfUnused();
        }

        if (Capacity < needed)
        {
            // The old one may go before the new one is there.
            _array = null;
            _array = Allocation.Pinned(Math.Max(_most, needed));
        }

        _most = Math.Max(_most, needed);

        fixed (float* start = _array)
        {
            return (float*)(((nint)start + Alignment - 1) & -Alignment);
        }
    }

    private void LetGoOfUnused()
    {
        if (Capacity > Large && Capacity / 2 > _most)
        {
            _array = null;
        }

        // What is made anew has room for all of the last window, not for the first piece of work of this one alone.
        (_window, _most) = (BufferPool.Windows, _array is null ? _most : 0);
    }
}
