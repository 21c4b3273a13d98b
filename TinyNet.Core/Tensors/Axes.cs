using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace TinyNet.Core;

/// <summary>
/// Some axes of a tensor, for reductions: one (<c>1</c>), several (<c>[0, -1]</c>), or all of them (<c>default</c>).
/// Negative axes count from the end. A scalar counts as one element along axis 0.
/// </summary>
[CollectionBuilder(typeof(Axes), nameof(Create))]
public readonly struct Axes
{
    private readonly AxisValues _axes;
    private readonly int _count;

    /// <summary>Names the axes.</summary>
    /// <exception cref="ShapeException">There are more than a tensor can have.</exception>
    public Axes(params ReadOnlySpan<int> axes)
    {
        if (axes.Length > Shape.MaxRank)
        {
            throw new ShapeException("axes", $"{axes.Length} axes", $"a tensor has at most {Shape.MaxRank}");
        }

        axes.CopyTo(_axes);
        _count = axes.Length;
    }

    /// <summary>Whether all axes are meant.</summary>
    public bool IsAll => _count == 0;

    /// <summary>The axes as they were given.</summary>
    [UnscopedRef]
    public ReadOnlySpan<int> Values => ((ReadOnlySpan<int>)_axes)[.._count];

    /// <summary>One axis.</summary>
    public static implicit operator Axes(int axis) => new(axis);

    /// <summary>Names the axes, for collection expressions.</summary>
    public static Axes Create(ReadOnlySpan<int> axes) => new(axes);

    /// <summary>Enumerates the axes as they were given.</summary>
    [UnscopedRef]
    public ReadOnlySpan<int>.Enumerator GetEnumerator() => Values.GetEnumerator();

    /// <summary>The shape with size 1 at these axes.</summary>
    /// <exception cref="ShapeException">There is no such axis, or one is named twice.</exception>
    internal Shape Reduce(in Shape shape, string operation)
    {
        AxisValues sizes = default;
        if (IsAll)
        {
            for (int axis = 0; axis < shape.Rank; axis++)
            {
                sizes[axis] = 1;
            }
        }
        else
        {
            shape.Sizes.CopyTo(sizes);
            int seen = 0;
            foreach (int given in this)
            {
                int axis = shape.AxisOrScalar(given, operation);
                if ((seen & (1 << axis)) != 0)
                {
                    throw new ShapeException(operation, $"axis {given} of shape {shape} is named twice", "name each axis once");
                }

                seen |= 1 << axis;
                sizes[axis] = 1;
            }
        }

        return new Shape(((ReadOnlySpan<int>)sizes)[..shape.Rank]);
    }

    /// <summary>The shape without these axes.</summary>
    internal Shape Remove(in Shape shape, string operation)
    {
        AxisValues sizes = default;
        int removed = 0, rank = 0;
        foreach (int given in this)
        {
            removed |= 1 << shape.AxisOrScalar(given, operation);
        }

        for (int axis = 0; axis < shape.Rank && !IsAll; axis++)
        {
            if ((removed & (1 << axis)) == 0)
            {
                sizes[rank++] = shape.Sizes[axis];
            }
        }

        return new Shape(((ReadOnlySpan<int>)sizes)[..rank]);
    }
}
