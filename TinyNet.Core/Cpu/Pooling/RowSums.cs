using System.Runtime.CompilerServices;

namespace TinyNet.Core;

/// <summary>A row of a result that shares are added to.</summary>
internal unsafe interface IRowSums<TSelf> where TSelf : struct, IRowSums<TSelf>
{
    /// <summary>Begins a row with zeros, where its first channels come.</summary>
    static abstract TSelf Begin(float* row, int length, int channel);

    /// <summary>Adds a lane to the row.</summary>
    void Add<TLane>(float* at, TLane share) where TLane : struct, IVectorLane<TLane>;
}

/// <summary>Sums of a few shares, in float.</summary>
internal readonly unsafe struct ShortRowSums : IRowSums<ShortRowSums>
{
    public static ShortRowSums Begin(float* row, int length, int channel)
    {
        if (channel == 0)
        {
            new Span<float>(row, length).Clear();
        }

        return default;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add<TLane>(float* at, TLane share) where TLane : struct, IVectorLane<TLane> => TLane.Store(at, TLane.Load(at) + share);
}

/// <summary>
/// Sums of more shares than one float should take up: what roundings lose is kept beside them, and goes into what comes next.
/// </summary>
/// <param name="toLost">From an element to what it has lost.</param>
internal readonly unsafe struct LongRowSums(nint toLost) : IRowSums<LongRowSums>
{
    public static LongRowSums Begin(float* row, int length, int channel)
    {
        // The thread's memory still holds the other channels when the last ones come, which fill no whole lane.
        float* lost = ThreadScratch.Rent(length);
        if (channel == 0)
        {
            new Span<float>(row, length).Clear();
            new Span<float>(lost, length).Clear();
        }

        return new LongRowSums((nint)((byte*)lost - (byte*)row));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add<TLane>(float* at, TLane share) where TLane : struct, IVectorLane<TLane>
    {
        float* lostAt = (float*)((byte*)at + toLost);
        TLane total = TLane.Load(at), lost = TLane.Load(lostAt);
        FloatChain.Add(ref total, ref lost, share);
        TLane.Store(at, total);
        TLane.Store(lostAt, lost);
    }
}
