using TinyNet.Core;

namespace TinyNet.ExtensionTests;

/// <summary>Floats in an array; nan at first, so that what is read before it is written shows.</summary>
internal sealed class PlainStorage : Storage
{
    public PlainStorage(Device device, int capacity) : base(device, capacity)
    {
        Values = new float[capacity];
        Poison();
    }

    public float[] Values { get; }

    protected override void Poison() => Array.Fill(Values, float.NaN);
}

/// <summary>The elements of a tensor by their row-major index in a shape that it broadcasts to.</summary>
internal readonly struct Elements(Tensor tensor, Layout layout)
{
    private readonly float[] _values = ((PlainStorage)tensor.Storage).Values;

    public Elements(Tensor tensor) : this(tensor, tensor.Layout)
    {
    }

    public Elements(Tensor tensor, Shape shape) : this(tensor, tensor.Layout.Expand(shape))
    {
    }

    public ref float this[int index] => ref _values[Place(layout, index)];

    /// <summary>Where element <paramref name="index"/>, counted in row-major order, lies in the storage.</summary>
    public static int Place(in Layout layout, int index)
    {
        int place = layout.Offset;
        for (int axis = layout.Shape.Rank - 1; axis >= 0; axis--)
        {
            int size = layout.Shape.Sizes[axis];
            place += index % size * layout.Strides[axis];
            index /= size;
        }

        return place;
    }
}

/// <summary>A tensor as lines along one of its axes, counted in row-major order.</summary>
internal readonly struct Lines(Tensor tensor, int axis)
{
    private readonly float[] _values = ((PlainStorage)tensor.Storage).Values;
    private readonly Layout _starts = tensor.Layout.Slice(axis, start: 0, count: 1, step: 1);
    private readonly int _stride = tensor.Layout.Strides[axis];

    public int Count => _starts.Shape.Length;

    public int Length { get; } = tensor.Shape.Sizes[axis];

    public ref float this[int line, int k] => ref _values[Elements.Place(_starts, line) + k * _stride];
}

/// <summary>The places that an index tensor of a shape picks along an axis of a tensor.</summary>
internal readonly struct Indexed(Tensor tensor, int axis, Shape shape)
{
    private readonly float[] _values = ((PlainStorage)tensor.Storage).Values;
    private readonly Layout _starts = Starts(tensor, axis, shape);
    private readonly int _stride = tensor.Layout.Strides[axis];

    /// <summary>The element at <paramref name="k"/> along the axis, on the line of element i of the shape.</summary>
    public ref float this[int i, int k] => ref _values[Elements.Place(_starts, i) + k * _stride];

    /// <summary>The index of element i of the shape along the axis.</summary>
    public int Along(int i)
    {
        for (int behind = shape.Rank - 1; behind > axis; behind--)
        {
            i /= shape.Sizes[behind];
        }

        return i % shape.Sizes[axis];
    }

    /// <summary>The start of the line of each element of the shape: other axes may be longer in the tensor.</summary>
    private static Layout Starts(Tensor tensor, int axis, Shape shape)
    {
        var starts = tensor.Layout;
        for (int other = 0; other < shape.Rank; other++)
        {
            starts = starts.Slice(other, start: 0, count: other == axis ? 1 : shape.Sizes[other], step: 1);
        }

        return starts.Expand(shape);
    }
}

/// <summary>The elements of images [N, C, H, W].</summary>
internal readonly struct Images(Tensor tensor)
{
    private readonly float[] _values = ((PlainStorage)tensor.Storage).Values;
    private readonly Layout _layout = tensor.Layout;

    public ref float this[int image, int channel, int row, int column]
    {
        get
        {
            var strides = _layout.Strides;
            return ref _values[_layout.Offset + image * strides[0] + channel * strides[1] + row * strides[2] + column * strides[3]];
        }
    }

    /// <summary>The place of element i, counted in row-major order.</summary>
    public (int Image, int Channel, int Row, int Column) Place(int i)
    {
        var sizes = _layout.Shape.Sizes;
        var (rest, column) = Math.DivRem(i, sizes[3]);
        (rest, int row) = Math.DivRem(rest, sizes[2]);
        return (rest / sizes[1], rest % sizes[1], row, column);
    }
}
