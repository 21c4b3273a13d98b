using TinyNet.Core;

namespace TinyNet.Data;

/// <summary>
/// One of the things that every sample of a dataset has, under a name and of one shape: the pixels of an image, a class, the tokens of a
/// text. A field of a batch is a tensor with the samples along its first axis.
/// </summary>
/// <remarks>
/// A field may be a sequence: then the shape is that of one step, each sample says how many steps it has, and a batch is padded to its
/// longest, [samples, steps, ..]. A dataset makes its fields in its constructor (<see cref="Dataset{TBatch}.Numbers"/> and its like).
/// </remarks>
public abstract class Field
{
    private readonly int[] _shape;

    private protected Field(string name, ReadOnlySpan<int> shape, bool isSequence, int position, bool padsAtStart)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        Name = name;
        (IsSequence, PadsAtStart) = (isSequence, padsAtStart);
        Position = position;
        _shape = shape.ToArray();
        Length = BatchShape(1, 1).Length;
    }

    /// <summary>What it is called in messages.</summary>
    public string Name { get; }

    /// <summary>The shape that one sample has, or one step of a sequence: without the axes of samples and steps.</summary>
    public ReadOnlySpan<int> Shape => _shape;

    /// <summary>How many values one sample has, or one step of a sequence: the product of <see cref="Shape"/>.</summary>
    public int Length { get; }

    /// <summary>Whether each sample has a number of steps of its own.</summary>
    public bool IsSequence { get; }

    /// <summary>Whether a shorter sequence of a batch is padded before its first step, and not after its last.</summary>
    public bool PadsAtStart { get; }

    /// <summary>Its place among the fields of its dataset.</summary>
    internal int Position { get; }

    /// <summary>The shape of a batch: of so many samples, each of so many steps where it is a sequence.</summary>
    internal Shape BatchShape(int samples, int steps)
    {
        Shape shape = new(_shape);
        return (IsSequence ? shape.Insert(0, steps) : shape).Insert(0, samples);
    }

    /// <summary>The name and, if it is no single value, the shape: <c>tokens [steps]</c>.</summary>
    public override string ToString()
    {
        string shape = string.Join(", ", _shape);
        return (IsSequence, shape.Length > 0) switch
        {
            (true, true) => $"{Name} [steps, {shape}]",
            (true, false) => $"{Name} [steps]",
            (false, true) => $"{Name} [{shape}]",
            _ => Name,
        };
    }
}

/// <summary>A field of numbers: a <see cref="Tensor"/> in a batch. Sequences are padded with 0.</summary>
public sealed class NumberField : Field
{
    internal NumberField(string name, ReadOnlySpan<int> shape, bool isSequence, int position, bool padsAtStart = false)
        : base(name, shape, isSequence, position, padsAtStart)
    {
    }
}

/// <summary>A field of classes, tokens or positions: an <see cref="IndexTensor"/> in a batch.</summary>
public sealed class IndexField : Field
{
    internal IndexField(
        string name, ReadOnlySpan<int> shape, bool isSequence, int position, int padding = 0, bool padsAtStart = false)
        : base(name, shape, isSequence, position, padsAtStart) => Padding = padding;

    /// <summary>What sequences are padded with.</summary>
    public int Padding { get; }
}
