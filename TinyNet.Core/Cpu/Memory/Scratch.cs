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
