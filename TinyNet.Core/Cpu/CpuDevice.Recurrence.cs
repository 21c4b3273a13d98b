using System.Numerics.Tensors;

namespace TinyNet.Core;

// Samples do not depend on each other: a thread takes some of them through all steps, and never waits for the others.
public sealed unsafe partial class CpuDevice
{
    /// <summary>The fewest samples for which it pays that a thread reads the whole weight in every step.</summary>
    private const int SamplesPerThread = 8;

    /// <summary>A larger weight does not stay in the second-level cache of every core: each step is shared out instead.</summary>
    private const int LargestWeightPerThread = 400 * 1024;

    /// <summary>The columns of a register tile of the widest registers.</summary>
    private const int PanelColumns = 32;

    /// <inheritdoc/>
    protected internal override void Recurrence<TStep>(in RecurrenceTask task)
    {
        var share = Share(task);
        bool isStepwise = task.Gates is null && IsStepwise(task, share);
        Shape shape = [isStepwise ? 1 : task.Steps, task.Batch, task.Width];
        Tensor gates = task.Gates ?? Tensor.Result("Recurrence", shape, this), weight = Panels(task.Weight, task.Weight), input = Dense(task.Input);
        var hidden = TStep.KeepsHidden ? task.Hidden ?? Tensor.Result("Recurrence", shape, this) : null;
        Tensor? bias = task.Bias is null ? null : Dense(task.Bias), inputBias = task.InputBias is null ? null : Dense(task.InputBias);
        var inputWeight = isStepwise ? Panels(task.InputWeight, task.InputWeight) : null;
        if (!isStepwise)
        {
            MatrixProduct(RecurrenceTask.Rows(input), task.InputWeight, inputBias, accumulate: false, RecurrenceTask.Rows(gates));
        }

        fixed (int* lengths = task.Lengths is null ? default : task.Lengths.Values)
        {
            var memory = new RecurrenceMemory<TStep>(task, gates, hidden, lengths);
            var job = new RecurrenceJob<TStep>(memory, Pointer(input), task.Input.Shape.Sizes[2], PointerOrNull(inputWeight), PointerOrNull(inputBias), Pointer(weight), PointerOrNull(bias), share);
            WorkSplitter.Run(job.Units, ref job, Threads);
        }

        Release(weight);
        ReleaseUnless(task.Gates, gates);
        ReleaseUnless(task.Hidden, hidden);
        ReleaseUnless(null, inputWeight);
        GC.KeepAlive(input);
        GC.KeepAlive(inputBias);
        GC.KeepAlive(bias);
        KeepAlive(task);
    }

    /// <inheritdoc/>
    protected internal override void RecurrenceGradient<TStep>(in RecurrenceTask task, Tensor gradient, Tensor stateGradient, Tensor? memoryGradient)
    {
        var given = Dense(gradient);
        var transposed = Panels(task.Weight.View(task.Weight.Layout.Transpose(0, 1), "Recurrence"), kept: null);
        Fill(stateGradient, 0);
        fixed (int* lengths = task.Lengths is null ? default : task.Lengths.Values)
        {
            var job = new RecurrenceGradientJob<TStep>(new RecurrenceMemory<TStep>(task, task.Gates!, task.Hidden, lengths), Pointer(transposed), Pointer(given), Pointer(stateGradient),
                memoryGradient is null ? null : Pointer(memoryGradient), Share(task));
            WorkSplitter.Run(job.Units, ref job, Threads);
        }

        Release(transposed);
        GC.KeepAlive(given);
        GC.KeepAlive(stateGradient);
        GC.KeepAlive(memoryGradient);
        KeepAlive(task);
    }

    private RecurrenceShare Share(in RecurrenceTask task)
    {
        bool isShared = Threads > 1 && task.Weight.Length <= LargestWeightPerThread && task.Batch > SamplesPerThread
            && (double)task.Steps * task.Batch * task.Weight.Length >= _productThreshold;
        int samples = Math.Max(SamplesPerThread, (task.Batch + Threads - 1) / Threads);
        return isShared ? new(samples, 1, LaneBits, _productThreshold) : new(Math.Max(1, task.Batch), Threads, LaneBits, _productThreshold);
    }

    /// <summary>
    /// Whether each step begins with the product for its own inputs, so that gates, which nobody keeps, stay in the caches: where both weights do too,
    /// and the rows of a step make up for reading them.
    /// </summary>
    private static bool IsStepwise(in RecurrenceTask task, in RecurrenceShare share) =>
        share.Threads == 1 && share.Samples >= SamplesPerThread && task.Weight.Length + task.InputWeight.Length <= LargestWeightPerThread;

    private void ReleaseUnless(Tensor? owned, Tensor? used)
    {
        if (owned is null && used is not null)
        {
            Release(used);
        }
    }

    private static void KeepAlive(in RecurrenceTask task)
    {
        GC.KeepAlive(task.Gates);
        GC.KeepAlive(task.Hidden);
        GC.KeepAlive(task.States);
        GC.KeepAlive(task.Memories);
        GC.KeepAlive(task.Lengths);
    }

    /// <summary>
    /// A matrix [K, N] that is read in every step, as products read it fastest: [⌈N / 32⌉, K, 32], so that the columns of a panel
    /// stay in the first-level cache. The last panel is filled as far as there are columns.
    /// </summary>
    private Tensor Panels(Tensor matrix, Tensor? kept)
    {
        int depth = matrix.Shape.Sizes[0], columns = matrix.Shape.Sizes[1], whole = columns / PanelColumns, rest = columns % PanelColumns;
        Shape shape = [(columns + PanelColumns - 1) / PanelColumns, depth, PanelColumns];
        var room = _prepared.Get(kept, WeightForm.Panels, groups: 1, shape.Length, out bool isReady);
        if (isReady)
        {
            return room;
        }

        room.Layout.TryReshape(shape, out var panels);
        if (whole > 0)
        {
            matrix.Layout.Slice(1, 0, whole * PanelColumns, 1).TryReshape([depth, whole, PanelColumns], out var layout);
            Copy(matrix.View(layout.Transpose(0, 1), "Recurrence"), room.View(panels.Slice(0, 0, whole, 1), "Recurrence"));
        }

        if (rest > 0)
        {
            Copy(matrix.View(matrix.Layout.Slice(1, whole * PanelColumns, rest, 1), "Recurrence"), room.View(panels.Select(0, whole).Slice(1, 0, rest, 1), "Recurrence"));
        }

        _prepared.Keep(kept, WeightForm.Panels, groups: 1, room);
        return room;
    }

    /// <summary>How many samples a unit of work takes through all steps, and how many threads share its products.</summary>
    private readonly record struct RecurrenceShare(int Samples, int Threads, int LaneBits, long ProductThreshold)
    {
        /// <summary>c = a · b + bias, or c += a · b, of dense matrices a [rows, depth] and c [rows, columns] and panels b.</summary>
        public void Multiply(float* a, float* b, float* bias, float* c, int rows, int depth, int columns, bool accumulate)
        {
            int whole = columns / PanelColumns, rest = columns % PanelColumns;
            var task = new MatrixProductTask
            {
                A = new MatrixOperand(a, depth, 1),
                B = new MatrixOperand(b, PanelColumns, 1),
                C = c,
                CRowStride = columns,
                M = rows,
                N = PanelColumns,
                K = depth,
                Bias = bias,
                BiasStride = PanelColumns,
                Accumulate = accumulate,
                BatchRank = 1,
            };
            task.BatchSizes[0] = whole;
            task.BBatchStrides[0] = depth * PanelColumns;
            task.CBatchStrides[0] = PanelColumns;
            Core.MatrixProduct.Run(task, LaneBits, Threads, ProductThreshold);
            if (rest > 0)
            {
                task.BatchRank = 0;
                task.B.Pointer += (nint)whole * depth * PanelColumns;
                task.C += whole * PanelColumns;
                task.Bias = task.BiasOf(whole, 0);
                task.N = rest;
                Core.MatrixProduct.Run(task, LaneBits, Threads, ProductThreshold);
            }
        }
    }

    /// <summary>Where the numbers of a sequence lie.</summary>
    private readonly struct RecurrenceMemory<TStep>(in RecurrenceTask task, Tensor gates, Tensor? hidden, int* lengths) where TStep : struct, IRecurrentStep
    {
        public readonly RecurrenceTask Task = task;
        public readonly int Steps = task.Steps, Batch = task.Batch, Size = task.Size, Width = TStep.Gates * task.Size;
        private readonly float* _gates = Pointer(gates), _hidden = hidden is null ? null : Pointer(hidden), _states = Pointer(task.States);
        private readonly bool _isOneStep = gates.Shape.Sizes[0] == 1;
        private readonly float* _memories = task.Memories is null ? null : Pointer(task.Memories);

        /// <summary>Whether rows lie one behind the other in every operand, so that many are as one long row.</summary>
        public bool IsOneRow => TStep.Gates == 1 && lengths == null;

        public bool IsPadding(int step, int sample) => lengths != null && step >= lengths[sample];

        public RecurrentRow Row(int step, int before, int after, int sample) => new()
        {
            Gates = _gates + ((_isOneStep ? 0 : (nint)step * Batch) + sample) * Width,
            Hidden = _hidden + ((_isOneStep ? 0 : (nint)step * Batch) + sample) * Width,
            StateBefore = _states + ((nint)before * Batch + sample) * Size,
            StateAfter = _states + ((nint)after * Batch + sample) * Size,
            MemoryBefore = _memories + ((nint)before * Batch + sample) * Size,
            MemoryAfter = _memories + ((nint)after * Batch + sample) * Size,
            Size = Size,
        };
    }

    private struct RecurrenceJob<TStep>(RecurrenceMemory<TStep> memory, float* input, int inputs, float* inputWeight, float* inputBias, float* weight, float* bias, RecurrenceShare share) : IJob
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
                if (inputWeight != null)
                {
                    share.Multiply(input + ((nint)step * memory.Batch + first) * inputs, inputWeight, inputBias, row.Gates, samples, inputs, memory.Width, accumulate: false);
                }

                float* product = TStep.KeepsHidden ? row.Hidden : row.Gates;
                share.Multiply(row.StateBefore, weight, bias, product, samples, memory.Size, memory.Width, accumulate: !TStep.KeepsHidden);
                if (memory.IsOneRow)
                {
                    RunRow<ForwardLoop<TStep>>(&row, samples * memory.Size, share.LaneBits);
                    continue;
                }

                for (int sample = first; sample < first + samples; sample++)
                {
                    if (!memory.IsPadding(step, sample))
                    {
                        RunRow<ForwardLoop<TStep>>(&row, memory.Size, share.LaneBits);
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
                RunRow<BackwardLoop<TStep>>(row, samples * memory.Size, share.LaneBits);
                return;
            }

            for (int sample = first; sample < first + samples; sample++)
            {
                if (!memory.IsPadding(step, sample))
                {
                    RunRow<BackwardLoop<TStep>>(row, memory.Size, share.LaneBits);
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
            TensorPrimitives.Add(new ReadOnlySpan<float>(from, count), new ReadOnlySpan<float>(to, count), new Span<float>(to, count));
    }
}
