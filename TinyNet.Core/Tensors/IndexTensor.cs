using System.Diagnostics;

namespace TinyNet.Core;

/// <summary>
/// An n-dimensional array of int32: classes, tokens, positions. It lies densely in the host's memory; a device that
/// computes elsewhere copies it, and keeps the copy for as long as <see cref="Storage"/> has the same version and generation.
/// Its lifetime follows the same rules as a tensor's.
/// </summary>
[DebuggerDisplay("{ToString(),nq}")]
public sealed class IndexTensor
{
    internal static readonly BufferPool Pool = new(static capacity => new IndexStorage(capacity));

    private readonly IndexStorage _storage;
    private readonly int _generation;
    private readonly string _origin;
    private readonly Shape _shape;

    private IndexTensor(IndexStorage storage, in Shape shape, string origin)
    {
        _storage = storage;
        _generation = storage.Generation;
        _origin = origin;
        _shape = shape;
    }

    /// <summary>The sizes along the axes.</summary>
    public ref readonly Shape Shape => ref _shape;

    /// <summary>The number of axes.</summary>
    public int Rank => Shape.Rank;

    /// <summary>The number of elements.</summary>
    public int Length => Shape.Length;

    /// <summary>The memory that the elements lie in, which views share.</summary>
    public Storage Storage => _storage;

    internal bool IsAlive => _generation == _storage.Generation && (_storage.Scope is null || _storage.Scope == StepScope.Current);

    /// <summary>The elements in row-major order, where they lie.</summary>
    /// <exception cref="LifetimeException">Its scope or batch has ended.</exception>
    public ReadOnlySpan<int> Values => Read("read indices");

    /// <summary>A copy of integers in row-major order.</summary>
    /// <exception cref="ShapeException">The shape has another number of elements than there are integers.</exception>
    public static IndexTensor From(ReadOnlySpan<int> values, Shape shape)
    {
        if (values.Length != shape.Length)
        {
            throw new ShapeException(
                "IndexTensor.From",
                $"shape {shape} has {shape.Length} elements, the data {values.Length}",
                "give one integer an element");
        }

        var tensor = Persistent(shape, "IndexTensor.From");
        values.CopyTo(tensor._storage.Values);
        return tensor;
    }

    /// <summary>A copy of integers as a tensor of rank 1.</summary>
    public static IndexTensor From(params ReadOnlySpan<int> values) => From(values, [values.Length]);

    /// <summary>The integers start, start + 1, … , start + count − 1.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The last of them is more than an integer holds.</exception>
    /// <exception cref="ShapeException">The count is negative, or no tensor is so long.</exception>
    public static IndexTensor Range(int start, int count)
    {
        Shape shape = [count];
        if (start > 0 && count > int.MaxValue - start + 1)
        {
            throw new ArgumentOutOfRangeException(nameof(count), count, $"from {start} on there are {int.MaxValue - start + 1} integers");
        }

        var tensor = Persistent(shape, "IndexTensor.Range");
        for (int i = 0; i < count; i++)
        {
            tensor._storage.Values[i] = start + i;
        }

        return tensor;
    }

    /// <summary>The value of a tensor with one element.</summary>
    public int Item() => Length == 1
        ? Values[0]
        : throw new ShapeException(
            "Item",
            $"the index tensor of shape {Shape} has {Length} elements",
            "only a tensor with one element is a number; use ToArray");

    /// <summary>All elements in row-major order.</summary>
    public int[] ToArray()
    {
        var values = Read("ToArray");
        int[] copy = Allocation.OnHost<int>(Shape, "ToArray");
        values.CopyTo(copy);
        return copy;
    }

    /// <summary>Writes all elements in row-major order.</summary>
    /// <exception cref="ShapeException">The destination is shorter than the tensor.</exception>
    public void CopyTo(Span<int> destination)
    {
        if (!Values.TryCopyTo(destination))
        {
            throw new ShapeException(
                "CopyTo",
                $"the index tensor of shape {Shape} has {Length} elements, the destination room for {destination.Length}",
                "pass a span of at least that length");
        }
    }

    /// <summary>Overwrites all elements, in row-major order, in place.</summary>
    /// <exception cref="ShapeException">The source has another length than the tensor.</exception>
    public void CopyFrom(ReadOnlySpan<int> source)
    {
        if (source.Length != Length)
        {
            throw new ShapeException("CopyFrom", $"the index tensor of shape {Shape} has {Length} elements, the source {source.Length}",
                "pass exactly one integer an element");
        }

        source.CopyTo(Overwrite("CopyFrom"));
    }

    /// <summary>The same integers in the same order under another shape.</summary>
    public IndexTensor Reshape(Shape shape)
    {
        EnsureAlive("Reshape");
        return shape.Length == Length
            ? new IndexTensor(_storage, shape, _origin)
            : throw new ShapeException("Reshape", $"indices of shape {Shape} do not fill {shape}", "keep the number of elements");
    }

    /// <summary>A copy that lives as long as something refers to it.</summary>
    public IndexTensor Keep() => From(Values, Shape);

    /// <inheritdoc/>
    public override string ToString() => TensorFormatter.Format(this);

    /// <summary>The result of an operation, with dirty elements.</summary>
    internal static IndexTensor Result(string origin, in Shape shape) =>
        new((IndexStorage)Allocation.OfResult(Pool, shape, origin), shape, origin);

    private static IndexTensor Persistent(in Shape shape, string origin) =>
        new((IndexStorage)Allocation.Collected(Pool, shape, origin), shape, origin);

    /// <summary>A tensor over a storage whose owner decides when its contents end.</summary>
    internal static IndexTensor Over(IndexStorage storage, in Shape shape, string origin) => new(storage, shape, origin);

    /// <summary>The elements, after a check that they are there.</summary>
    internal ReadOnlySpan<int> Read(string operation)
    {
        EnsureAlive(operation);
        return _storage.Values.AsSpan(0, Length);
    }

    /// <summary>The elements to be written, all of them, after a check that they are there.</summary>
    internal Span<int> Overwrite(string operation)
    {
        EnsureAlive(operation);
        _storage.MarkWritten();
        return _storage.Values.AsSpan(0, Length);
    }

    /// <summary>Refuses indices outside [0, limit).</summary>
    internal void EnsureInRange(int limit, string operation, string what)
    {
        foreach (int index in Read(operation))
        {
            if ((uint)index >= (uint)limit)
            {
                throw new TensorException(
                    operation,
                    $"{what} {index} with {limit} to choose from (indices of shape {Shape})",
                    $"valid are 0 to {limit - 1}");
            }
        }
    }

    private void EnsureAlive(string operation)
    {
        if (!IsAlive)
        {
            throw new LifetimeException(
                operation,
                $"an index tensor of shape {Shape} made by {_origin} was used after its scope or batch ended, or on another thread",
                "use it before, on the same thread, or Keep() what must last");
        }
    }
}

/// <summary>The memory behind index tensors.</summary>
internal sealed class IndexStorage(int capacity) : Storage(device: null, capacity)
{
    public int[] Values { get; } = new int[capacity];

    protected internal override void Poison() => Values.AsSpan().Fill(int.MinValue);
}
