using System.Runtime.CompilerServices;

namespace TinyNet.Core;

// Samples do not depend on each other: a thread takes some of them through all steps, and never waits for the others.
public sealed unsafe partial class CpuDevice
{
    /// <summary>The fewest samples for which it pays that a thread reads the whole weight in every step.</summary>
    private const int SamplesPerThread = 8;

    /// <summary>A larger weight does not stay in the second-level cache of every core: each step is shared out instead.</summary>
    private const int LargestWeightPerThread = 400 * 1024;

    /// <inheritdoc/>
    protected internal override void Recurrence<TStep>(in RecurrenceTask task)
    {
        var weight = Dense(task.Weight);
        var bias = task.Bias is null ? null : Dense(task.Bias);
        fixed (int* lengths = task.Lengths is null ? default : task.Lengths.Values)
        {
            var job = new RecurrenceJob<TStep>(new RecurrenceMemory<TStep>(task, lengths), Pointer(weight), bias is null ? null : Pointer(bias), Share(task));
            WorkSplitter.Run(job.Units, ref job, Threads);
        }

        GC.KeepAlive(weight);
        GC.KeepAlive(bias);
        KeepAlive(task);
    }

    /// <inheritdoc/>
    protected internal override void RecurrenceGradient<TStep>(in RecurrenceTask task, Tensor gradient, Tensor stateGradient, Tensor? memoryGradient)
    {
        var given = Dense(gradient);

        // Read in every step: transposed once, no product has to pack it.
        var weight = task.Weight;
        var transposed = Dense(weight.View(weight.Layout.Transpose(0, 1), "Recurrence"));
        Fill(stateGradient, 0);
        fixed (int* lengths = task.Lengths is null ? default : task.Lengths.Values)
        {
            var job = new RecurrenceGradientJob<TStep>(new RecurrenceMemory<TStep>(task, lengths), Pointer(transposed), Pointer(given), Pointer(stateGradient),
                memoryGradient is null ? null : Pointer(memoryGradient), Share(task));
            WorkSplitter.Run(job.Units, ref job, Threads);
        }

        GC.KeepAlive(given);
        GC.KeepAlive(transposed);
        GC.KeepAlive(stateGradient);
        GC.KeepAlive(memoryGradient);
        KeepAlive(task);
    }

    private RecurrenceShare Share(in RecurrenceTask task)
    {
        bool isShared = Threads > 1 && task.Weight.Length <= LargestWeightPerThread && task.Batch > SamplesPerThread
            && (double)task.Gates.Length * task.Size >= _productThreshold;
        int samples = Math.Max(SamplesPerThread, (task.Batch + Threads - 1) / Threads);
        return isShared ? new(samples, 1, LaneBits, _productThreshold) : new(Math.Max(1, task.Batch), Threads, LaneBits, _productThreshold);
    }

    private static void KeepAlive(in RecurrenceTask task)
    {
        GC.KeepAlive(task.Gates);
        GC.KeepAlive(task.Hidden);
        GC.KeepAlive(task.States);
        GC.KeepAlive(task.Memories);
        GC.KeepAlive(task.Lengths);
    }

    /// <summary>How many samples a unit of work takes through all steps, and how many threads share its products.</summary>
    private readonly record struct RecurrenceShare(int Samples, int Threads, int LaneBits, long ProductThreshold)
    {
        /// <summary>c = a · b + bias, or c += a · b, of dense matrices.</summary>
        public void Multiply(float* a, float* b, float* bias, float* c, int rows, int depth, int columns, bool accumulate)
        {
            var task = new MatrixProductTask
            {
                A = new MatrixOperand(a, depth, 1),
                B = new MatrixOperand(b, columns, 1),
                C = c,
                CRowStride = columns,
                M = rows,
                N = columns,
                K = depth,
                Bias = bias,
                Accumulate = accumulate,
            };
            Core.MatrixProduct.Run(task, LaneBits, Threads, ProductThreshold);
        }
    }

    /// <summary>Where the numbers of a sequence lie.</summary>
    private readonly struct RecurrenceMemory<TStep>(in RecurrenceTask task, int* lengths) where TStep : struct, IRecurrentStep
    {
        public readonly RecurrenceTask Task = task;
        public readonly int Steps = task.Steps, Batch = task.Batch, Size = task.Size, Width = TStep.Gates * task.Size;
        private readonly float* _gates = Pointer(task.Gates), _hidden = Pointer(task.Hidden), _states = Pointer(task.States);
        private readonly float* _memories = task.Memories is null ? null : Pointer(task.Memories);

        /// <summary>Whether rows lie one behind the other in every operand, so that many are as one long row.</summary>
        public bool IsOneRow => TStep.Gates == 1 && lengths == null;

        public bool IsPadding(int step, int sample) => lengths != null && step >= lengths[sample];

        public RecurrentRow Row(int step, int before, int after, int sample) => new()
        {
            Gates = _gates + ((nint)step * Batch + sample) * Width,
            Hidden = _hidden + ((TStep.KeepsHidden ? (nint)step * Batch : 0) + sample) * Width,
            StateBefore = _states + ((nint)before * Batch + sample) * Size,
            StateAfter = _states + ((nint)after * Batch + sample) * Size,
            MemoryBefore = _memories + ((nint)before * Batch + sample) * Size,
            MemoryAfter = _memories + ((nint)after * Batch + sample) * Size,
            Size = Size,
        };
    }

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

    private struct RecurrenceJob<TStep>(RecurrenceMemory<TStep> memory, float* weight, float* bias, RecurrenceShare share) : IJob
        where TStep : struct, IRecurrentStep
    {
        public readonly int Units => (memory.Batch + share.Samples - 1) / share.Samples;

        public readonly void Run(int unit)
        {
            int first = unit * share.Samples, samples = Math.Min(share.Samples, memory.Batch - first);
            for (int place = 0; place < memory.Steps; place++)
            {
                var (step, before, after) = memory.Task.At(place);
                var row = memory.Row(step, before, after, first);
                share.Multiply(row.StateBefore, weight, bias, row.Hidden, samples, memory.Size, memory.Width, accumulate: false);
                if (memory.IsOneRow)
                {
                    Run(&row, samples * memory.Size);
                    continue;
                }

                for (int sample = first; sample < first + samples; sample++)
                {
                    if (!memory.IsPadding(step, sample))
                    {
                        Run(&row, memory.Size);
                    }
                    else
                    {
                        Copy(row.StateBefore, row.StateAfter, memory.Size);
                        Copy(row.MemoryBefore, row.MemoryAfter, TStep.HasMemory ? memory.Size : 0);
                    }

                    row.NextSample(memory.Width);
                }
            }
        }

        private static void Copy(float* from, float* to, int count) => new ReadOnlySpan<float>(from, count).CopyTo(new Span<float>(to, count));

        // What fills no wide register goes on in narrower ones: their bits are the same.
        private readonly void Run(RecurrentRow* row, int count)
        {
            int at = 0;
            if (share.LaneBits >= 512)
            {
                at = Run<Lane512>(row, at, count);
            }

            if (share.LaneBits >= 256)
            {
                at = Run<Lane256>(row, at, count);
            }

            if (share.LaneBits >= 128)
            {
                at = Run<Lane128>(row, at, count);
            }

            Run<ScalarLane>(row, at, count);
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private static int Run<TLane>(RecurrentRow* row, int at, int count) where TLane : struct, IVectorLane<TLane>
        {
            for (; at <= count - TLane.Count; at += TLane.Count)
            {
                default(TStep).Forward<TLane, LaneUnit<TLane>>(new LaneUnit<TLane>(row, at));
            }

            return at;
        }
    }

    private struct RecurrenceGradientJob<TStep>(RecurrenceMemory<TStep> memory, float* transposedWeight, float* given, float* stateGradient, float* memoryGradient, RecurrenceShare share) : IJob
        where TStep : struct, IRecurrentStep
    {
        public readonly int Units => (memory.Batch + share.Samples - 1) / share.Samples;

        public readonly void Run(int unit)
        {
            int first = unit * share.Samples, samples = Math.Min(share.Samples, memory.Batch - first);
            float* states = stateGradient + (nint)first * memory.Size;
            for (int place = memory.Steps - 1; place >= 0; place--)
            {
                var (step, before, after) = memory.Task.At(place);
                var row = memory.Row(step, before, after, first);
                row.Given = given + ((nint)after * memory.Batch + first) * memory.Size;
                row.StateGradient = states;
                row.MemoryGradient = memoryGradient + (nint)first * memory.Size;
                float* gradients = TStep.KeepsHidden ? row.Hidden : row.Gates;
                RunStep(&row, step, first, samples);
                share.Multiply(gradients, transposedWeight, null, states, samples, memory.Width, memory.Size, accumulate: true);
            }

            Add(given + ((nint)memory.Task.First * memory.Batch + first) * memory.Size, states, samples * memory.Size);
        }

        private readonly void RunStep(RecurrentRow* row, int step, int first, int samples)
        {
            if (memory.IsOneRow)
            {
                Run(row, samples * memory.Size);
                return;
            }

            for (int sample = first; sample < first + samples; sample++)
            {
                if (!memory.IsPadding(step, sample))
                {
                    Run(row, memory.Size);
                }
                else
                {
                    Add(row->Given, row->StateGradient, memory.Size);
                    new Span<float>(row->Gates, memory.Width).Clear();
                    new Span<float>(row->Hidden, TStep.KeepsHidden ? memory.Width : 0).Clear();
                }

                row->NextSample(memory.Width);
            }
        }

        private static void Add(float* from, float* to, int count) =>
            System.Numerics.Tensors.TensorPrimitives.Add(new ReadOnlySpan<float>(from, count), new ReadOnlySpan<float>(to, count), new Span<float>(to, count));

        private readonly void Run(RecurrentRow* row, int count)
        {
            int at = 0;
            if (share.LaneBits >= 512)
            {
                at = Run<Lane512>(row, at, count);
            }

            if (share.LaneBits >= 256)
            {
                at = Run<Lane256>(row, at, count);
            }

            if (share.LaneBits >= 128)
            {
                at = Run<Lane128>(row, at, count);
            }

            Run<ScalarLane>(row, at, count);
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private static int Run<TLane>(RecurrentRow* row, int at, int count) where TLane : struct, IVectorLane<TLane>
        {
            for (; at <= count - TLane.Count; at += TLane.Count)
            {
                default(TStep).Backward<TLane, LaneUnitGradient<TLane>>(new LaneUnitGradient<TLane>(row, at));
            }

            return at;
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
