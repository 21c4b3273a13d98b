using TinyNet.Core;

namespace TinyNet.ExtensionTests;

/// <summary>
/// A device of one's own: floats in arrays and plain loops over them, with what <see cref="Device"/> requires and nothing else. Everything
/// that layers need beyond that comes composed.
/// </summary>
internal sealed class PlainDevice : Device
{
    /// <summary>The name it is registered under.</summary>
    public const string Kind = "plain";

    // <extending>
    private PlainDevice() : base(Kind)
    {
    }

    /// <summary>The device.</summary>
    public static PlainDevice Instance { get; } = new();

    /// <summary>Makes <c>Device.Parse("plain")</c> find it.</summary>
    public static void Register() => Register(Kind, static _ => Instance);
    // </extending>

    protected override Storage CreateStorage(int length) => new PlainStorage(this, length);

    protected override void Upload(ReadOnlySpan<float> source, Tensor destination)
    {
        var to = new Elements(destination);
        for (int i = 0; i < destination.Length; i++)
        {
            to[i] = source[i];
        }
    }

    protected override void Download(Tensor source, Span<float> destination)
    {
        var from = new Elements(source);
        for (int i = 0; i < source.Length; i++)
        {
            destination[i] = from[i];
        }
    }

    // <extending>
    protected override void Map<TMap>(TMap map, Tensor a, Tensor destination)
    {
        Elements first = new(a, destination.Shape), to = new(destination);
        for (int i = 0; i < destination.Length; i++)
        {
            to[i] = map.Forward(new ScalarLane(first[i])).Value;
        }
    }
    // </extending>

    protected override void Map<TMap>(TMap map, Tensor a, Tensor b, Tensor destination)
    {
        Elements first = new(a, destination.Shape), second = new(b, destination.Shape), to = new(destination);
        for (int i = 0; i < destination.Length; i++)
        {
            to[i] = map.Forward(new ScalarLane(first[i]), new ScalarLane(second[i])).Value;
        }
    }

    protected override void Map<TMap>(TMap map, Tensor a, Tensor b, Tensor c, Tensor destination)
    {
        Elements first = new(a, destination.Shape), second = new(b, destination.Shape), third = new(c, destination.Shape);
        var to = new Elements(destination);
        for (int i = 0; i < destination.Length; i++)
        {
            to[i] = map.Forward(new ScalarLane(first[i]), new ScalarLane(second[i]), new ScalarLane(third[i])).Value;
        }
    }

    protected override void Update<TUpdate>(
        TUpdate update, Tensor parameter, Tensor gradient, Tensor? state0, Tensor? state1, Tensor? state2)
    {
        Elements parameters = new(parameter), gradients = new(gradient);
        Tensor?[] states = [state0, state1, state2];
        for (int i = 0; i < parameter.Length; i++)
        {
            ScalarLane p = new(parameters[i]), g = new(gradients[i]), s0 = State(0, i), s1 = State(1, i), s2 = State(2, i);
            update.Apply(ref p, g, ref s0, ref s1, ref s2);
            parameters[i] = p.Value;
            Store(0, i, s0);
            Store(1, i, s1);
            Store(2, i, s2);
        }

        ScalarLane State(int slot, int i) => states[slot] is { } state ? new(new Elements(state)[i]) : ScalarLane.Zero;

        void Store(int slot, int i, ScalarLane value)
        {
            if (states[slot] is { } state)
            {
                new Elements(state)[i] = value.Value;
            }
        }
    }

    protected override void Reduce<TReduction>(TReduction reduction, Tensor x, Tensor destination)
    {
        Elements from = new(x), to = new(destination);

        // In double precision, so that what the result has room for overflows or vanishes nowhere in between.
        var totals = new double[destination.Length];
        Array.Fill(totals, reduction.Identity<DoubleLane>().Value);

        // Broadcast to the shape of x, a dense layout of the destination says which total an element belongs to.
        var totalOf = new Layout(destination.Shape).Expand(x.Shape);
        for (int i = 0; i < x.Length; i++)
        {
            ref double total = ref totals[Elements.Place(totalOf, i)];
            total = reduction.Combine(new DoubleLane(total), reduction.Map(new DoubleLane(from[i]))).Value;
        }

        for (int i = 0; i < totals.Length; i++)
        {
            to[i] = (float)reduction.Finish(new DoubleLane(totals[i]), new DoubleLane(x.Length / totals.Length)).Value;
        }
    }

    protected override void ArgExtreme(Tensor x, int axis, bool largest, IndexTensor indices)
    {
        var lines = new Lines(x, axis);
        var results = new int[lines.Count];
        for (int line = 0; line < lines.Count; line++)
        {
            for (int k = 1; k < lines.Length; k++)
            {
                float best = lines[line, results[line]], candidate = lines[line, k];
                bool isBeyond = largest ? candidate > best : candidate < best;
                if (isBeyond || (float.IsNaN(candidate) && !float.IsNaN(best)))
                {
                    results[line] = k;
                }
            }
        }

        indices.CopyFrom(results);
    }

    protected override void CumulativeSum(Tensor x, int axis, bool reverse, Tensor destination)
    {
        Lines from = new(x, axis), to = new(destination, axis);
        for (int line = 0; line < from.Count; line++)
        {
            float sum = 0;
            for (int i = 0; i < from.Length; i++)
            {
                int k = reverse ? from.Length - 1 - i : i;
                sum += from[line, k];
                to[line, k] = sum;
            }
        }
    }

    protected override void MatrixProduct(Tensor a, Tensor b, Tensor? bias, bool accumulate, Tensor destination)
    {
        Lines rows = new(a, a.Rank - 1), columns = new(b, b.Rank - 2);
        var to = new Elements(destination);
        int height = a.Shape[-2], width = b.Shape[-1];
        for (int i = 0; i < destination.Length; i++)
        {
            int row = i / width, column = i % width, matrix = row / height;
            float sum = bias is null ? 0 : new Elements(bias)[column];
            for (int k = 0; k < rows.Length; k++)
            {
                sum += rows[row, k] * columns[matrix * width + column, k];
            }

            to[i] = accumulate ? to[i] + sum : sum;
        }
    }

    protected override void IndexSelect(Tensor x, int axis, IndexTensor index, Tensor destination)
    {
        Lines from = new(x, axis), to = new(destination, axis);
        for (int line = 0; line < to.Count; line++)
        {
            for (int i = 0; i < to.Length; i++)
            {
                to[line, i] = from[line, index.Values[i]];
            }
        }
    }

    protected override void IndexAdd(Tensor source, int axis, IndexTensor index, Tensor destination)
    {
        Lines from = new(source, axis), to = new(destination, axis);
        for (int line = 0; line < from.Count; line++)
        {
            for (int i = 0; i < from.Length; i++)
            {
                to[line, index.Values[i]] += from[line, i];
            }
        }
    }

    protected override void Gather(Tensor x, int axis, IndexTensor index, Tensor destination)
    {
        var places = new Indexed(x, axis, index.Shape);
        var to = new Elements(destination);
        for (int i = 0; i < index.Length; i++)
        {
            to[i] = places[i, index.Values[i]];
        }
    }

    protected override void ScatterAdd(Tensor source, int axis, IndexTensor index, Tensor destination)
    {
        var places = new Indexed(destination, axis, index.Shape);
        var terms = new Indexed(source, axis, index.Shape);
        for (int i = 0; i < index.Length; i++)
        {
            places[i, index.Values[i]] += terms[i, terms.Along(i)];
        }
    }

    protected override void MaxPool(Tensor x, in PoolGrid grid, Tensor destination, Tensor? positions)
    {
        Images from = new(x), to = new(destination);
        for (int i = 0; i < destination.Length; i++)
        {
            var (image, channel, row, column) = to.Place(i);
            PoolPart rows = grid.Height.Part(row), columns = grid.Width.Part(column);
            float largest = float.NegativeInfinity;
            int position = 0;
            for (int k = 0; k < rows.Count * columns.Count; k++)
            {
                int y = rows.First + k / columns.Count * rows.Step, at = columns.First + k % columns.Count * columns.Step;
                float value = from[image, channel, y, at];
                if (value > largest || float.IsNaN(value))
                {
                    (largest, position) = (value, k);
                }
            }

            to[image, channel, row, column] = largest;
            if (positions is not null)
            {
                new Images(positions)[image, channel, row, column] = position;
            }
        }
    }

    protected override void MaxPoolGradient(Tensor positions, Tensor gradient, in PoolGrid grid, Tensor xGradient)
    {
        Images chosen = new(positions), from = new(gradient), to = new(xGradient);
        Fill(xGradient, 0);
        for (int i = 0; i < gradient.Length; i++)
        {
            var (image, channel, row, column) = from.Place(i);
            PoolPart rows = grid.Height.Part(row), columns = grid.Width.Part(column);
            int position = (int)chosen[image, channel, row, column];
            if (position < rows.Count * columns.Count)
            {
                int y = rows.First + position / columns.Count * rows.Step, x = columns.First + position % columns.Count * columns.Step;
                to[image, channel, y, x] += from[image, channel, row, column];
            }
        }
    }

    protected override void RecurrentUnits<TStep>(in RecurrentStepTask task)
    {
        var step = new StepNumbers(task);
        for (int i = 0; i < task.StateAfter.Length; i++)
        {
            RecurrentStep.Forward<TStep, ScalarLane, Unit>(new Unit(step, i / step.Size, i % step.Size));
        }
    }

    protected override void RecurrentUnitsGradient<TStep>(in RecurrentStepTask task)
    {
        var step = new StepNumbers(task);
        for (int i = 0; i < task.StateAfter.Length; i++)
        {
            TStep.Backward<ScalarLane, Unit>(new Unit(step, i / step.Size, i % step.Size));
        }
    }
}
