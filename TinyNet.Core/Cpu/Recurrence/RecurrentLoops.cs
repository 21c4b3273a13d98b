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
            TStep.Backward<TLane, LaneUnitGradient<TLane>>(new LaneUnitGradient<TLane>(row, at));
        }
    }
}
