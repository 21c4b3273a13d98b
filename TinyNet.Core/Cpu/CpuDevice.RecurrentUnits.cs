using System.Runtime.CompilerServices;

namespace TinyNet.Core;

public sealed unsafe partial class CpuDevice
{
    /// <summary>The numbers of one sample in one step.</summary>
    private struct RecurrentRow
    {
        public float* Gates, Hidden, StateBefore, StateAfter, MemoryBefore, MemoryAfter;
        public float* Given, StateGradient, MemoryGradient;
        public int Size;

        public void NextSample(int width)
        {
            Gates += width;
            Hidden += width;
            StateBefore += Size;
            StateAfter += Size;
            MemoryBefore += Size;
            MemoryAfter += Size;
            Given += Size;
            StateGradient += Size;
            MemoryGradient += Size;
        }
    }

    /// <summary>A loop over the hidden units of a row.</summary>
    private interface IRowLoop
    {
        static abstract void Run<TLane>(RecurrentRow* row, int at, int end) where TLane : struct, IVectorLane<TLane>;
    }

    /// <summary>What fills no wide register goes on in narrower ones: their bits are the same.</summary>
    private static void RunRow<TLoop>(RecurrentRow* row, int count, int laneBits) where TLoop : struct, IRowLoop
    {
        int at = 0;
        if (laneBits >= 512)
        {
            at = Run<TLoop, Lane512>(row, at, count);
        }

        if (laneBits >= 256)
        {
            at = Run<TLoop, Lane256>(row, at, count);
        }

        if (laneBits >= 128)
        {
            at = Run<TLoop, Lane128>(row, at, count);
        }

        Run<TLoop, ScalarLane>(row, at, count);
    }

    private static int Run<TLoop, TLane>(RecurrentRow* row, int at, int count) where TLoop : struct, IRowLoop where TLane : struct, IVectorLane<TLane>
    {
        int end = at + (count - at) / TLane.Count * TLane.Count;
        if (at < end)
        {
            TLoop.Run<TLane>(row, at, end);
        }

        return end;
    }

    private readonly struct ForwardLoop<TStep> : IRowLoop where TStep : struct, IRecurrentStep
    {
        public static void Run<TLane>(RecurrentRow* row, int at, int end) where TLane : struct, IVectorLane<TLane>
        {
            for (int gate = 0; gate < TStep.ActivatedGates; gate++)
            {
                Activate<TLane>(row, gate, at, end);
            }

            Finish<TLane>(row, at, end);
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
        private static void Activate<TLane>(RecurrentRow* row, int gate, int at, int end) where TLane : struct, IVectorLane<TLane>
        {
            for (; at < end; at += TLane.Count)
            {
                var unit = new LaneUnit<TLane>(row, at);
                unit[gate] = default(TStep).Activate(gate, TStep.KeepsHidden ? unit[gate] + unit.Hidden(gate) : unit[gate]);
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
        private static void Finish<TLane>(RecurrentRow* row, int at, int end) where TLane : struct, IVectorLane<TLane>
        {
            for (; at < end; at += TLane.Count)
            {
                default(TStep).Forward<TLane, LaneUnit<TLane>>(new LaneUnit<TLane>(row, at));
            }
        }
    }

    private readonly struct BackwardLoop<TStep> : IRowLoop where TStep : struct, IRecurrentStep
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
        public static void Run<TLane>(RecurrentRow* row, int at, int end) where TLane : struct, IVectorLane<TLane>
        {
            for (; at < end; at += TLane.Count)
            {
                default(TStep).Backward<TLane, LaneUnitGradient<TLane>>(new LaneUnitGradient<TLane>(row, at));
            }
        }
    }

    private readonly struct LaneUnit<TLane>(RecurrentRow* row, int at) : IRecurrentUnit<TLane> where TLane : struct, IVectorLane<TLane>
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

    private readonly struct LaneUnitGradient<TLane>(RecurrentRow* row, int at) : IRecurrentUnitGradient<TLane> where TLane : struct, IVectorLane<TLane>
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
}
