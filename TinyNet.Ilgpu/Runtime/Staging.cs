using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using ILGPU;
using ILGPU.Runtime;
using TinyNet.Core;

namespace TinyNet.Ilgpu;

/// <summary>
/// Page-locked memory of the host, through which numbers go to the GPU without waiting for it. It is handed out from its start to its
/// end; whenever the host waits for the GPU, all of it is free again. Where it runs full before, it grows.
/// </summary>
/// <param name="accelerator">The GPU.</param>
/// <param name="leastBytes">The bytes that it starts with: a power of two.</param>
/// <param name="mostBytes">The bytes that it grows to, a power of two; more goes through it piece by piece.</param>
internal sealed class Staging(Accelerator accelerator, int leastBytes = 1 << 20, int mostBytes = 1 << 26)
{
    // A piece starts where numbers of any type may.
    private const int Alignment = 16;

    private PageLockedArray1D<byte>? _memory;
    private int _used;

    /// <summary>The bytes that are page-locked.</summary>
    public long Size => _memory?.Length ?? 0;

    /// <summary>How often the host has waited for the GPU.</summary>
    public int Waits { get; private set; }

    /// <summary>Copies to the GPU, when it comes to it; the source is the caller's again on return.</summary>
    public void Upload<T>(ReadOnlySpan<T> source, ArrayView<T> destination) where T : unmanaged
    {
        for (int done = 0, count; done < source.Length; done += count)
        {
            count = Math.Min(source.Length - done, mostBytes / Unsafe.SizeOf<T>());
            var piece = Reserve<T>(count);
            source.Slice(done, count).CopyTo(piece);

            // By its address: of a view of page-locked memory ILGPU's OpenCL copies all, whatever the view is of.
            ref T first = ref MemoryMarshal.GetReference(piece);
            destination.SubView(done, count).CopyFromCPUUnsafeAsync(accelerator.DefaultStream, ref first, count);
        }
    }

    /// <summary>Waits for all work and copies to the host.</summary>
    public void Download<T>(ArrayView<T> source, Span<T> destination) where T : unmanaged
    {
        for (int done = 0, count; done < destination.Length; done += count)
        {
            count = Math.Min(destination.Length - done, mostBytes / Unsafe.SizeOf<T>());
            var piece = Reserve<T>(count);
            source.SubView(done, count).CopyToCPUUnsafeAsync(accelerator.DefaultStream, ref MemoryMarshal.GetReference(piece), count);
            Synchronize();
            piece.CopyTo(destination.Slice(done, count));
        }
    }

    /// <summary>Waits for all work.</summary>
    public void Synchronize()
    {
        accelerator.DefaultStream.Synchronize();
        _used = 0;
        Waits++;
    }

    /// <summary>Finds room for some numbers.</summary>
    private Span<T> Reserve<T>(int count) where T : unmanaged
    {
        int bytes = count * Unsafe.SizeOf<T>();
        if (_memory is null || bytes > _memory.Length - _used)
        {
            Synchronize();
            Grow(bytes);
        }

        var piece = MemoryMarshal.Cast<byte, T>(_memory!.Span.Slice(_used, bytes));
        _used = (int)Math.Min(_memory.Length, ((long)_used + bytes + Alignment - 1) / Alignment * Alignment);
        return piece;
    }

    /// <summary>
    /// Doubles the memory, as a step that fills it once fills it each time, and would wait each time; at least to a number of bytes.
    /// </summary>
    /// <exception cref="MemoryExhaustedException">The host does not have so much.</exception>
    private void Grow(int leastWanted)
    {
        int least = Math.Max(leastBytes, (int)BitOperations.RoundUpToPowerOf2((uint)leastWanted));
        int wanted = Math.Max(least, (int)Math.Min(2 * Size, mostBytes));
        if (wanted > Size)
        {
            var old = _memory;
            _memory = null;
            old?.Dispose();
            _memory = TryAllocate(wanted) ?? TryAllocate(least)
                ?? throw new MemoryExhaustedException("GPU", "numbers on their way between host and GPU", least);
        }
    }

    private PageLockedArray1D<byte>? TryAllocate(int bytes)
    {
        try
        {
            return accelerator.AllocatePageLocked1D<byte>(bytes);
        }
        catch (Exception exception) when (DeviceMemory.IsExhaustion(exception))
        {
            return null;
        }
    }
}
