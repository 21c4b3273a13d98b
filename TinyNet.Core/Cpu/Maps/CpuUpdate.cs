using System.Runtime.CompilerServices;

namespace TinyNet.Core;

/// <summary>Optimizer steps.</summary>
internal static unsafe class CpuUpdate
{
    /// <summary>Runs a step over a dense parameter and its states.</summary>
    public static void Run<TUpdate>(
        CpuSettings cpu, TUpdate update, Tensor parameter, Tensor gradient, Tensor? state0, Tensor? state1, Tensor? state2)
        where TUpdate : struct, IParameterUpdate
    {
        var dense = gradient.ToDense(cpu);
        using var alive = KeepAlive.Of(parameter, dense, state0, state1, state2);
        var job = new UpdateJob<TUpdate>(
            update,
            parameter.Pointer(),
            dense.Pointer(),
            state0.PointerOrNull(),
            state1.PointerOrNull(),
            state2.PointerOrNull(),
            parameter.Length);
        cpu.RunLanes(BlockCount.Of(parameter.Length, CpuMaps.BlockLength), job, cpu.ThreadsFor(parameter.Length));
    }
}

/// <summary>One optimizer step over dense memory. States that are not there read as 0 and are not written.</summary>
internal readonly unsafe struct UpdateJob<TUpdate>(
    TUpdate update, float* parameter, float* gradient, float* state0, float* state1, float* state2, int length) : ILaneJob
    where TUpdate : struct, IParameterUpdate
{
    public void Run<TLane>(int unit) where TLane : struct, IVectorLane<TLane>
    {
        int start = unit * CpuMaps.BlockLength, end = Math.Min(start + CpuMaps.BlockLength, length);
        start = Run<TLane>(start, end);
        Run<ScalarLane>(start, end);
    }

    /// <summary>Updates as many whole lanes as fit and returns where it stopped.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private int Run<TLane>(int start, int end) where TLane : struct, IVectorLane<TLane>
    {
        var step = update;
        int i = start;
        for (; i <= end - TLane.Count; i += TLane.Count)
        {
            TLane p = TLane.Load(parameter + i), s0 = TLane.Zero, s1 = TLane.Zero, s2 = TLane.Zero;
            if (state0 != null)
            {
                s0 = TLane.Load(state0 + i);
            }

            if (state1 != null)
            {
                s1 = TLane.Load(state1 + i);
            }

            if (state2 != null)
            {
                s2 = TLane.Load(state2 + i);
            }

            step.Apply(ref p, TLane.Load(gradient + i), ref s0, ref s1, ref s2);
            TLane.Store(parameter + i, p);
            if (state0 != null)
            {
                TLane.Store(state0 + i, s0);
            }

            if (state1 != null)
            {
                TLane.Store(state1 + i, s1);
            }

            if (state2 != null)
            {
                TLane.Store(state2 + i, s2);
            }
        }

        return i;
    }
}
