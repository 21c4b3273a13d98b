using System.Runtime.CompilerServices;

namespace TinyNet.Core;

/// <summary>A lane of hidden units in a step forward.</summary>
internal readonly unsafe struct LaneUnit<TLane>(RecurrentRow* row, int at) : IRecurrentUnit<TLane> where TLane : struct, IVectorLane<TLane>
{
    public TLane this[int gate]
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => TLane.Load(row->Gates + gate * row->Size + at);
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        set => TLane.Store(row->Gates + gate * row->Size + at, value);
    }

    public TLane State
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => TLane.Load(row->StateBefore + at);
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        set => TLane.Store(row->StateAfter + at, value);
    }

    public TLane Memory
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => TLane.Load(row->MemoryBefore + at);
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        set => TLane.Store(row->MemoryAfter + at, value);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TLane Hidden(int gate) => TLane.Load(row->Hidden + gate * row->Size + at);
}

/// <summary>A lane of hidden units in a step back.</summary>
internal readonly unsafe struct LaneUnitGradient<TLane>(RecurrentRow* row, int at) : IRecurrentUnitGradient<TLane>
    where TLane : struct, IVectorLane<TLane>
{
    public TLane this[int gate]
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => TLane.Load(row->Gates + gate * row->Size + at);
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        set => TLane.Store(row->Gates + gate * row->Size + at, value);
    }

    public TLane StateBefore
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => TLane.Load(row->StateBefore + at);
    }

    public TLane StateAfter
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => TLane.Load(row->StateAfter + at);
    }

    public TLane MemoryBefore
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => TLane.Load(row->MemoryBefore + at);
    }

    public TLane MemoryAfter
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => TLane.Load(row->MemoryAfter + at);
    }

    public TLane StateGradient
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => TLane.Load(row->StateGradient + at) + TLane.Load(row->Given + at);
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        set => TLane.Store(row->StateGradient + at, value);
    }

    public TLane MemoryGradient
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => TLane.Load(row->MemoryGradient + at);
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        set => TLane.Store(row->MemoryGradient + at, value);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TLane Hidden(int gate) => TLane.Load(row->Hidden + gate * row->Size + at);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void SetHiddenGradient(int gate, TLane value) => TLane.Store(row->Hidden + gate * row->Size + at, value);
}
