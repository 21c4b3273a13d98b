namespace TinyNet.Core;

/// <summary>One step of a recurrent layer, a sample after the other.</summary>
internal static unsafe class CpuRecurrentUnits
{
    /// <summary>A step forward.</summary>
    public static void Run<TStep>(CpuSettings cpu, in RecurrentStepTask task) where TStep : struct, IRecurrentStep
    {
        using var before = KeepAlive.Of(task.Gates, task.StateSum, task.StateBefore, task.CellBefore);
        using var after = KeepAlive.Of(task.StateAfter, task.CellAfter);
        for (int sample = 0; sample < task.StateAfter.Shape.Sizes[0]; sample++)
        {
            var row = Row(task, sample);
            VectorWidth.RunAll(new ForwardLoop<TStep>(&row), row.Size, cpu.LaneBits);
        }
    }

    /// <summary>A step back.</summary>
    public static void RunGradient<TStep>(CpuSettings cpu, in RecurrentStepTask task) where TStep : struct, IRecurrentStep
    {
        using var before = KeepAlive.Of(task.Gates, task.StateSum, task.StateBefore, task.CellBefore);
        using var after = KeepAlive.Of(task.StateAfter, task.CellAfter);
        using var gradients = KeepAlive.Of(task.ResultGradient, task.StateGradient, task.CellGradient);
        for (int sample = 0; sample < task.StateAfter.Shape.Sizes[0]; sample++)
        {
            var row = Row(task, sample);
            VectorWidth.RunAll(new BackwardLoop<TStep>(&row), row.Size, cpu.LaneBits);
        }
    }

    private static RecurrentRow Row(in RecurrentStepTask task, int sample) => new()
    {
        Gates = At(task.Gates, sample),
        StateSum = At(task.StateSum, sample),
        StateBefore = At(task.StateBefore, sample),
        StateAfter = At(task.StateAfter, sample),
        CellBefore = At(task.CellBefore, sample),
        CellAfter = At(task.CellAfter, sample),
        ResultGradient = At(task.ResultGradient, sample),
        StateGradient = At(task.StateGradient, sample),
        CellGradient = At(task.CellGradient, sample),
        Size = task.StateAfter.Shape.Sizes[1],
    };

    private static float* At(Tensor? tensor, int row) => tensor is null ? null : tensor.Pointer() + (nint)row * tensor.Layout.Strides[0];
}
