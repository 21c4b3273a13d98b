namespace TinyNet.Core;

public sealed partial class ReferenceDevice
{
    /// <inheritdoc/>
    protected internal override void Recurrence<TStep>(in RecurrenceTask task)
    {
        Shape shape = [task.Steps, task.Batch, task.Width];
        Tensor gates = task.Gates ?? Tensor.Result("Recurrence", shape, this);
        var kept = TStep.KeepsHidden ? task.Hidden ?? Tensor.Result("Recurrence", shape, this) : null;
        MatrixProduct(RecurrenceTask.Rows(task.Input), task.InputWeight, task.InputBias, accumulate: false, RecurrenceTask.Rows(gates));
        var sequence = new Sequence(task, gates, kept);
        var hidden = TStep.KeepsHidden ? sequence.Hidden : sequence.Gates;
        for (int place = 0; place < task.Steps; place++)
        {
            var (step, before, after) = task.At(place);
            for (int sample = 0; sample < task.Batch; sample++)
            {
                int line = step * task.Batch + sample;
                for (int k = 0; k < hidden.Length; k++)
                {
                    hidden[line, k] = sequence.Product(before, sample, k) + (TStep.KeepsHidden ? 0 : hidden[line, k]);
                }

                for (int unit = 0; unit < task.Size; unit++)
                {
                    if (sequence.IsPadding(step, sample))
                    {
                        sequence.Carry(before, after, sample, unit);
                    }
                    else
                    {
                        Forward<TStep>(new Unit(sequence, step, before, after, sample, unit));
                    }
                }
            }
        }
    }

    /// <inheritdoc/>
    protected internal override void RecurrenceGradient<TStep>(in RecurrenceTask task, Tensor gradient, Tensor stateGradient, Tensor? memoryGradient)
    {
        var sequence = new Sequence(task, task.Gates!, task.Hidden);
        ReferenceLines gates = sequence.Gates, hidden = TStep.KeepsHidden ? sequence.Hidden : gates, weight = new(task.Weight, 1);
        ReferenceLines given = new(gradient, 2), states = new(stateGradient, 1), memories = memoryGradient is null ? default : new(memoryGradient, 1);
        Fill(stateGradient, 0);
        for (int place = task.Steps - 1; place >= 0; place--)
        {
            var (step, before, after) = task.At(place);
            for (int sample = 0; sample < task.Batch; sample++)
            {
                int line = step * task.Batch + sample;
                for (int unit = 0; unit < task.Size; unit++)
                {
                    states[sample, unit] += given[after * task.Batch + sample, unit];
                    if (!sequence.IsPadding(step, sample))
                    {
                        default(TStep).Backward<DoubleLane, UnitGradient>(new UnitGradient(sequence, states, memories, step, before, after, sample, unit));
                    }
                }

                for (int k = 0; k < gates.Length; k++)
                {
                    if (sequence.IsPadding(step, sample))
                    {
                        gates[line, k] = hidden[line, k] = 0;
                    }

                    for (int unit = 0; unit < task.Size; unit++)
                    {
                        states[sample, unit] += hidden[line, k] * weight[unit, k];
                    }
                }
            }
        }

        for (int sample = 0; sample < task.Batch; sample++)
        {
            for (int unit = 0; unit < task.Size; unit++)
            {
                states[sample, unit] += given[task.First * task.Batch + sample, unit];
            }
        }
    }

    private static void Forward<TStep>(Unit unit) where TStep : struct, IRecurrentStep
    {
        TStep step = default;
        for (int gate = 0; gate < TStep.ActivatedGates; gate++)
        {
            unit[gate] = step.Activate(gate, TStep.KeepsHidden ? unit[gate] + unit.Hidden(gate) : unit[gate]);
        }

        step.Forward<DoubleLane, Unit>(unit);
    }

    /// <summary>The numbers of a sequence by their places.</summary>
    private sealed class Sequence(RecurrenceTask task, Tensor gates, Tensor? hidden)
    {
        private readonly ReferenceLines _weight = new(task.Weight, 0);

        public ReferenceLines Gates { get; } = new(gates, 2);

        public ReferenceLines Hidden { get; } = hidden is null ? default : new(hidden, 2);

        public ReferenceLines States { get; } = new(task.States, 2);

        public ReferenceLines Memories { get; } = task.Memories is null ? default : new(task.Memories, 2);

        public int Batch => task.Batch;

        public int Size => task.Size;

        public bool IsPadding(int step, int sample) => task.Lengths is { } lengths && step >= lengths.Values[sample];

        /// <summary>Element k of h·W_hh + b_hh.</summary>
        public double Product(int at, int sample, int k)
        {
            double sum = task.Bias is null ? 0 : new ReferenceElements(task.Bias)[k];
            for (int unit = 0; unit < task.Size; unit++)
            {
                sum += States[at * Batch + sample, unit] * _weight[k, unit];
            }

            return sum;
        }

        /// <summary>Leaves state and memory as they are.</summary>
        public void Carry(int before, int after, int sample, int unit)
        {
            States[after * Batch + sample, unit] = States[before * Batch + sample, unit];
            if (task.Memories is not null)
            {
                Memories[after * Batch + sample, unit] = Memories[before * Batch + sample, unit];
            }
        }
    }

    private readonly struct Unit(Sequence sequence, int step, int before, int after, int sample, int unit) : IRecurrentUnit<DoubleLane>
    {
        public DoubleLane this[int gate]
        {
            get => new(sequence.Gates[step * sequence.Batch + sample, gate * sequence.Size + unit]);
            set => sequence.Gates[step * sequence.Batch + sample, gate * sequence.Size + unit] = value.Value;
        }

        public DoubleLane State
        {
            get => new(sequence.States[before * sequence.Batch + sample, unit]);
            set => sequence.States[after * sequence.Batch + sample, unit] = value.Value;
        }

        public DoubleLane Memory
        {
            get => new(sequence.Memories[before * sequence.Batch + sample, unit]);
            set => sequence.Memories[after * sequence.Batch + sample, unit] = value.Value;
        }

        public DoubleLane Hidden(int gate) => new(sequence.Hidden[step * sequence.Batch + sample, gate * sequence.Size + unit]);
    }

    private readonly struct UnitGradient(Sequence sequence, ReferenceLines states, ReferenceLines memories, int step, int before, int after, int sample, int unit)
        : IRecurrentUnitGradient<DoubleLane>
    {
        public DoubleLane this[int gate]
        {
            get => new(sequence.Gates[step * sequence.Batch + sample, gate * sequence.Size + unit]);
            set => sequence.Gates[step * sequence.Batch + sample, gate * sequence.Size + unit] = value.Value;
        }

        public DoubleLane StateBefore => new(sequence.States[before * sequence.Batch + sample, unit]);

        public DoubleLane StateAfter => new(sequence.States[after * sequence.Batch + sample, unit]);

        public DoubleLane MemoryBefore => new(sequence.Memories[before * sequence.Batch + sample, unit]);

        public DoubleLane MemoryAfter => new(sequence.Memories[after * sequence.Batch + sample, unit]);

        public DoubleLane StateGradient
        {
            get => new(states[sample, unit]);
            set => states[sample, unit] = value.Value;
        }

        public DoubleLane MemoryGradient
        {
            get => new(memories[sample, unit]);
            set => memories[sample, unit] = value.Value;
        }

        public DoubleLane Hidden(int gate) => new(sequence.Hidden[step * sequence.Batch + sample, gate * sequence.Size + unit]);

        public void SetHiddenGradient(int gate, DoubleLane value) => sequence.Hidden[step * sequence.Batch + sample, gate * sequence.Size + unit] = value.Value;
    }
}
