using System.Collections.Concurrent;
using ILGPU.Runtime;
using TinyNet.Core;

namespace TinyNet.Ilgpu;

/// <summary>
/// The memory of a GPU. Asking the driver for some makes it wait for all work, so what was given back is kept, by size class, and given
/// out again; where nothing is left, what is kept goes back to the driver first.
/// </summary>
internal sealed class DeviceMemory(Accelerator accelerator)
{

    // Stacks: finalizers run in any order, and a bag that was finalized before takes nothing any more.
    private readonly ConcurrentDictionary<int, ConcurrentStack<MemoryBuffer>> _free = new();

    // What is referred to from here is not finalized together with its owner, who gives it back.
    private readonly ConcurrentDictionary<MemoryBuffer, bool> _all = new();
    private long _taken, _kept;

    /// <summary>Bytes that are taken from the driver.</summary>
    public long BytesTaken => Interlocked.Read(ref _taken);

    /// <summary>Bytes of those that nobody uses: they are kept for who asks next.</summary>
    public long BytesKept => Interlocked.Read(ref _kept);

    /// <summary>Memory for a number of 32-bit numbers, rounded up to a size class; contents are dirty.</summary>
    /// <exception cref="OutOfMemoryException">There is not so much.</exception>
    public DeviceBuffer Take(int length)
    {
        int sizeClass = BufferPool.SizeClass(length);
        if (_free.TryGetValue(sizeClass, out var free) && free.TryPop(out var buffer))
        {
            Interlocked.Add(ref _kept, -buffer.LengthInBytes);
            return new DeviceBuffer(this, buffer);
        }

        long bytes = (long)BufferPool.ClassCapacity(sizeClass) * sizeof(float);
        buffer = TryAllocate(bytes);
        if (buffer is null)
        {
            LetGo();
            buffer = TryAllocate(bytes) ?? throw new OutOfMemoryException(
                $"{accelerator.Name}: {bytes} bytes are wanted, {BytesTaken} are taken of {accelerator.MemorySize}");
        }

        Interlocked.Add(ref _taken, bytes);
        _all[buffer] = true;
        return new DeviceBuffer(this, buffer);
    }

    /// <summary>Called by finalizers.</summary>
    public void TakeBack(MemoryBuffer buffer)
    {
        Interlocked.Add(ref _kept, buffer.LengthInBytes);
        _free.GetOrAdd(BufferPool.SizeClass((int)(buffer.LengthInBytes / sizeof(float))), static _ => []).Push(buffer);
    }

    private MemoryBuffer? TryAllocate(long bytes)
    {
        try
        {
            return accelerator.AllocateRaw(bytes, 1);
        }
        catch (AcceleratorException)
        {
            return null;
        }
    }

    /// <summary>Gives back to the driver what nobody uses.</summary>
    private void LetGo()
    {
        accelerator.Synchronize();

        // Storages that a pool has just let go of give their memory back when they are finalized.
#pragma warning disable RS0030
        GC.WaitForPendingFinalizers();
#pragma warning restore RS0030
        foreach (var free in _free.Values)
        {
            while (free.TryPop(out var buffer))
            {
                Interlocked.Add(ref _kept, -buffer.LengthInBytes);
                Interlocked.Add(ref _taken, -buffer.LengthInBytes);
                _all.TryRemove(buffer, out _);
                buffer.Dispose();
            }
        }
    }
}
