using ILGPU;
using TinyNet.Core;

namespace TinyNet.Ilgpu;

/// <summary>A matrix of a step, whose rows are dense.</summary>
internal struct StepMatrix
{
    public ArrayView<float> Memory;
    public int Offset, Step;

    /// <summary>The rows of a tensor, or those of another one where there is none: a kernel wants some in every place.</summary>
    public static StepMatrix Of(Tensor? tensor, Tensor other)
    {
        var from = tensor ?? other;
        return new() { Memory = from.Memory(), Offset = from.Layout.Offset, Step = from.Layout.Strides[0] };
    }

    /// <summary>Reads a number.</summary>
    public readonly GpuLane Get(int row, int column) => new(Memory[Offset + row * Step + column]);

    /// <summary>Writes a number.</summary>
    public readonly void Set(int row, int column, GpuLane value) => Memory[Offset + row * Step + column] = value.Value;
}

/// <summary>All numbers of a step of a recurrent layer.</summary>
internal struct StepRows
{
    public int Batch, Size;
    public StepMatrix Gates, StateSum, StateBefore, StateAfter, CellBefore, CellAfter, ResultGradient, StateGradient, CellGradient;

    /// <summary>[B, 1]: 1 where the step is padding of a sample, else 0; if there is padding.</summary>
    public StepMatrix IsPadding;
    public Flag HasPadding;

    /// <summary>The numbers of a task.</summary>
    public static StepRows Of(in RecurrentStepTask task, Tensor? isPadding) => new()
    {
        Batch = task.StateAfter.Shape[0],
        Size = task.StateAfter.Shape[1],
        Gates = StepMatrix.Of(task.Gates, task.Gates),
        StateSum = StepMatrix.Of(task.StateSum, task.Gates),
        StateBefore = StepMatrix.Of(task.StateBefore, task.Gates),
        StateAfter = StepMatrix.Of(task.StateAfter, task.Gates),
        CellBefore = StepMatrix.Of(task.CellBefore, task.Gates),
        CellAfter = StepMatrix.Of(task.CellAfter, task.Gates),
        ResultGradient = StepMatrix.Of(task.ResultGradient, task.Gates),
        StateGradient = StepMatrix.Of(task.StateGradient, task.Gates),
        CellGradient = StepMatrix.Of(task.CellGradient, task.Gates),
        IsPadding = StepMatrix.Of(isPadding, task.Gates),
        HasPadding = isPadding is not null,
    };

    /// <summary>Whether the step is padding of a sample.</summary>
    public readonly bool IsPaddingAt(int sample) => HasPadding && IsPadding.Get(sample, 0).Value != 0;
}

/// <summary>The numbers of one hidden unit of one sample.</summary>
internal readonly struct GpuUnit(StepRows step, int sample, int unit) : IRecurrentUnit<GpuLane>, IRecurrentUnitGradient<GpuLane>
{
    public GpuLane this[int gate]
    {
        get => step.Gates.Get(sample, gate * step.Size + unit);
        set => step.Gates.Set(sample, gate * step.Size + unit, value);
    }

    public GpuLane State
    {
        get => StateBefore;
        set => step.StateAfter.Set(sample, unit, value);
    }

    public GpuLane Cell
    {
        get => CellBefore;
        set => step.CellAfter.Set(sample, unit, value);
    }

    public GpuLane StateBefore => step.StateBefore.Get(sample, unit);

    public GpuLane StateAfter => step.StateAfter.Get(sample, unit);

    public GpuLane CellBefore => step.CellBefore.Get(sample, unit);

    public GpuLane CellAfter => step.CellAfter.Get(sample, unit);

    public GpuLane StateGradient
    {
        get => step.StateGradient.Get(sample, unit) + step.ResultGradient.Get(sample, unit);
        set => step.StateGradient.Set(sample, unit, value);
    }

    public GpuLane CellGradient
    {
        get => step.CellGradient.Get(sample, unit);
        set => step.CellGradient.Set(sample, unit, value);
    }

    public GpuLane StateSum(int gate) => step.StateSum.Get(sample, gate * step.Size + unit);

    public void SetStateSumGradient(int gate, GpuLane value) => step.StateSum.Set(sample, gate * step.Size + unit, value);
}

/// <summary>The step of each unit forward.</summary>
internal struct RecurrentUnitsJob<TStep> : IGpuJob where TStep : struct, IRecurrentStep
{
    public StepRows Step;

    public readonly void Run()
    {
        for (int i = Threads.Index; Threads.Has(i, Step.Batch * Step.Size); i += Threads.Count)
        {
            RecurrentStep.Forward<TStep, GpuLane, GpuUnit>(new GpuUnit(Step, i / Step.Size, i % Step.Size));
        }
    }
}

/// <summary>
/// The step of each unit back. In padding the gradients of state and cell stay as they are, and those of the gates are 0.
/// </summary>
internal struct RecurrentUnitsGradientJob<TStep> : IGpuJob where TStep : struct, IRecurrentStep
{
    public StepRows Step;

    public readonly void Run()
    {
        for (int i = Threads.Index; Threads.Has(i, Step.Batch * Step.Size); i += Threads.Count)
        {
            int sample = i / Step.Size, unit = i % Step.Size;
            if (Step.IsPaddingAt(sample))
            {
                Skip(sample, unit);
            }
            else
            {
                TStep.Backward<GpuLane, GpuUnit>(new GpuUnit(Step, sample, unit));
            }
        }
    }

    private readonly void Skip(int sample, int unit)
    {
        Step.StateGradient.Set(sample, unit, new GpuUnit(Step, sample, unit).StateGradient);
        for (int gate = 0; gate < TStep.Gates; gate++)
        {
            Step.Gates.Set(sample, gate * Step.Size + unit, GpuLane.Zero);
            if (TStep.KeepsStateSum)
            {
                Step.StateSum.Set(sample, gate * Step.Size + unit, GpuLane.Zero);
            }
        }
    }
}
