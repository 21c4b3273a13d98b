namespace TinyNet.Core;

/// <summary>A tap as the kernels read it, once for each row and column of a call: with both shares as floats.</summary>
internal readonly struct ResizeShares(in ResizeTap tap)
{
    public readonly int First = tap.First, Second = tap.Second;
    public readonly float OfFirst = tap.FirstShare, OfSecond = tap.SecondShare;

    /// <summary>How much of the result is the element at a position.</summary>
    public float At(int position) => (position == First ? OfFirst : 0) + (position == Second ? OfSecond : 0);
}
