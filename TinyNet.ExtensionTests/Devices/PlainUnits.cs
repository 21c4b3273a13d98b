using TinyNet.Core;

namespace TinyNet.ExtensionTests;

/// <summary>The numbers of one step of a recurrent layer: a line for each sample.</summary>
internal sealed class StepNumbers(in RecurrentStepTask task)
{
    public int Size { get; } = task.StateAfter.Shape[1];

    public Lines Gates { get; } = new(task.Gates, 1);

    public Lines StateSum { get; } = Of(task.StateSum);

    public Lines StateBefore { get; } = new(task.StateBefore, 1);

    public Lines StateAfter { get; } = new(task.StateAfter, 1);

    public Lines CellBefore { get; } = Of(task.CellBefore);

    public Lines CellAfter { get; } = Of(task.CellAfter);

    public Lines ResultGradient { get; } = Of(task.ResultGradient);

    public Lines StateGradient { get; } = Of(task.StateGradient);

    public Lines CellGradient { get; } = Of(task.CellGradient);

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

    public ScalarLane Cell
    {
        get => CellBefore;
        set => step.CellAfter[sample, unit] = value.Value;
    }

    public ScalarLane StateBefore => new(step.StateBefore[sample, unit]);

    public ScalarLane StateAfter => new(step.StateAfter[sample, unit]);

    public ScalarLane CellBefore => new(step.CellBefore[sample, unit]);

    public ScalarLane CellAfter => new(step.CellAfter[sample, unit]);

    public ScalarLane StateGradient
    {
        get => new(step.StateGradient[sample, unit] + step.ResultGradient[sample, unit]);
        set => step.StateGradient[sample, unit] = value.Value;
    }

    public ScalarLane CellGradient
    {
        get => new(step.CellGradient[sample, unit]);
        set => step.CellGradient[sample, unit] = value.Value;
    }

    public ScalarLane StateSum(int gate) => new(step.StateSum[sample, gate * step.Size + unit]);

    public void SetStateSumGradient(int gate, ScalarLane value) => step.StateSum[sample, gate * step.Size + unit] = value.Value;
}
