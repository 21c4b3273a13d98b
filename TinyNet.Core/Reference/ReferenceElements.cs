namespace TinyNet.Core;

/// <summary>The elements of a tensor of the reference device, by their row-major index in a shape that it broadcasts to.</summary>
internal readonly struct ReferenceElements
{
    private readonly double[] _values;
    private readonly Layout _layout;

    public ReferenceElements(Tensor tensor) : this(tensor, tensor.Layout)
    {
    }

    public ReferenceElements(Tensor tensor, in Shape shape) : this(tensor, tensor.Layout.Expand(shape))
    {
    }

    private ReferenceElements(Tensor tensor, in Layout layout)
    {
        _values = ((ReferenceStorage)tensor.Storage).Values;
        _layout = layout;
    }

    /// <summary>Element i in row-major order.</summary>
    public ref double this[int index] => ref _values[_layout.OffsetOf(index)];
}

/// <summary>A tensor of the reference device as a number of lines, which run along one of its axes.</summary>
internal readonly struct ReferenceLines
{
    private readonly double[] _values;
    private readonly Layout _starts;
    private readonly int _stride;

    public ReferenceLines(Tensor tensor, int axis)
    {
        _values = ((ReferenceStorage)tensor.Storage).Values;
        _starts = tensor.Layout.Starts(axis);
        _stride = tensor.Layout.Strides[axis];
        Length = tensor.Shape.Sizes[axis];
    }

    /// <summary>How many lines there are: as many as elements where the axis has size 1. They are counted in row-major order.</summary>
    public int Count => _starts.Shape.Length;

    /// <summary>The number of elements of every line.</summary>
    public int Length { get; }

    /// <summary>Element k of a line.</summary>
    public ref double this[int line, int k] => ref _values[_starts.OffsetOf(line) + k * _stride];

    /// <summary>A copy of a line.</summary>
    public double[] ToArray(int line)
    {
        var copy = new double[Length];
        for (int k = 0; k < Length; k++)
        {
            copy[k] = this[line, k];
        }

        return copy;
    }
}
