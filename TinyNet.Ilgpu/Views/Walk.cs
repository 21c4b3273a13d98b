using TinyNet.Core;

namespace TinyNet.Ilgpu;

/// <summary>The coordinates of an element, along the fastest axis first.</summary>
internal struct Place
{
    public int X0, X1, X2, X3, X4, X5, X6, X7;
}

/// <summary>The sizes of the axes that threads walk, the fastest first; joined as far as all operands allow.</summary>
internal struct WalkAxes
{
    /// <summary>The number of axes.</summary>
    public int Rank;

    /// <summary>The sizes; that of the last axis is not needed.</summary>
    public int Size0, Size1, Size2, Size3, Size4, Size5, Size6;

    /// <summary>The coordinates of an element, counted along the fastest axis first.</summary>
    public readonly Place At(int index)
    {
        var place = default(Place);
        place.X0 = index;
        if (Rank > 1)
        {
            place.X1 = Split(ref place.X0, Size0);
        }

        if (Rank > 2)
        {
            place.X2 = Split(ref place.X1, Size1);
        }

        if (Rank > 3)
        {
            place.X3 = Split(ref place.X2, Size2);
        }

        if (Rank > 4)
        {
            place.X4 = Split(ref place.X3, Size3);
            place.X5 = Split(ref place.X4, Size4);
            place.X6 = Split(ref place.X5, Size5);
            place.X7 = Split(ref place.X6, Size6);
        }

        return place;
    }

    private static int Split(ref int index, int size)
    {
        int quotient = index / size;
        index -= quotient * size;
        return quotient;
    }
}

/// <summary>Where an operand's elements lie: its first one, and the distance of neighbors along each axis of a walk.</summary>
internal struct Steps
{
    /// <summary>The first element.</summary>
    public int Offset;

    /// <summary>The distances, along the fastest axis first; 0 behind the last axis.</summary>
    public int Step0, Step1, Step2, Step3, Step4, Step5, Step6, Step7;

    /// <summary>Where an element lies.</summary>
    public readonly int IndexOf(in Place place) =>
        Offset + place.X0 * Step0 + place.X1 * Step1 + place.X2 * Step2 + place.X3 * Step3
        + place.X4 * Step4 + place.X5 * Step5 + place.X6 * Step6 + place.X7 * Step7;
}

/// <summary>A walk over the elements of some tensors at once, in the order in which the first lies in memory.</summary>
internal static class Walk
{
    /// <summary>Finds the axes of a walk over layouts of one shape, and the steps of each along them.</summary>
    public static WalkAxes Over(ReadOnlySpan<Layout> layouts, Span<Steps> steps)
    {
        Span<int> order = stackalloc int[layouts[0].Shape.Rank];
        layouts[0].MemoryOrder(order);
        Span<int> sizes = stackalloc int[Shape.MaxRank], strides = stackalloc int[layouts.Length * Shape.MaxRank];
        int rank = 0;
        for (int i = order.Length - 1; i >= 0; i--)
        {
            int axis = order[i], size = layouts[0].Shape.Sizes[axis];
            if (size == 1)
            {
                continue;
            }

            if (rank > 0 && Continues(layouts, axis, sizes[rank - 1], strides, rank - 1))
            {
                sizes[rank - 1] *= size;
                continue;
            }

            sizes[rank] = size;
            for (int k = 0; k < layouts.Length; k++)
            {
                strides[k * Shape.MaxRank + rank] = layouts[k].Strides[axis];
            }

            rank++;
        }

        for (int k = 0; k < layouts.Length; k++)
        {
            steps[k] = StepsOf(layouts[k].Offset, strides.Slice(k * Shape.MaxRank, Shape.MaxRank));
        }

        return AxesOf(rank, sizes);
    }

    /// <summary>A walk over the elements of one layout.</summary>
    public static WalkAxes Over(in Layout layout, out Steps steps)
    {
        steps = default;
        return Over([layout], new Span<Steps>(ref steps));
    }

    /// <summary>A walk over the elements of one layout in row-major order, however they lie.</summary>
    public static WalkAxes InOrder(in Layout layout, out Steps steps)
    {
        Span<Steps> both = stackalloc Steps[2];
        var axes = Over([new Layout(layout.Shape), layout], both);
        steps = both[1];
        return axes;
    }

    /// <summary>Whether an axis goes on in every operand where the one before it ends.</summary>
    private static bool Continues(ReadOnlySpan<Layout> layouts, int axis, int size, ReadOnlySpan<int> strides, int last)
    {
        for (int k = 0; k < layouts.Length; k++)
        {
            if (layouts[k].Strides[axis] != strides[k * Shape.MaxRank + last] * size)
            {
                return false;
            }
        }

        return true;
    }

    private static Steps StepsOf(int offset, ReadOnlySpan<int> strides) => new()
    {
        Offset = offset,
        Step0 = strides[0],
        Step1 = strides[1],
        Step2 = strides[2],
        Step3 = strides[3],
        Step4 = strides[4],
        Step5 = strides[5],
        Step6 = strides[6],
        Step7 = strides[7],
    };

    // Sizes of 1 behind the last axis leave coordinates of 0 there.
    private static WalkAxes AxesOf(int rank, Span<int> sizes)
    {
        sizes[rank..].Fill(1);
        return new()
        {
            Rank = rank,
            Size0 = sizes[0],
            Size1 = sizes[1],
            Size2 = sizes[2],
            Size3 = sizes[3],
            Size4 = sizes[4],
            Size5 = sizes[5],
            Size6 = sizes[6],
        };
    }
}
