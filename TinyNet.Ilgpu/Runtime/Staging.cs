using System.Numerics;
using ILGPU;
using ILGPU.Runtime;

namespace TinyNet.Ilgpu;

/// <summary>
/// Page-locked memory of the host, through which numbers go to the GPU without waiting for it. It is handed out from its start to its
/// end; whenever the host waits for the GPU, all of it is free again.
/// </summary>
internal sealed class Staging(Accelerator accelerator)
{
    private const int LeastBytes = 1 << 20, MostBytes = 1 << 26;

    // A piece starts where numbers of any type may.
    private const int Alignment = 16;

    private PageLockedArray1D<byte>? _memory;
    private int _used;

    /// <summary>Copies to the GPU, when it comes to it; the source is the caller's again on return.</summary>
    public void Upload(ReadOnlySpan<byte> source, ArrayView<byte> destination)
    {
        for (int done = 0, count; done < source.Length; done += count)
        {
            count = Math.Min(source.Length - done, MostBytes);
            int start = Reserve(count);
            source.Slice(done, count).CopyTo(_memory!.Span.Slice(start, count));

            // By its address: of a view of page-locked memory ILGPU's OpenCL copies all, whatever the view is of.
            destination.SubView(done, count).CopyFromCPUUnsafeAsync(accelerator.DefaultStream, ref _memory.Span[start], count);
        }
    }

    /// <summary>Waits for all work and copies to the host.</summary>
    public void Download(ArrayView<byte> source, Span<byte> destination)
    {
        for (int done = 0, count; done < destination.Length; done += count)
        {
            count = Math.Min(destination.Length - done, MostBytes);
            int start = Reserve(count);
            source.SubView(done, count).CopyToCPUUnsafeAsync(accelerator.DefaultStream, ref _memory!.Span[start], count);
            Synchronize();
            _memory.Span.Slice(start, count).CopyTo(destination[done..]);
        }
    }

    /// <summary>Waits for all work.</summary>
    public void Synchronize()
    {
        accelerator.DefaultStream.Synchronize();
        _used = 0;
    }

    /// <summary>Finds room for a number of bytes and says where.</summary>
    private int Reserve(int bytes)
    {
        if (_memory is null || _used + bytes > _memory.Length)
        {
            Synchronize();
            if (_memory is null || bytes > _memory.Length)
            {
                _memory?.Dispose();
                _memory = accelerator.AllocatePageLocked1D<byte>((int)BitOperations.RoundUpToPowerOf2((uint)Math.Max(bytes, LeastBytes)));
            }
        }

        int start = _used;
        _used += (bytes + Alignment - 1) / Alignment * Alignment;
        return start;
    }
}
