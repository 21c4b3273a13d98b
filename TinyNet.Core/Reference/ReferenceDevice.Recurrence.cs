namespace TinyNet.Core;

public sealed partial class ReferenceDevice
{
    /// <inheritdoc/>
    protected internal override void RecurrentUnits<TStep>(in RecurrentStepTask task)
    {
        var step = new StepLines(task);
        for (int sample = 0; sample < step.Batch; sample++)
        {
            for (int unit = 0; unit < step.Size; unit++)
            {
                RecurrentStep.Forward<TStep, DoubleLane, Unit>(new Unit(step, sample, unit));
            }
        }
    }

    /// <inheritdoc/>
    protected internal override void RecurrentUnitsGradient<TStep>(in RecurrentStepTask task)
    {
        var step = new StepLines(task);
        for (int sample = 0; sample < step.Batch; sample++)
        {
            for (int unit = 0; unit < step.Size; unit++)
            {
                default(TStep).Backward<DoubleLane, UnitGradient>(new UnitGradient(step, sample, unit));
            }
        }
    }

    /// <summary>The numbers of a step: a line for each sample.</summary>
    private sealed class StepLines(in RecurrentStepTask task)
    {
        public int Batch { get; } = task.StateAfter.Shape[0];

        public int Size { get; } = task.StateAfter.Shape[1];

        public ReferenceLines Gates { get; } = new(task.Gates, 1);

        public ReferenceLines Hidden { get; } = Lines(task.Hidden);

        public ReferenceLines StateBefore { get; } = new(task.StateBefore, 1);

        public ReferenceLines StateAfter { get; } = new(task.StateAfter, 1);

        public ReferenceLines MemoryBefore { get; } = Lines(task.MemoryBefore);

        public ReferenceLines MemoryAfter { get; } = Lines(task.MemoryAfter);

        public ReferenceLines ResultGradient { get; } = Lines(task.ResultGradient);

        public ReferenceLines StateGradient { get; } = Lines(task.StateGradient);

        public ReferenceLines MemoryGradient { get; } = Lines(task.MemoryGradient);

        private static ReferenceLines Lines(Tensor? tensor) => tensor is null ? default : new(tensor, 1);
    }

    private readonly struct Unit(StepLines step, int sample, int unit) : IRecurrentUnit<DoubleLane>
    {
        public DoubleLane this[int gate]
        {
            get => new(step.Gates[sample, gate * step.Size + unit]);
            set => step.Gates[sample, gate * step.Size + unit] = value.Value;
        }

        public DoubleLane State
        {
            get => new(step.StateBefore[sample, unit]);
            set => step.StateAfter[sample, unit] = value.Value;
        }

        public DoubleLane Memory
        {
            get => new(step.MemoryBefore[sample, unit]);
            set => step.MemoryAfter[sample, unit] = value.Value;
        }

        public DoubleLane Hidden(int gate) => new(step.Hidden[sample, gate * step.Size + unit]);
    }

    private readonly struct UnitGradient(StepLines step, int sample, int unit) : IRecurrentUnitGradient<DoubleLane>
    {
        public DoubleLane this[int gate]
        {
            get => new(step.Gates[sample, gate * step.Size + unit]);
            set => step.Gates[sample, gate * step.Size + unit] = value.Value;
        }

        public DoubleLane StateBefore => new(step.StateBefore[sample, unit]);

        public DoubleLane StateAfter => new(step.StateAfter[sample, unit]);

        public DoubleLane MemoryBefore => new(step.MemoryBefore[sample, unit]);

        public DoubleLane MemoryAfter => new(step.MemoryAfter[sample, unit]);

        public DoubleLane StateGradient
        {
            get => new(step.StateGradient[sample, unit] + step.ResultGradient[sample, unit]);
            set => step.StateGradient[sample, unit] = value.Value;
        }

        public DoubleLane MemoryGradient
        {
            get => new(step.MemoryGradient[sample, unit]);
            set => step.MemoryGradient[sample, unit] = value.Value;
        }

        public DoubleLane Hidden(int gate) => new(step.Hidden[sample, gate * step.Size + unit]);

        public void SetHiddenGradient(int gate, DoubleLane value) => step.Hidden[sample, gate * step.Size + unit] = value.Value;
    }
}
