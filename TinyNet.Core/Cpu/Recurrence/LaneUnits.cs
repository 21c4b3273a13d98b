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

    public TLane Cell
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => TLane.Load(row->CellBefore + at);
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        set => TLane.Store(row->CellAfter + at, value);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TLane StateSum(int gate) => TLane.Load(row->StateSum + gate * row->Size + at);
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

    public TLane CellBefore
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => TLane.Load(row->CellBefore + at);
    }

    public TLane CellAfter
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => TLane.Load(row->CellAfter + at);
    }

    public TLane StateGradient
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => TLane.Load(row->StateGradient + at) + TLane.Load(row->ResultGradient + at);
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        set => TLane.Store(row->StateGradient + at, value);
    }

    public TLane CellGradient
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => TLane.Load(row->CellGradient + at);
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        set => TLane.Store(row->CellGradient + at, value);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TLane StateSum(int gate) => TLane.Load(row->StateSum + gate * row->Size + at);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void SetStateSumGradient(int gate, TLane value) => TLane.Store(row->StateSum + gate * row->Size + at, value);
}
