using ILGPU;
using ILGPU.Runtime;

namespace TinyNet.Ilgpu;

/// <summary>
/// Memory on the GPU that belongs to one owner. When nothing refers to it any more it goes back to the <see cref="DeviceMemory"/> that it
/// came from; work in the queue that still uses it runs before any that gets it next.
/// </summary>
internal sealed class DeviceBuffer
{
    private readonly DeviceMemory _memory;
    private readonly MemoryBuffer _buffer;
    private bool _isBack;

    public DeviceBuffer(DeviceMemory memory, MemoryBuffer buffer)
    {
        _memory = memory;
        _buffer = buffer;
        GC.AddMemoryPressure(buffer.LengthInBytes);
    }

    ~DeviceBuffer() => GiveBack();

    /// <summary>All of it as numbers of a type.</summary>
    public ArrayView<T> View<T>() where T : unmanaged => _buffer.AsRawArrayView().Cast<T>();

    /// <summary>Gives it back at once; it must not be used any more.</summary>
    public void GiveBack()
    {
        if (Interlocked.Exchange(ref _isBack, true))
        {
            return;
        }

        GC.RemoveMemoryPressure(_buffer.LengthInBytes);
        _memory.TakeBack(_buffer);
    }
}
