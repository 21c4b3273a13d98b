using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Runtime.CompilerServices;

namespace TinyNet.Core;

/// <summary>
/// The sizes of a tensor along its axes, row-major: the last axis is the fastest. A scalar has rank 0; it is the default.
/// </summary>
[CollectionBuilder(typeof(Shape), nameof(Create))]
public readonly struct Shape : IEquatable<Shape>
{
    /// <summary>The largest rank a tensor can have.</summary>
    public const int MaxRank = 8;

    private readonly AxisValues _sizes;

    // Less one, so that default is the shape of a scalar in this, too.
    private readonly int _lengthLessOne;

    /// <summary>Makes a shape from its sizes.</summary>
    /// <exception cref="ShapeException">A size is negative, there are more than <see cref="MaxRank"/>, or the number of
    /// elements exceeds what an <see cref="int"/> can count.</exception>
    public Shape(params ReadOnlySpan<int> sizes)
    {
        if (sizes.Length > MaxRank)
        {
            throw new ShapeException("shape", $"[{Join(sizes)}] has {sizes.Length} axes", $"use at most {MaxRank}");
        }

        // Empty axes count as one here, so that merging the others cannot overflow.
        long length = 1;
        bool isEmpty = false;
        for (int axis = 0; axis < sizes.Length; axis++)
        {
            if (sizes[axis] < 0)
            {
                throw new ShapeException("shape", $"[{Join(sizes)}] has a negative size", "sizes are 0 or more");
            }

            _sizes[axis] = sizes[axis];
            isEmpty |= sizes[axis] == 0;
            length *= Math.Max(1, sizes[axis]);
            if (length > int.MaxValue)
            {
                throw new ShapeException("shape", $"[{Join(sizes)}] has more than {int.MaxValue} elements", "split the data");
            }
        }

        Rank = sizes.Length;
        _lengthLessOne = isEmpty ? -1 : (int)length - 1;
    }

    /// <summary>The number of axes.</summary>
    public int Rank { get; }

    /// <summary>The number of elements: the product of the sizes; 1 for a scalar.</summary>
    public int Length => _lengthLessOne + 1;

    /// <summary>The sizes as a span.</summary>
    [UnscopedRef]
    public ReadOnlySpan<int> Sizes => ((ReadOnlySpan<int>)_sizes)[..Rank];

    /// <summary>The size along an axis; negative axes count from the end.</summary>
    public int this[int axis] => _sizes[Axis(axis, "shape")];

    /// <summary>The size along an axis, counted from either end: <c>shape[^1]</c> is the last.</summary>
    public int this[Index axis]
    {
        get
        {
            int index = axis.GetOffset(Rank);
            return (uint)index < (uint)Rank
                ? _sizes[index]
                : throw new ShapeException(
                    "shape", $"axis {axis} of shape {this}", $"axes run from 0 to {Rank - 1}, or from ^{Rank} to ^1");
        }
    }

    /// <summary>Makes a shape from its sizes, for collection expressions: <c>Shape s = [2, 3];</c></summary>
    public static Shape Create(ReadOnlySpan<int> sizes) => new(sizes);

    /// <summary>Turns an axis that may count from the end (−1 is the last) into its index.</summary>
    /// <exception cref="ShapeException">There is no such axis.</exception>
    public int Axis(int axis, string operation)
    {
        int index = axis < 0 ? axis + Rank : axis;
        return (uint)index < (uint)Rank
            ? index
            : throw new ShapeException(operation, $"axis {axis} of shape {this}", $"axes run from {-Rank} to {Rank - 1}");
    }

    /// <summary>
    /// As <see cref="Axis"/>, for operations that a scalar takes part in: it counts as one element along axis 0, which is also −1.
    /// </summary>
    /// <exception cref="ShapeException">There is no such axis.</exception>
    internal int AxisOrScalar(int axis, string operation) => Rank > 0 ? Axis(axis, operation)
        : axis is 0 or -1 ? 0
        : throw new ShapeException(operation, $"axis {axis} of shape {this}", "a scalar counts as one element along axis 0");

    /// <summary>The number of elements along an axis that <see cref="AxisOrScalar"/> gave.</summary>
    internal int SizeOrScalar(int index) => Rank > 0 ? Sizes[index] : 1;

    /// <summary>This shape with one size replaced.</summary>
    public Shape With(int axis, int size)
    {
        var sizes = _sizes;
        sizes[Axis(axis, "shape")] = size;
        return new Shape(((ReadOnlySpan<int>)sizes)[..Rank]);
    }

    /// <summary>This shape without one axis.</summary>
    public Shape Without(int axis)
    {
        int removed = Axis(axis, "shape");
        AxisValues sizes = default;
        for (int i = 0, k = 0; i < Rank; i++)
        {
            if (i != removed)
            {
                sizes[k++] = _sizes[i];
            }
        }

        return new Shape(((ReadOnlySpan<int>)sizes)[..(Rank - 1)]);
    }

    /// <summary>This shape with a new axis before the given one (the rank appends it).</summary>
    /// <exception cref="ShapeException">There is no such place, or the rank would exceed <see cref="MaxRank"/>.</exception>
    public Shape Insert(int axis, int size)
    {
        if ((uint)axis > (uint)Rank || Rank == MaxRank)
        {
            throw new ShapeException(
                "shape",
                $"a new axis {axis} for shape {this}",
                $"a new axis can be at 0 to the rank, and a tensor has at most {MaxRank} axes");
        }

        AxisValues sizes = default;
        for (int i = 0, k = 0; i <= Rank; i++)
        {
            sizes[i] = i == axis ? size : _sizes[k++];
        }

        return new Shape(((ReadOnlySpan<int>)sizes)[..(Rank + 1)]);
    }

    /// <summary>The shape that both broadcast to: aligned at the last axis, a size of 1 stretches.</summary>
    /// <exception cref="ShapeException">The shapes do not broadcast.</exception>
    public static Shape Broadcast(in Shape a, in Shape b, string operation)
    {
        if (a.Equals(b))
        {
            return a;
        }

        int rank = Math.Max(a.Rank, b.Rank);
        AxisValues sizes = default;
        for (int i = 1; i <= rank; i++)
        {
            int sizeA = i <= a.Rank ? a._sizes[a.Rank - i] : 1, sizeB = i <= b.Rank ? b._sizes[b.Rank - i] : 1;
            sizes[rank - i] = sizeA == sizeB || sizeB == 1 ? sizeA : sizeA == 1
                ? sizeB
                : throw new ShapeException(operation, $"shapes {a} and {b} do not broadcast",
                    "aligned at the last axis, sizes must be equal or 1; reshape or expand one of them");
        }

        return new Shape(((ReadOnlySpan<int>)sizes)[..rank]);
    }

    /// <summary>The product of two sizes, of a tensor or of a part of it.</summary>
    /// <exception cref="ShapeException">It is more than an <see cref="int"/> can count.</exception>
    internal static int Product(int a, int b, string operation) => (long)a * b <= int.MaxValue
        ? a * b
        : throw new ShapeException(operation, $"size {a} times {b}", $"a tensor has at most {int.MaxValue} elements");

    /// <summary>Enumerates the sizes.</summary>
    [UnscopedRef]
    public ReadOnlySpan<int>.Enumerator GetEnumerator() => Sizes.GetEnumerator();

    /// <inheritdoc/>
    public bool Equals(Shape other) => Rank == other.Rank && Sizes.SequenceEqual(other.Sizes);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is Shape other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        HashCode hash = default;
        foreach (int size in Sizes)
        {
            hash.Add(size);
        }

        return hash.ToHashCode();
    }

    /// <summary>Same rank and sizes.</summary>
    public static bool operator ==(in Shape a, in Shape b) => a.Equals(b);

    /// <summary>Different rank or sizes.</summary>
    public static bool operator !=(in Shape a, in Shape b) => !a.Equals(b);

    /// <summary>The sizes in brackets: <c>[2, 3]</c>.</summary>
    public override string ToString() => $"[{Join(Sizes)}]";

    private static string Join(ReadOnlySpan<int> sizes)
    {
        var text = new System.Text.StringBuilder();
        for (int i = 0; i < sizes.Length; i++)
        {
            text.Append(i == 0 ? "" : ", ").Append(sizes[i].ToString(CultureInfo.InvariantCulture));
        }

        return text.ToString();
    }
}

/// <summary>One integer for each axis a shape can have.</summary>
[InlineArray(Shape.MaxRank)]
internal struct AxisValues
{
    private int _first;
}
