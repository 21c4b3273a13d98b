namespace TinyNet.Core;

public sealed unsafe partial class CpuDevice
{
    /// <inheritdoc/>
    protected internal override void RecurrentUnits<TStep>(in RecurrentStepTask task) => RunRows<ForwardLoop<TStep>>(task);

    /// <inheritdoc/>
    protected internal override void RecurrentUnitsGradient<TStep>(in RecurrentStepTask task) => RunRows<BackwardLoop<TStep>>(task);

    private void RunRows<TLoop>(in RecurrentStepTask task) where TLoop : struct, IRowLoop
    {
        for (int sample = 0; sample < task.StateAfter.Shape.Sizes[0]; sample++)
        {
            var row = new RecurrentRow
            {
                Gates = RowOf(task.Gates, sample),
                Hidden = RowOf(task.Hidden, sample),
                StateBefore = RowOf(task.StateBefore, sample),
                StateAfter = RowOf(task.StateAfter, sample),
                MemoryBefore = RowOf(task.MemoryBefore, sample),
                MemoryAfter = RowOf(task.MemoryAfter, sample),
                Given = RowOf(task.ResultGradient, sample),
                StateGradient = RowOf(task.StateGradient, sample),
                MemoryGradient = RowOf(task.MemoryGradient, sample),
                Size = task.StateAfter.Shape.Sizes[1],
            };
            RunRow<TLoop>(&row, row.Size, LaneBits);
        }

        GC.KeepAlive(task.Gates);
        GC.KeepAlive(task.Hidden);
        GC.KeepAlive(task.StateBefore);
        GC.KeepAlive(task.StateAfter);
        GC.KeepAlive(task.MemoryBefore);
        GC.KeepAlive(task.MemoryAfter);
        GC.KeepAlive(task.ResultGradient);
        GC.KeepAlive(task.StateGradient);
        GC.KeepAlive(task.MemoryGradient);
    }

    private static float* RowOf(Tensor? tensor, int row) => tensor is null ? null : Pointer(tensor) + (nint)row * tensor.Layout.Strides[0];
}
