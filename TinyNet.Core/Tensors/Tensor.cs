using System.Diagnostics;
using System.Numerics.Tensors;
using System.Runtime.CompilerServices;

namespace TinyNet.Core;

/// <summary>
/// An n-dimensional array of numbers on a device: float32 where data enter and leave. Views share their storage.
/// </summary>
/// <remarks>
/// A result of an operation inside a scope lives until the scope closes; use after that throws. <see cref="Item"/>,
/// <see cref="ToArray"/> and <see cref="Keep"/> are the ways out. Everything else lives as long as something refers to it.
/// </remarks>
[DebuggerDisplay("{ToString(),nq}")]
public partial class Tensor
{
    [ThreadStatic]
    private static long _madeOnThisThread;

    private readonly Layout _layout;
    private int _generation;

    internal Tensor(Storage storage, in Layout layout, string origin)
    {
        Storage = storage;
        _layout = layout;
        Origin = origin;
        _generation = storage.Generation;
        _madeOnThisThread++;
    }

    /// <summary>The sizes along the axes.</summary>
    public ref readonly Shape Shape => ref _layout.Shape;

    /// <summary>Where the elements lie in the storage.</summary>
    public ref readonly Layout Layout => ref _layout;

    /// <summary>The number of axes.</summary>
    public int Rank => _layout.Shape.Rank;

    /// <summary>The number of elements.</summary>
    public int Length => _layout.Shape.Length;

    /// <summary>Where the numbers are.</summary>
    public Device Device => Storage.Device!;

    /// <summary>How many tensors this thread has made, to measure what a step costs.</summary>
    internal static long MadeOnThisThread => _madeOnThisThread;

    /// <summary>The memory that the elements lie in, which views share. Only the device that made it knows what is in it.</summary>
    public Storage Storage { get; private set; }

    /// <summary>Whether the elements lie densely in row-major order, from <see cref="Layout.Offset"/> on.</summary>
    public bool IsContiguous => _layout.IsContiguous;

    /// <summary>The operation or call that made this tensor, for messages.</summary>
    internal string Origin { get; }

    /// <summary>Belongs to the tape: what it knows about the history of this tensor.</summary>
    internal object? TapeSlot { get; set; }

    /// <summary>Whether the contents are there to read on this thread.</summary>
    internal bool IsAlive => _generation == Storage.Generation && (Storage.Scope is null || Storage.Scope == StepScope.Current);

    /// <summary>An element; negative indices count from the end of their axis. Slow: for looking, not for computing.</summary>
    /// <exception cref="ShapeException">The number of indices is not the rank.</exception>
    /// <exception cref="TensorException">An index is out of range.</exception>
    [IndexerName("At")] // The default name, Item, is the method's.
    public float this[params ReadOnlySpan<int> index]
    {
        get
        {
            Span<float> value = stackalloc float[1];
            Device.Download(Element(index, "element"), value);
            return value[0];
        }
        set => Element(index, "element").CopyFrom([value]);
    }

    /// <summary>The value of a tensor with one element.</summary>
    /// <exception cref="ShapeException">The tensor has more or fewer elements.</exception>
    public float Item()
    {
        if (Length != 1)
        {
            throw new ShapeException(
                "Item",
                $"the tensor of shape {Shape} has {Length} elements",
                "only a tensor with one element is a number; use ToArray or reduce it first");
        }

        Span<float> value = stackalloc float[1];
        CopyTo(value);
        return value[0];
    }

    /// <summary>All elements in row-major order.</summary>
    public float[] ToArray()
    {
        EnsureAlive("ToArray");
        var values = Allocation.OnHost<float>(Shape, "ToArray");
        CopyTo(values);
        return values;
    }

    /// <summary>Writes all elements in row-major order.</summary>
    /// <exception cref="ShapeException">The destination is shorter than the tensor.</exception>
    public void CopyTo(Span<float> destination)
    {
        EnsureAlive("CopyTo");
        if (destination.Length < Length)
        {
            throw new ShapeException(
                "CopyTo",
                $"the tensor of shape {Shape} has {Length} elements, the destination room for {destination.Length}",
                "pass a span of at least that length");
        }

        Device.Download(this, destination);
    }

    /// <summary>Overwrites all elements, in row-major order, in place.</summary>
    /// <exception cref="ShapeException">The source has another length than the tensor.</exception>
    /// <exception cref="TensorException">The tensor is a view that shows elements more than once.</exception>
    public void CopyFrom(ReadOnlySpan<float> source)
    {
        EnsureAlive("CopyFrom");
        if (source.Length != Length)
        {
            throw new ShapeException(
                "CopyFrom",
                $"the tensor of shape {Shape} has {Length} elements, the source {source.Length}",
                "pass exactly one number an element");
        }

        if (Layout.Repeats)
        {
            throw new TensorException(
                "CopyFrom",
                $"the view of shape {Shape} shows elements more than once",
                "write into the tensor it was expanded from");
        }

        Device.Upload(source, this);
        Storage.MarkWritten();
    }

    /// <summary>Sets all elements in place.</summary>
    public void Fill(float value)
    {
        EnsureAlive("Fill");
        Device.Fill(this, value);
        Storage.MarkWritten();
    }

    /// <summary>A copy that lives as long as something refers to it, on this or another device, without history.</summary>
    public Tensor Keep(Device? device = null)
    {
        EnsureAlive("Keep");
        device ??= Device;
        var copy = Persistent(Shape, device, "Keep");
        if (device == Device)
        {
            Device.Copy(this, copy);
        }
        else
        {
            device.Upload(ToArray(), copy);
        }

        return copy;
    }

    /// <summary>The elements as a span of System.Numerics.Tensors: a copy, since storages are recycled.</summary>
    public TensorSpan<float> AsTensorSpan()
    {
        Span<nint> lengths = stackalloc nint[Rank];
        for (int axis = 0; axis < Rank; axis++)
        {
            lengths[axis] = Shape.Sizes[axis];
        }

        return new TensorSpan<float>(ToArray(), lengths);
    }

    /// <summary>Shape, device and values, abbreviated like <c>[[1, 2, …, 9], …]</c>.</summary>
    public override string ToString() => TensorFormatter.Format(this);

    /// <summary>Another tensor over the same storage: same lifetime, same version.</summary>
    internal Tensor View(in Layout layout, string origin)
    {
        EnsureAlive(origin);
        return new Tensor(Storage, layout, origin);
    }

    /// <summary>The elements with the axes in the order in which they lie in memory, for whom their order does not matter.</summary>
    internal Tensor InMemoryOrder()
    {
        if (IsContiguous)
        {
            return this;
        }

        Span<int> order = stackalloc int[Rank];
        Layout.MemoryOrder(order);
        return View(Layout.Permute(order), Origin);
    }

    /// <summary>
    /// Gives the memory of a step's tensor back before the scope closes; the caller knows that nobody can reach it any more. Where it went
    /// back already, by another view of it, nothing happens.
    /// </summary>
    internal void Release()
    {
        if (_generation == Storage.Generation && Storage.Lifetime == Lifetime.Step)
        {
            Device.Pool.Return(Storage);
        }
    }

    /// <summary>Throws where the contents have ended or belong to another thread.</summary>
    internal void EnsureAlive(string operation)
    {
        if (!IsAlive)
        {
            throw Dead(operation);
        }
    }

    /// <summary>Replaces the storage, and so the device, by one of the same length; the layout stays.</summary>
    internal void Rebind(Storage storage)
    {
        Storage = storage;
        _generation = storage.Generation;
    }

    private LifetimeException Dead(string operation)
    {
        string what = $"a tensor of shape {Shape} made by {Origin}";
        if (_generation == Storage.Generation)
        {
            return new LifetimeException(operation,
                $"{what} belongs to a scope of another thread, or to one that is suspended",
                "use a step's tensors on the thread of its scope and keep 'await' out of it; Keep() makes a copy for others");
        }

        return Storage.Lifetime == Lifetime.Batch
            ? new LifetimeException(
                operation,
                $"{what} belongs to a batch that has ended: the next one was asked for, or the loader disposed",
                "use a batch before asking for the next, or Keep() what must last")
            : new LifetimeException(
                operation,
                $"{what} was used after its scope ended, or after it was a gradient that its rule had passed on",
                "take results out before, with Item(), ToArray() or Keep()");
    }

    private Tensor Element(ReadOnlySpan<int> index, string operation)
    {
        if (index.Length != Rank)
        {
            throw new ShapeException(operation, $"{index.Length} indices for shape {Shape}", $"give {Rank}");
        }

        var layout = Layout;
        foreach (int i in index)
        {
            int size = layout.Shape.Sizes[0], at = i < 0 ? i + size : i;
            if ((uint)at >= (uint)size)
            {
                throw new TensorException(operation, $"index {i} in shape {Shape}", "indices run from -size to size - 1");
            }

            layout = layout.Select(0, at);
        }

        return View(layout, operation);
    }
}
