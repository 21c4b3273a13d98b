namespace TinyNet.Core;

/// <summary>
/// The steps of a recurrent layer. Samples do not depend on each other: a thread takes some of them through all steps, and never waits for
/// the others.
/// </summary>
internal static unsafe class CpuRecurrence
{
    private const string Name = "Recurrence";

    /// <summary>Runs all steps.</summary>
    public static void Run<TStep>(CpuSettings cpu, PreparedWeights prepared, in RecurrenceTask task) where TStep : struct, IRecurrentStep
    {
        var share = RecurrenceShare.Of(cpu, task);
        bool isStepwise = task.Gates is null && share.IsStepwise(task);
        Shape shape = [isStepwise ? 1 : task.Steps, task.Batch, task.Width];
        var gates = task.Gates ?? Tensor.Result(Name, shape, task.States.Device);
        var stateSums = TStep.KeepsStateSum ? task.StateSum ?? Tensor.Result(Name, shape, task.States.Device) : null;
        var input = task.Input.ToDense(cpu);
        Tensor? bias = task.StateBias?.ToDense(cpu), inputBias = task.InputBias?.ToDense(cpu);
        var weight = WeightPanels.Of(cpu, task.StateWeight, prepared);
        var inputWeight = isStepwise ? WeightPanels.Of(cpu, task.InputWeight, prepared) : null;
        if (!isStepwise)
        {
            var rows = RecurrenceTask.Rows(gates);
            CpuMatrixProduct.Run(cpu, RecurrenceTask.Rows(input), task.InputWeight, inputBias, accumulate: false, rows);
        }

        using var operands = KeepAlive.Of(input, inputBias, bias);
        using var sequence = Keep(task);
        fixed (int* lengths = task.Lengths is null ? default : task.Lengths.Values)
        {
            var job = new RecurrenceJob<TStep>(
                new RecurrenceRows<TStep>(task, gates, stateSums, lengths),
                input.Pointer(),
                task.Input.Shape.Sizes[2],
                inputWeight.PointerOrNull(),
                inputBias.PointerOrNull(),
                weight.Pointer(),
                bias.PointerOrNull(),
                share);
            WorkSplitter.Run(job.Units, job, cpu.Threads);
        }

        weight.Release();
        inputWeight?.Release();
        ReleaseUnless(task.Gates, gates);
        ReleaseUnless(task.StateSum, stateSums);
    }

    /// <summary>Walks the steps back.</summary>
    public static void RunGradient<TStep>(
        CpuSettings cpu, in RecurrenceTask task, Tensor gradient, Tensor stateGradient, Tensor? cellGradient)
        where TStep : struct, IRecurrentStep
    {
        var resultGradient = gradient.ToDense(cpu);
        var transposed = WeightPanels.Of(cpu, task.StateWeight.View(task.StateWeight.Layout.Transpose(0, 1), Name));
        CpuMaps.Fill(cpu, stateGradient, 0);
        using var operands = KeepAlive.Of(resultGradient, stateGradient, cellGradient);
        using var sequence = Keep(task);
        fixed (int* lengths = task.Lengths is null ? default : task.Lengths.Values)
        {
            var job = new RecurrenceGradientJob<TStep>(
                new RecurrenceRows<TStep>(task, task.Gates!, task.StateSum, lengths),
                transposed.Pointer(),
                resultGradient.Pointer(),
                stateGradient.Pointer(),
                cellGradient.PointerOrNull(),
                RecurrenceShare.Of(cpu, task));
            WorkSplitter.Run(job.Units, job, cpu.Threads);
        }

        transposed.Release();
    }

    private static void ReleaseUnless(Tensor? owned, Tensor? used)
    {
        if (owned is null)
        {
            used?.Release();
        }
    }

    private static KeepAlive Keep(in RecurrenceTask task) =>
        KeepAlive.Of(task.Gates, task.StateSum, task.States, task.Cells, task.Lengths);
}
