using System.Runtime.CompilerServices;

namespace TinyNet.Core;

/// <summary>A step forward of the hidden units of a row.</summary>
internal readonly unsafe struct ForwardLoop<TStep>(RecurrentRow* row) : ILaneLoop where TStep : struct, IRecurrentStep
{
    public void Run<TLane>(int start, int end) where TLane : struct, IFloatLane<TLane>
    {
        for (int gate = 0; gate < TStep.ActivatedGates; gate++)
        {
            Activate<TLane>(row, gate, start, end);
        }

        Finish<TLane>(row, start, end);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Activate<TLane>(RecurrentRow* row, int gate, int at, int end) where TLane : struct, IVectorLane<TLane>
    {
        for (; at < end; at += TLane.Count)
        {
            var unit = new LaneUnit<TLane>(row, at);
            unit[gate] = TStep.Activate(gate, TStep.KeepsStateSum ? unit[gate] + unit.StateSum(gate) : unit[gate]);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Finish<TLane>(RecurrentRow* row, int at, int end) where TLane : struct, IVectorLane<TLane>
    {
        for (; at < end; at += TLane.Count)
        {
            TStep.Forward<TLane, LaneUnit<TLane>>(new LaneUnit<TLane>(row, at));
        }
    }
}

/// <summary>A step back of the hidden units of a row.</summary>
internal readonly unsafe struct BackwardLoop<TStep>(RecurrentRow* row) : ILaneLoop where TStep : struct, IRecurrentStep
{
    public void Run<TLane>(int start, int end) where TLane : struct, IFloatLane<TLane> => Walk<TLane>(row, start, end);

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Walk<TLane>(RecurrentRow* row, int at, int end) where TLane : struct, IVectorLane<TLane>
    {
        for (; at < end; at += TLane.Count)
        {
            TStep.Backward<TLane, LaneUnit<TLane>>(new LaneUnit<TLane>(row, at));
        }
    }
}

/// <summary>A lane of hidden units, in a step forward and in one back.</summary>
internal readonly unsafe struct LaneUnit<TLane>(RecurrentRow* row, int at) : IRecurrentUnit<TLane>, IRecurrentUnitGradient<TLane>
    where TLane : struct, IVectorLane<TLane>
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
        get => StateBefore;
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        set => TLane.Store(row->StateAfter + at, value);
    }

    public TLane Cell
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => CellBefore;
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        set => TLane.Store(row->CellAfter + at, value);
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
