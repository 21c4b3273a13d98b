namespace TinyNet.Core;

/// <summary>
/// A stretch of a storage whose elements are known to be 0 or 1, for as long as its contents stay as they are: so that a mask is looked
/// through once, and not in every step and layer that it is given to. Default is no stretch.
/// </summary>
internal readonly struct KnownMask
{
    // The first place and the one after the last, in one word: threads that look at one mask read and write it whole.
    private readonly ulong _stretch;

    private KnownMask(ulong stretch) => _stretch = stretch;

    /// <summary>The stretch of a tensor of 0 and 1; none where the tensor leaves out elements in between.</summary>
    public static KnownMask Of(Tensor mask)
    {
        var (first, end, count) = Extent(mask.Layout);
        return count == end - first ? new KnownMask((ulong)first << 32 | (uint)end) : default;
    }

    /// <summary>What lies in a field that several threads may use.</summary>
    public static KnownMask Read(ref ulong field) => new(Volatile.Read(ref field));

    /// <summary>Leaves it in a field that several threads may use.</summary>
    public void Write(ref ulong field) => Volatile.Write(ref field, _stretch);

    /// <summary>Whether all elements of a tensor of the storage are known to be 0 or 1.</summary>
    public bool Holds(Tensor mask)
    {
        var (first, end, _) = Extent(mask.Layout);
        return first >= (int)(_stretch >> 32) && end <= (int)(uint)_stretch;
    }

    /// <summary>The stretch that the elements lie in, and how many places in it they take.</summary>
    private static (int First, int End, long Count) Extent(in Layout layout)
    {
        int first = layout.Offset, last = first;
        long count = 1;
        for (int axis = 0; axis < layout.Shape.Rank; axis++)
        {
            int size = layout.Shape.Sizes[axis], stride = layout.Strides[axis];
            if (stride != 0)
            {
                int way = (size - 1) * stride;
                (first, last) = (first + Math.Min(0, way), last + Math.Max(0, way));
                count *= size;
            }
        }

        return (first, last + 1, count);
    }
}
