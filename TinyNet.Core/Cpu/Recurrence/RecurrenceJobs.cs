using System.Numerics.Tensors;

namespace TinyNet.Core;

/// <summary>The steps forward: a unit takes some samples through all of them.</summary>
internal unsafe struct RecurrenceJob<TStep>(
    RecurrenceRows<TStep> rows,
    float* input,
    int inputs,
    float* inputWeight,
    float* inputBias,
    float* weight,
    float* bias,
    RecurrenceShare share) : IJob
    where TStep : struct, IRecurrentStep
{
    public readonly int Units => BlockCount.Of(rows.Batch, share.Samples);

    public readonly void Run(int unit)
    {
        int first = unit * share.Samples, samples = Math.Min(share.Samples, rows.Batch - first);
        for (int place = 0; place < rows.Steps; place++)
        {
            var (step, before, after) = rows.Task.At(place);
            var row = rows.Row(step, before, after, first);
            if (inputWeight != null)
            {
                float* x = input + ((nint)step * rows.Batch + first) * inputs;
                share.Multiply(x, inputWeight, inputBias, row.Gates, samples, inputs, rows.Width, accumulate: false);
            }

            float* product = TStep.KeepsStateSum ? row.StateSum : row.Gates;
            share.Multiply(row.StateBefore, weight, bias, product, samples, rows.Size, rows.Width, accumulate: !TStep.KeepsStateSum);
            if (rows.IsOneRow)
            {
                VectorWidth.RunAll(new ForwardLoop<TStep>(&row), samples * rows.Size, share.LaneBits);
                continue;
            }

            for (int sample = first; sample < first + samples; sample++)
            {
                if (!rows.IsPadding(step, sample))
                {
                    VectorWidth.RunAll(new ForwardLoop<TStep>(&row), rows.Size, share.LaneBits);
                }
                else
                {
                    Copy(row.StateBefore, row.StateAfter, rows.Size);
                    Copy(row.CellBefore, row.CellAfter, TStep.HasCell ? rows.Size : 0);
                }

                row.NextSample(rows.Width);
            }
        }
    }

    private static void Copy(float* from, float* to, int count) =>
        new ReadOnlySpan<float>(from, count).CopyTo(new Span<float>(to, count));
}

/// <summary>The steps back, likewise.</summary>
internal unsafe struct RecurrenceGradientJob<TStep>(
    RecurrenceRows<TStep> rows, float* transposedWeight, float* resultGradient, float* stateGradient, float* cellGradient,
    RecurrenceShare share)
    : IJob
    where TStep : struct, IRecurrentStep
{
    public readonly int Units => BlockCount.Of(rows.Batch, share.Samples);

    public readonly void Run(int unit)
    {
        int first = unit * share.Samples, samples = Math.Min(share.Samples, rows.Batch - first);
        float* states = stateGradient + (nint)first * rows.Size;
        for (int place = rows.Steps - 1; place >= 0; place--)
        {
            var (step, before, after) = rows.Task.At(place);
            var row = rows.Row(step, before, after, first);
            row.ResultGradient = resultGradient + ((nint)after * rows.Batch + first) * rows.Size;
            row.StateGradient = states;
            row.CellGradient = cellGradient + (nint)first * rows.Size;
            float* gradients = TStep.KeepsStateSum ? row.StateSum : row.Gates;
            RunStep(&row, step, first, samples);
            share.Multiply(gradients, transposedWeight, null, states, samples, rows.Width, rows.Size, accumulate: true);
        }

        Add(resultGradient + ((nint)rows.Task.First * rows.Batch + first) * rows.Size, states, samples * rows.Size);
    }

    private readonly void RunStep(RecurrentRow* row, int step, int first, int samples)
    {
        if (rows.IsOneRow)
        {
            VectorWidth.RunAll(new BackwardLoop<TStep>(row), samples * rows.Size, share.LaneBits);
            return;
        }

        for (int sample = first; sample < first + samples; sample++)
        {
            if (!rows.IsPadding(step, sample))
            {
                VectorWidth.RunAll(new BackwardLoop<TStep>(row), rows.Size, share.LaneBits);
            }
            else
            {
                Add(row->ResultGradient, row->StateGradient, rows.Size);
                new Span<float>(row->Gates, rows.Width).Clear();
                new Span<float>(row->StateSum, TStep.KeepsStateSum ? rows.Width : 0).Clear();
            }

            row->NextSample(rows.Width);
        }
    }

    private static void Add(float* from, float* to, int count) =>
        TensorPrimitives.Add(new ReadOnlySpan<float>(from, count), new ReadOnlySpan<float>(to, count), new Span<float>(to, count));
}
