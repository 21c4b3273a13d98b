using System.Runtime.CompilerServices;
using ILGPU;
using TinyNet.Core;

namespace TinyNet.Ilgpu;

/// <summary>Memory for what operations keep between their launches. What is small stays with the thread for its next operation.</summary>
internal sealed class ScratchMemory(DeviceMemory memory) : IDisposable
{
    /// <summary>The most bytes that stay with a thread.</summary>
    public const int MostKept = 64 << 20;

    // Between two launches of one thread's operation those of another thread may come.
    private readonly ThreadLocal<DeviceBuffer?> _kept = new();

    /// <summary>Memory for some numbers, until it is disposed of; contents are dirty. A thread has one at a time.</summary>
    /// <exception cref="MemoryExhaustedException">There is not so much.</exception>
    public Scratch<T> Take<T>(long length) where T : unmanaged
    {
        long bytes = length * Unsafe.SizeOf<T>(), words = BlockCount.Of(bytes, sizeof(float));
        if (words > Allocation.MostElements)
        {
            throw new MemoryExhaustedException("GPU", $"{length} numbers between launches", bytes);
        }

        if (bytes > MostKept)
        {
            var own = Buffer((int)words);
            return new Scratch<T>(own.View<T>().SubView(0, length), own);
        }

        var kept = _kept.Value;
        if (kept is null || kept.View<float>().Length < words)
        {
            _kept.Value = null;
            kept?.GiveBack();
            _kept.Value = kept = Buffer((int)words);
        }

        return new Scratch<T>(kept.View<T>().SubView(0, length), null);
    }

    public void Dispose() => _kept.Dispose();

    private DeviceBuffer Buffer(int words) => memory.Take(words, $"{words} numbers between launches");
}

/// <summary>Memory of one operation.</summary>
internal readonly ref struct Scratch<T>(ArrayView<T> view, DeviceBuffer? own) where T : unmanaged
{
    /// <summary>The numbers.</summary>
    public ArrayView<T> View { get; } = view;

    /// <summary>Called when all launches of the operation are in the queue.</summary>
    public void Dispose() => own?.GiveBack();
}
