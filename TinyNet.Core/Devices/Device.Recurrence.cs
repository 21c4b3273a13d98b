namespace TinyNet.Core;

public abstract partial class Device
{
    /// <summary>Runs all steps of a recurrent layer: from the initial state (and cell) it computes all that follow.</summary>
    protected internal virtual void Recurrence<TStep>(in RecurrenceTask task) where TStep : struct, IRecurrentStep
    {
        Shape shape = [task.Steps, task.Batch, task.Width];
        Tensor gates = task.Gates ?? Temporary(shape, "Recurrence");
        var kept = TStep.KeepsStateSum ? task.StateSum ?? Temporary(shape, "Recurrence") : null;
        var padding = task.Lengths is null ? null : PaddingMask(task.Lengths, task.Steps);
        MatrixProduct(RecurrenceTask.Rows(task.Input), task.InputWeight, task.InputBias, accumulate: false, RecurrenceTask.Rows(gates));
        for (int place = 0; place < task.Steps; place++)
        {
            var (step, before, after) = task.At(place);
            var units = UnitsOf(task, gates, kept, step, before, after);
            MatrixProduct(units.StateBefore, task.StateWeight, task.StateBias, accumulate: kept is null, units.StateSum ?? units.Gates);
            RecurrentUnits<TStep>(units);
            if (padding is not null)
            {
                var isPadding = At(padding, step);
                Map(new WhereMap(), isPadding, units.StateBefore, units.StateAfter, units.StateAfter);
                if (units.CellAfter is not null)
                {
                    Map(new WhereMap(), isPadding, units.CellBefore!, units.CellAfter, units.CellAfter);
                }
            }
        }

        Release(padding, task.Gates is null ? gates : null, task.StateSum is null ? kept : null);
    }

    /// <summary>
    /// Walks the steps back: replaces <see cref="RecurrenceTask.Gates"/>, and what is kept of <see cref="RecurrenceTask.StateSum"/>, by
    /// their gradients.
    /// </summary>
    /// <param name="task">As <see cref="Recurrence"/> left it.</param>
    /// <param name="gradient">
    /// The gradient of <see cref="RecurrenceTask.States"/> as it comes from the result, without what passes from step to step.
    /// </param>
    /// <param name="stateGradient">[B, H]: becomes the gradient of the initial state.</param>
    /// <param name="cellGradient">
    /// [B, H], where the step has a cell: holds the gradient of the last cell and becomes that of the initial one.
    /// </param>
    protected internal virtual void RecurrenceGradient<TStep>(
        in RecurrenceTask task, Tensor gradient, Tensor stateGradient, Tensor? cellGradient)
        where TStep : struct, IRecurrentStep
    {
        var padding = task.Lengths is null ? null : PaddingMask(task.Lengths, task.Steps);
        var transposed = Transposed(task.StateWeight);
        var given = gradient.IsContiguous ? gradient : Temporary(gradient.Shape, "Recurrence");
        if (given != gradient)
        {
            Copy(gradient, given);
        }

        Fill(stateGradient, 0);
        for (int place = task.Steps - 1; place >= 0; place--)
        {
            var (step, before, after) = task.At(place);
            var units = UnitsOf(task, task.Gates!, task.StateSum, step, before, after, At(given, after), stateGradient, cellGradient);
            if (padding is null)
            {
                RecurrentUnitsGradient<TStep>(units);
            }
            else
            {
                PaddedUnitsGradient<TStep>(units, At(padding, step));
            }

            MatrixProduct(units.StateSum ?? units.Gates, transposed, bias: null, accumulate: true, stateGradient);
        }

        Map(new SumMap(), stateGradient, At(given, task.First), stateGradient);
        Release(padding, given == gradient ? null : given);
    }

    /// <summary>
    /// The gradient of a step, some of whose samples are padding: there the gradients of state and cell stay as they are, and those of the
    /// gates are 0.
    /// </summary>
    internal virtual void PaddedUnitsGradient<TStep>(in RecurrentStepTask units, Tensor isPadding) where TStep : struct, IRecurrentStep
    {
        var state = Temporary(units.StateGradient!.Shape, "Recurrence");
        var cell = units.CellGradient is null ? null : Temporary(state.Shape, "Recurrence");
        Map(new SumMap(), units.StateGradient, units.ResultGradient!, state);
        if (cell is not null)
        {
            Copy(units.CellGradient!, cell);
        }

        RecurrentUnitsGradient<TStep>(units);
        Map(new WhereMap(), isPadding, state, units.StateGradient, units.StateGradient);
        Map(new MaskMap(whereZero: true), isPadding, units.Gates, units.Gates);
        if (units.StateSum is not null)
        {
            Map(new MaskMap(whereZero: true), isPadding, units.StateSum, units.StateSum);
        }

        if (cell is not null)
        {
            Map(new WhereMap(), isPadding, cell, units.CellGradient!, units.CellGradient!);
        }

        Release(state, cell);
    }

    /// <summary>What one step of a layer works on.</summary>
    internal static RecurrentStepTask UnitsOf(
        in RecurrenceTask task, Tensor gates, Tensor? stateSums, int step, int before, int after,
        Tensor? resultGradient = null, Tensor? stateGradient = null, Tensor? cellGradient = null) => new()
        {
            Gates = At(gates, step),
            StateSum = stateSums is null ? null : At(stateSums, step),
            StateBefore = At(task.States, before),
            StateAfter = At(task.States, after),
            CellBefore = task.Cells is null ? null : At(task.Cells, before),
            CellAfter = task.Cells is null ? null : At(task.Cells, after),
            ResultGradient = resultGradient,
            StateGradient = stateGradient,
            CellGradient = cellGradient,
        };

    /// <summary>[T, B, 1]: 1 from the length of each of B samples on, else 0.</summary>
    internal Tensor PaddingMask(IndexTensor lengths, int steps) => FromHost([steps, lengths.Length, 1], "PaddingMask", lengths,
        static (lengths, i) => i / lengths.Length >= lengths.Values[i % lengths.Length] ? 1 : 0);

    /// <summary>What a sequence [T, ..] has at a place.</summary>
    internal static Tensor At(Tensor sequence, int place) => View(sequence, sequence.Layout.Select(0, place));
}
