using ILGPU.Runtime;
using ILGPU.Runtime.Cuda;
using ILGPU.Runtime.OpenCL;
using TinyNet.Core;

namespace TinyNet.Ilgpu;

/// <summary>
/// The memory of a GPU. Asking the driver for some makes it wait for all work, so what was given back is kept, by size class, and given
/// out again; where nothing is left, what is kept goes back to the driver first.
/// </summary>
// Finalizers come here, of a whole device at once too: nothing in it may have one itself, as concurrent bags do.
internal sealed class DeviceMemory(Accelerator accelerator, long mostBytes = long.MaxValue)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<int, Stack<MemoryBuffer>> _free = [];

    // What is referred to from here is not finalized together with its owner, who gives it back.
    private readonly HashSet<MemoryBuffer> _all = [];
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
        lock (_lock)
        {
            if (_free.TryGetValue(sizeClass, out var free) && free.TryPop(out var kept))
            {
                _kept -= kept.LengthInBytes;
                return new DeviceBuffer(this, kept);
            }
        }

        long bytes = (long)BufferPool.ClassCapacity(sizeClass) * sizeof(float);
        var buffer = TryAllocate(bytes);
        if (buffer is null)
        {
            LetGo();

            // The kind that Allocation waits for, with which a runtime says the same.
#pragma warning disable MA0012
            buffer = TryAllocate(bytes)
                ?? throw new InsufficientMemoryException($"{accelerator.Name}: {bytes} bytes are wanted, {BytesTaken} are taken");
#pragma warning restore MA0012
        }

        lock (_lock)
        {
            _all.Add(buffer);
            _taken += bytes;
        }

        return new DeviceBuffer(this, buffer);
    }

    /// <summary>The same for what is no tensor: where there is not so much, all that pools keep free goes first.</summary>
    /// <param name="length">The number of 32-bit numbers.</param>
    /// <param name="what">What it is for.</param>
    /// <exception cref="MemoryExhaustedException">There is not so much.</exception>
    public DeviceBuffer Take(int length, string what) =>
        Allocation.Try((memory: this, length), static wanted => wanted.memory.Take(wanted.length))
        ?? throw new MemoryExhaustedException("GPU", what, (long)length * sizeof(float), BytesTaken - BytesKept);

    /// <summary>Called by owners, and by finalizers.</summary>
    public void TakeBack(MemoryBuffer buffer)
    {
        int sizeClass = BufferPool.SizeClass((int)(buffer.LengthInBytes / sizeof(float)));
        lock (_lock)
        {
            if (!_free.TryGetValue(sizeClass, out var free))
            {
                _free[sizeClass] = free = [];
            }

            free.Push(buffer);
            _kept += buffer.LengthInBytes;
        }
    }

    /// <summary>Whether an exception says that there is not so much memory, in the words of any driver.</summary>
    public static bool IsExhaustion(Exception exception) => exception switch
    {
        // It has the name of the error.
        CudaException { Error: nameof(CudaError.CUDA_ERROR_OUT_OF_MEMORY) } => true,

        // The last is what drivers say of more than they give out at once.
        CLException
        {
            Error: CLError.CL_MEM_OBJECT_ALLOCATION_FAILURE or CLError.CL_OUT_OF_RESOURCES or CLError.CL_OUT_OF_HOST_MEMORY
                or CLError.CL_INVALID_BUFFER_SIZE,
        } => true,
        _ => exception is OutOfMemoryException,
    };

    private MemoryBuffer? TryAllocate(long bytes)
    {
        if (BytesTaken + bytes > mostBytes)
        {
            return null;
        }

        try
        {
            return accelerator.AllocateRaw(bytes, 1);
        }
        catch (Exception exception) when (IsExhaustion(exception))
        {
            return null;
        }
    }

    /// <summary>Gives back to the driver what nobody uses.</summary>
    private void LetGo()
    {
        accelerator.Synchronize();

        // Storages that a pool has just let go of give their memory back when they are finalized. They take the lock: not inside of it.
#pragma warning disable RS0030
        GC.WaitForPendingFinalizers();
#pragma warning restore RS0030
        lock (_lock)
        {
            foreach (var buffer in _free.Values.SelectMany(free => free))
            {
                _all.Remove(buffer);
                _taken -= buffer.LengthInBytes;
                buffer.Dispose();
            }

            _free.Clear();
            _kept = 0;
        }
    }
}
