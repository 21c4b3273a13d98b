namespace TinyNet.Core;

/// <summary>Where the numbers of a sequence lie.</summary>
internal readonly unsafe struct RecurrenceRows<TStep>(in RecurrenceTask task, Tensor gates, Tensor? stateSums, int* lengths)
    where TStep : struct, IRecurrentStep
{
    public readonly RecurrenceTask Task = task;
    public readonly int Steps = task.Steps, Batch = task.Batch, Size = task.HiddenSize, Width = TStep.Gates * task.HiddenSize;
    private readonly float* _gates = gates.Pointer(), _stateSums = stateSums.PointerOrNull();
    private readonly float* _states = task.States.Pointer(), _cells = task.Cells.PointerOrNull();
    private readonly bool _isOneStep = gates.Shape.Sizes[0] == 1;

    /// <summary>Whether rows lie one behind the other in every operand, so that many are as one long row.</summary>
    public bool IsOneRow => TStep.Gates == 1 && lengths == null;

    /// <summary>Whether a step is behind the end of a sample.</summary>
    public bool IsPadding(int step, int sample) => lengths != null && step >= lengths[sample];

    /// <summary>The numbers of a sample in a step, and of its states before and after.</summary>
    public RecurrentRow Row(int step, int before, int after, int sample) => new()
    {
        Gates = _gates + ((_isOneStep ? 0 : (nint)step * Batch) + sample) * Width,
        StateSum = _stateSums + ((_isOneStep ? 0 : (nint)step * Batch) + sample) * Width,
        StateBefore = _states + ((nint)before * Batch + sample) * Size,
        StateAfter = _states + ((nint)after * Batch + sample) * Size,
        CellBefore = _cells + ((nint)before * Batch + sample) * Size,
        CellAfter = _cells + ((nint)after * Batch + sample) * Size,
        Size = Size,
    };
}

/// <summary>The numbers of one sample in one step.</summary>
internal unsafe struct RecurrentRow
{
    public float* Gates, StateSum, StateBefore, StateAfter, CellBefore, CellAfter;
    public float* ResultGradient, StateGradient, CellGradient;
    public int Size;

    /// <summary>Goes on to the next sample, whose gates are so many numbers further.</summary>
    public void NextSample(int width)
    {
        Gates += width;
        StateSum += width;
        StateBefore += Size;
        StateAfter += Size;
        CellBefore += Size;
        CellAfter += Size;
        ResultGradient += Size;
        StateGradient += Size;
        CellGradient += Size;
    }
}
