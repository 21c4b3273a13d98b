namespace TinyNet.Core;

/// <summary>
/// Which elements along an axis are meant in <c>x[.., 1..]</c>: a range, which keeps the axis, or one of them, which removes it. An
/// integer or an index converts to it, a range does, and <c>..</c> is all of the axis.
/// </summary>
public readonly struct AxisRange
{
    private readonly Range _range;

    private AxisRange(Range range, bool isIndex) => (_range, IsIndex) = (range, isIndex);

    /// <summary>Whether one element is meant.</summary>
    internal bool IsIndex { get; }

    /// <summary>A range; its ends may count from the end of the axis: <c>1..^1</c>.</summary>
    public static implicit operator AxisRange(Range range) => new(range, isIndex: false);

    /// <summary>An element, which may be counted from the end: <c>^1</c> is the last.</summary>
    public static implicit operator AxisRange(Index index) => new(new Range(index, index), isIndex: true);

    /// <summary>An element; negative indices count from the end: −1 is the last.</summary>
    public static implicit operator AxisRange(int index) =>
        index >= 0 ? new Index(index) : new Index(-Math.Max(index, -int.MaxValue), fromEnd: true);

    /// <inheritdoc/>
    public override string ToString() => IsIndex ? $"{_range.Start}" : $"{_range}";

    /// <summary>Where it begins and ends along an axis of a size; an element ends behind itself.</summary>
    internal (int Start, int Stop) On(int size)
    {
        int start = _range.Start.GetOffset(size);
        return (start, IsIndex ? start + 1 : _range.End.GetOffset(size));
    }
}
