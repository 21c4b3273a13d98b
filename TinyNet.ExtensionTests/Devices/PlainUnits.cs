using TinyNet.Core;

namespace TinyNet.ExtensionTests;

/// <summary>The numbers of one step of a recurrent layer: a line for each sample.</summary>
internal sealed class StepNumbers(in RecurrentStepTask task)
{
    public int Size { get; } = task.StateAfter.Shape[1];

    public Lines Gates { get; } = new(task.Gates, 1);

    public Lines Hidden { get; } = Of(task.Hidden);

    public Lines StateBefore { get; } = new(task.StateBefore, 1);

    public Lines StateAfter { get; } = new(task.StateAfter, 1);

    public Lines MemoryBefore { get; } = Of(task.MemoryBefore);

    public Lines MemoryAfter { get; } = Of(task.MemoryAfter);

    public Lines ResultGradient { get; } = Of(task.ResultGradient);

    public Lines StateGradient { get; } = Of(task.StateGradient);

    public Lines MemoryGradient { get; } = Of(task.MemoryGradient);

    private static Lines Of(Tensor? tensor) => tensor is null ? default : new(tensor, 1);
}

/// <summary>One hidden unit of one sample, forward and back.</summary>
internal readonly struct Unit(StepNumbers step, int sample, int unit) : IRecurrentUnit<ScalarLane>, IRecurrentUnitGradient<ScalarLane>
{
    public ScalarLane this[int gate]
    {
        get => new(step.Gates[sample, gate * step.Size + unit]);
        set => step.Gates[sample, gate * step.Size + unit] = value.Value;
    }

    public ScalarLane State
    {
        get => StateBefore;
        set => step.StateAfter[sample, unit] = value.Value;
    }

    public ScalarLane Memory
    {
        get => MemoryBefore;
        set => step.MemoryAfter[sample, unit] = value.Value;
    }

    public ScalarLane StateBefore => new(step.StateBefore[sample, unit]);

    public ScalarLane StateAfter => new(step.StateAfter[sample, unit]);

    public ScalarLane MemoryBefore => new(step.MemoryBefore[sample, unit]);

    public ScalarLane MemoryAfter => new(step.MemoryAfter[sample, unit]);

    public ScalarLane StateGradient
    {
        get => new(step.StateGradient[sample, unit] + step.ResultGradient[sample, unit]);
        set => step.StateGradient[sample, unit] = value.Value;
    }

    public ScalarLane MemoryGradient
    {
        get => new(step.MemoryGradient[sample, unit]);
        set => step.MemoryGradient[sample, unit] = value.Value;
    }

    public ScalarLane Hidden(int gate) => new(step.Hidden[sample, gate * step.Size + unit]);

    public void SetHiddenGradient(int gate, ScalarLane value) => step.Hidden[sample, gate * step.Size + unit] = value.Value;
}
