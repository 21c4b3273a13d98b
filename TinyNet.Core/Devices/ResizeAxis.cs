namespace TinyNet.Core;

/// <summary>How the elements between those of an axis are made.</summary>
public enum Interpolation
{
    /// <summary>The element at or before the place, which is computed in single precision, as PyTorch does.</summary>
    Nearest,

    /// <summary>A straight line between the two neighbors of the place.</summary>
    Linear,
}

/// <summary>How an axis is resized: which of its elements make each element of the result.</summary>
public readonly record struct ResizeAxis
{
    private readonly Interpolation _interpolation;
    private readonly Flag _alignsCorners;
    private readonly double _from, _to;
    private readonly float _nearestStep;

    /// <summary>Resizes an axis.</summary>
    /// <param name="length">The elements of the axis.</param>
    /// <param name="results">The elements of the resized axis.</param>
    /// <param name="scale">By how much the axis grows; null for <paramref name="results"/> / <paramref name="length"/>.</param>
    /// <param name="interpolation">How elements in between are made.</param>
    /// <param name="alignsCorners">
    /// Whether the first elements of both axes lie over each other, and the last ones too; else the outer edges of those do.
    /// </param>
    public ResizeAxis(int length, int results, double? scale, Interpolation interpolation, bool alignsCorners)
    {
        (Length, Results, _interpolation) = (length, results, interpolation);
        _alignsCorners = alignsCorners && interpolation == Interpolation.Linear;
        // As PyTorch does, an axis that keeps its size is copied.
        scale = results == length ? null : scale;
        // A step is a quotient. It is divided last, so that a place on an element is a whole number.
        (_from, _to) = _alignsCorners
            ? (results > 1 ? (length - 1.0, results - 1.0) : (0, 1))
            : scale is { } factor ? (1, factor) : ((double)length, (double)results);
        // Rounded in double precision, a place would now and then fall on the other side of an edge than PyTorch's.
        _nearestStep = scale is { } growth ? (float)(1 / growth) : (float)length / results;
    }

    /// <summary>The elements of the axis.</summary>
    public int Length { get; }

    /// <summary>The elements of the resized axis.</summary>
    public int Results { get; }

    /// <summary>The two neighbors that make an element, and how much of it is the second.</summary>
    public ResizeTap Tap(int index)
    {
        if (_interpolation == Interpolation.Nearest)
        {
            int nearest = Math.Min((int)(index * _nearestStep), Length - 1);
            return new ResizeTap(nearest, nearest, 0);
        }

        double place = _alignsCorners ? index * _from / _to : Math.Max(0, (index + 0.5) * _from / _to - 0.5);
        int first = Math.Min((int)place, Length - 1), second = Math.Min(first + 1, Length - 1);
        return first == second ? new ResizeTap(first, first, 0) : new ResizeTap(first, second, place - first);
    }
}

/// <summary>How an image is resized.</summary>
/// <param name="Height">From top to bottom.</param>
/// <param name="Width">From left to right.</param>
public readonly record struct ResizeGrid(ResizeAxis Height, ResizeAxis Width);

/// <summary>(1 − part) · first + part · second.</summary>
/// <param name="First">Where the first neighbor stands.</param>
/// <param name="Second">Where the second stands; the first again where there is none.</param>
/// <param name="Part">
/// How much of the result is the second, in [0, 1): in double precision, as 1 − part would be wrong of a part that was rounded to a float
/// near 1.
/// </param>
public readonly record struct ResizeTap(int First, int Second, double Part)
{
    /// <summary>1 − part, rounded once: how much of the result is the first.</summary>
    public float FirstShare => (float)(1 - Part);

    /// <summary>The part, rounded once: how much of the result is the second.</summary>
    public float SecondShare => (float)Part;
}
