using System.Buffers;

namespace TinyNet.Core;

public abstract partial class Device
{
    /// <summary>One step of a recurrent layer, unit by unit: activates the gates and makes the states (and cells) after it.</summary>
    protected internal abstract void RecurrentUnits<TStep>(in RecurrentStepTask task) where TStep : struct, IRecurrentStep;

    /// <summary>The gradient of <see cref="RecurrentUnits"/>, in place of what it kept and of the gradients of states and cells.</summary>
    protected internal abstract void RecurrentUnitsGradient<TStep>(in RecurrentStepTask task) where TStep : struct, IRecurrentStep;

    /// <summary>Runs all steps of a recurrent layer: fills the states, and the cells, after the initial one.</summary>
    protected internal virtual void Recurrence<TStep>(in RecurrenceTask task) where TStep : struct, IRecurrentStep
    {
        Shape shape = [task.Steps, task.Batch, task.Width];
        Tensor gates = task.Gates ?? Temporary(shape, "Recurrence");
        var kept = TStep.KeepsStateSum ? task.StateSum ?? Temporary(shape, "Recurrence") : null;
        var padding = Padding(task);
        MatrixProduct(RecurrenceTask.Rows(task.Input), task.InputWeight, task.InputBias, accumulate: false, RecurrenceTask.Rows(gates));
        for (int place = 0; place < task.Steps; place++)
        {
            var (step, before, after) = task.At(place);
            var units = Units(task, gates, kept, step, before, after);
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
    /// <param name="gradient">The gradient of <see cref="RecurrenceTask.States"/>, except for what passes from step to step.</param>
    /// <param name="stateGradient">[B, H]: becomes the gradient of the initial state.</param>
    /// <param name="cellGradient">
    /// [B, H], where the step has a cell: holds the gradient of the last cell and becomes that of the initial one.
    /// </param>
    protected internal virtual void RecurrenceGradient<TStep>(
        in RecurrenceTask task, Tensor gradient, Tensor stateGradient, Tensor? cellGradient)
        where TStep : struct, IRecurrentStep
    {
        var padding = Padding(task);
        var transposed = Transposed(task.StateWeight);
        Fill(stateGradient, 0);
        for (int place = task.Steps - 1; place >= 0; place--)
        {
            var (step, before, after) = task.At(place);
            var units = Units(task, task.Gates!, task.StateSum, step, before, after, At(gradient, after), stateGradient, cellGradient);
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

        Map(new SumMap(), stateGradient, At(gradient, task.First), stateGradient);
        Release(padding);
    }

    /// <summary>In padding the gradients of state and cell stay as they are, and those of the gates are 0.</summary>
    private void PaddedUnitsGradient<TStep>(in RecurrentStepTask units, Tensor isPadding) where TStep : struct, IRecurrentStep
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
        Map(new MaskedGradientMap(whereZero: true), isPadding, units.Gates, units.Gates);
        if (units.StateSum is not null)
        {
            Map(new MaskedGradientMap(whereZero: true), isPadding, units.StateSum, units.StateSum);
        }

        if (cell is not null)
        {
            Map(new WhereMap(), isPadding, cell, units.CellGradient!, units.CellGradient!);
        }

        Release(state, cell);
    }

    private static RecurrentStepTask Units(
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

    /// <summary>[T, B, 1]: 1 in the padding of a sample, else 0; null where there is none.</summary>
    private Tensor? Padding(in RecurrenceTask task)
    {
        if (task.Lengths is null)
        {
            return null;
        }

        var padding = Temporary([task.Steps, task.Batch, 1], "Recurrence");
        float[] values = ArrayPool<float>.Shared.Rent(padding.Length);
        var lengths = task.Lengths.Values;
        for (int i = 0; i < padding.Length; i++)
        {
            values[i] = i / lengths.Length >= lengths[i % lengths.Length] ? 1 : 0;
        }

        Upload(values.AsSpan(0, padding.Length), padding);
        ArrayPool<float>.Shared.Return(values);
        return padding;
    }

    private static Tensor At(Tensor sequence, int place) => View(sequence, sequence.Layout.Select(0, place));
}
