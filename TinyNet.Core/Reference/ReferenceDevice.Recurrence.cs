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
                TStep.Backward<DoubleLane, Unit>(new Unit(step, sample, unit));
            }
        }
    }

    /// <summary>The numbers of a step: a line for each sample.</summary>
    private sealed class StepLines(in RecurrentStepTask task)
    {
        public int Batch { get; } = task.StateAfter.Shape[0];

        public int Size { get; } = task.StateAfter.Shape[1];

        public ReferenceLines Gates { get; } = new(task.Gates, 1);

        public ReferenceLines StateSum { get; } = Lines(task.StateSum);

        public ReferenceLines StateBefore { get; } = new(task.StateBefore, 1);

        public ReferenceLines StateAfter { get; } = new(task.StateAfter, 1);

        public ReferenceLines CellBefore { get; } = Lines(task.CellBefore);

        public ReferenceLines CellAfter { get; } = Lines(task.CellAfter);

        public ReferenceLines ResultGradient { get; } = Lines(task.ResultGradient);

        public ReferenceLines StateGradient { get; } = Lines(task.StateGradient);

        public ReferenceLines CellGradient { get; } = Lines(task.CellGradient);

        private static ReferenceLines Lines(Tensor? tensor) => tensor is null ? default : new(tensor, 1);
    }

    private readonly struct Unit(StepLines step, int sample, int unit) : IRecurrentUnit<DoubleLane>, IRecurrentUnitGradient<DoubleLane>
    {
        public DoubleLane this[int gate]
        {
            get => new(step.Gates[sample, gate * step.Size + unit]);
            set => step.Gates[sample, gate * step.Size + unit] = value.Value;
        }

        public DoubleLane State
        {
            get => StateBefore;
            set => step.StateAfter[sample, unit] = value.Value;
        }

        public DoubleLane Cell
        {
            get => CellBefore;
            set => step.CellAfter[sample, unit] = value.Value;
        }

        public DoubleLane StateBefore => new(step.StateBefore[sample, unit]);

        public DoubleLane StateAfter => new(step.StateAfter[sample, unit]);

        public DoubleLane CellBefore => new(step.CellBefore[sample, unit]);

        public DoubleLane CellAfter => new(step.CellAfter[sample, unit]);

        public DoubleLane StateGradient
        {
            get => new(step.StateGradient[sample, unit] + step.ResultGradient[sample, unit]);
            set => step.StateGradient[sample, unit] = value.Value;
        }

        public DoubleLane CellGradient
        {
            get => new(step.CellGradient[sample, unit]);
            set => step.CellGradient[sample, unit] = value.Value;
        }

        public DoubleLane StateSum(int gate) => new(step.StateSum[sample, gate * step.Size + unit]);

        public void SetStateSumGradient(int gate, DoubleLane value) => step.StateSum[sample, gate * step.Size + unit] = value.Value;
    }
}
