using TinyNet.Core;

namespace TinyNet.Ilgpu;

/// <summary>Steps of recurrent layers: a thread a hidden unit of a sample.</summary>
internal static class GpuRecurrence
{
    public static void Units<TStep>(IlgpuDevice device, in RecurrentStepTask task) where TStep : struct, IRecurrentStep
    {
        device.Launch(new RecurrentUnitsJob<TStep> { Step = StepRows.Of(task) }, task.StateAfter.Length);
        KeepOperands(task);
    }

    public static void UnitsGradient<TStep>(IlgpuDevice device, in RecurrentStepTask task) where TStep : struct, IRecurrentStep
    {
        device.Launch(new RecurrentUnitsGradientJob<TStep> { Step = StepRows.Of(task) }, task.StateAfter.Length);
        KeepOperands(task);
    }

    private static void KeepOperands(in RecurrentStepTask task)
    {
        KeepAlive.Of(task.Gates, task.StateSum, task.StateBefore, task.StateAfter, task.CellBefore).Dispose();
        KeepAlive.Of(task.CellAfter, task.ResultGradient, task.StateGradient, task.CellGradient).Dispose();
    }
}
