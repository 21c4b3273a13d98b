using ILGPU;
using TinyNet.Core;

namespace TinyNet.Ilgpu;

/// <summary>
/// Recurrent layers: a launch a step forward. Back it is one for the units of a step and a product: that needs the gates of all units, and
/// is G times as deep as the one forward, so that groups have to share its depth.
/// </summary>
internal static class GpuRecurrence
{
    private const string Name = "Recurrence";

    // A group goes through the whole depth alone. A product by itself, which shares a longer one among groups, is worth its launches.
    private const int MostHiddenSize = 2 * FloatChain.Terms;

    /// <summary>
    /// Whether a launch a step pays: not where the product is so large that one of larger squares is faster, or that of cuBLAS.
    /// </summary>
    public static bool Suits<TStep>(IlgpuDevice device, in RecurrenceTask task) where TStep : struct, IRecurrentStep
    {
        int size = task.HiddenSize;
        return task.States.Length > 0 && task.Steps > 0 && size <= MostHiddenSize && task.StateWeight.Layout.Strides[1] == 1
            && UnitsOf<TStep>(FormOf<TStep>(device, task)) > 0
            && TilePlan.Of(device.GroupSize, device.MostThreads, 1, task.Batch, task.Width, size).Form != TileForm.Side128
            && !(CublasCall.IsLarge(task.Batch, task.Width, size) && device.HasCublas);
    }

    /// <summary>Runs all steps, where <see cref="Suits"/> holds.</summary>
    /// <param name="device">The device.</param>
    /// <param name="task">The layer.</param>
    /// <param name="padding">[T, B, 1]: 1 in padding, else 0; null if there is none.</param>
    public static void Run<TStep>(IlgpuDevice device, in RecurrenceTask task, Tensor? padding) where TStep : struct, IRecurrentStep
    {
        Shape shape = [task.Steps, task.Batch, task.Width];
        Tensor gates = task.Gates ?? Tensor.Result(Name, shape, device);
        var stateSums = TStep.KeepsStateSum ? task.StateSum ?? Tensor.Result(Name, shape, device) : null;
        device.MatrixProduct(
            RecurrenceTask.Rows(task.Input), task.InputWeight, task.InputBias, accumulate: false, RecurrenceTask.Rows(gates));
        using var alive = KeepAlive.Of(gates, stateSums, task.StateWeight, task.StateBias, padding);
        using var aliveToo = KeepAlive.Of(task.States, task.Cells);
        for (int place = 0; place < task.Steps; place++)
        {
            var (step, before, after) = task.At(place);
            var units = Core.Device.UnitsOf(task, gates, stateSums, step, before, after);
            var rows = StepRows.Of(units, padding is null ? null : Core.Device.At(padding, step));
            switch (FormOf<TStep>(device, task))
            {
                case TileForm.Side64:
                    Launch<Grid16, TStep>(device, task, units.StateBefore, rows, TileForm.Side64);
                    break;
                case TileForm.Side32:
                    Launch<Grid8, TStep>(device, task, units.StateBefore, rows, TileForm.Side32);
                    break;
                default:
                    Launch<Grid4, TStep>(device, task, units.StateBefore, rows, TileForm.Side16);
                    break;
            }
        }

        IlgpuDevice.GiveBack(gates, task.Gates);
        IlgpuDevice.GiveBack(stateSums, task.StateSum);
    }

    public static void Units<TStep>(IlgpuDevice device, in RecurrentStepTask task) where TStep : struct, IRecurrentStep
    {
        device.Launch(new RecurrentUnitsJob<TStep> { Step = StepRows.Of(task, null) }, task.StateAfter.Length);
        KeepOperands(task, null);
    }

    public static void UnitsGradient<TStep>(IlgpuDevice device, in RecurrentStepTask task, Tensor? isPadding)
        where TStep : struct, IRecurrentStep
    {
        device.Launch(new RecurrentUnitsGradientJob<TStep> { Step = StepRows.Of(task, isPadding) }, task.StateAfter.Length);
        KeepOperands(task, isPadding);
    }

    /// <summary>The squares of a step: large ones where they are enough to keep the GPU busy.</summary>
    private static TileForm FormOf<TStep>(IlgpuDevice device, in RecurrenceTask task) where TStep : struct, IRecurrentStep
    {
        if (device.GroupSize < TilePlan.ThreadsOf(TileForm.Side32))
        {
            return TileForm.Side16;
        }

        int units = UnitsOf<TStep>(TileForm.Side64), side = TilePlan.SideOf(TileForm.Side64);
        bool isLarge = units > 0 && device.GroupSize >= TilePlan.ThreadsOf(TileForm.Side64)
            && TilePlan.AreEnough(BlockCount.Of((long)task.Batch, side) * BlockCount.Of((long)task.HiddenSize, units), device.MostThreads);
        return isLarge ? TileForm.Side64 : TileForm.Side32;
    }

    /// <summary>The hidden units of a group, whose gates are columns of its square: vectors of 4 are of one gate.</summary>
    private static int UnitsOf<TStep>(TileForm form) where TStep : struct, IRecurrentStep => TilePlan.SideOf(form) / TStep.Gates / 4 * 4;

    private static void Launch<TGrid, TStep>(
        IlgpuDevice device, in RecurrenceTask task, Tensor stateBefore, in StepRows rows, TileForm form)
        where TGrid : struct, IThreadGrid
        where TStep : struct, IRecurrentStep
    {
        int units = UnitsOf<TStep>(form), across = BlockCount.Of(task.HiddenSize, units);
        var samples = Walk.Over(stateBefore.Layout.Starts(1), out var atSample);
        device.Launch(
            new RecurrentStepJob<TGrid, TStep>
            {
                Step = rows,
                State = MatrixReader.Of(stateBefore, default, samples, atSample, task.Batch, depthStep: 1),
                Weight = GateReader.Of(task.StateWeight, TStep.Gates, units),
                Bias = task.StateBias.MemoryOr(task.StateWeight),
                BiasOffset = task.StateBias?.Layout.Offset ?? 0,
                BiasStep = task.StateBias?.Layout.Strides[0] ?? 0,
                HasBias = task.StateBias is not null,
                Units = units,
                Across = across,
            },
            new KernelConfig(checked(across * BlockCount.Of(task.Batch, TilePlan.SideOf(form))), TilePlan.ThreadsOf(form)));
    }

    private static void KeepOperands(in RecurrentStepTask task, Tensor? isPadding)
    {
        KeepAlive.Of(task.Gates, task.StateSum, task.StateBefore, task.StateAfter, task.CellBefore).Dispose();
        KeepAlive.Of(task.CellAfter, task.ResultGradient, task.StateGradient, task.CellGradient, isPadding).Dispose();
    }
}
