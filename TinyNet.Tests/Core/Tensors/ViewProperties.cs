using FsCheck;
using FsCheck.Fluent;
using TinyNet.Autograd;
using TinyNet.Core;

namespace TinyNet.Tests.Core;

/// <summary>Views and broadcasting against copies made element by element, on shapes with zeros and ones.</summary>
public class ViewProperties
{
    private static readonly Gen<int[]> Sizes = from rank in Gen.Choose(0, 4)
                                               from sizes in Gen.Elements(0, 1, 1, 2, 3, 4)
        .ArrayOf(rank)
                                               select sizes;

    [Fact]
    public void Any_chain_of_views_shows_the_elements_of_copies() => Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(1500).WithQuietOnSuccess(true),
        Prop.ForAll((from sizes in Sizes from seed in Gen.Choose(0, int.MaxValue - 1) select (sizes, seed)).ToArbitrary(), start =>
        {
            var random = new Random(start.seed);
            var copy = NaiveArray.Iota(start.sizes);
            var view = Tensor.From(copy.Values, new Shape(start.sizes));
            for (int steps = random.Next(6); steps > 0; steps--)
            {
                (copy, view) = Step(random, copy, view);
            }

            return view.Shape.Sizes.SequenceEqual(copy.Sizes) && view.ToArray().SequenceEqual(copy.Values);
        }));

    [Fact]
    public void A_reshape_without_a_copy_shows_the_elements_of_one() => Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(1500).WithQuietOnSuccess(true),
        Prop.ForAll((from sizes in Sizes from seed in Gen.Choose(0, int.MaxValue - 1) select (sizes, seed)).ToArbitrary(), start =>
        {
            var random = new Random(start.seed);
            var copy = NaiveArray.Iota(start.sizes);
            var view = Tensor.From(copy.Values, new Shape(start.sizes));
            for (int steps = 2; steps > 0; steps--)
            {
                (copy, view) = Step(random, copy, view);
            }

            return !view.Layout.TryReshape(new Shape(Refactored(random, copy.Sizes)), out var layout)
                || view.View(layout, "test").ToArray().SequenceEqual(copy.Values);
        }));

    [Fact]
    public void A_write_into_a_view_changes_exactly_its_elements() => Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(500).WithQuietOnSuccess(true),
        Prop.ForAll((from sizes in Sizes from seed in Gen.Choose(0, int.MaxValue - 1) select (sizes, seed)).ToArbitrary(), start =>
        {
            var random = new Random(start.seed);
            var copy = NaiveArray.Iota(start.sizes);
            Tensor whole = Tensor.From(copy.Values, new Shape(start.sizes)), view = whole;
            for (int steps = 3; steps > 0; steps--)
            {
                (copy, view) = Step(random, copy, view);
            }

            if (view.Storage != whole.Storage)
            {
                return true;
            }

            view.Fill(-1);
            var shown = copy.Values.ToHashSet();
            return whole.ToArray().Select((value, i) => value == (shown.Contains(i) ? -1 : i)).All(holds => holds);
        }));

    [Fact]
    public void Broadcasting_stretches_as_defined() => Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(1000).WithQuietOnSuccess(true),
        Prop.ForAll((from a in Sizes from b in Sizes select (a, b)).ToArbitrary(), pair =>
        {
            int rank = Math.Max(pair.a.Length, pair.b.Length);
            int[] a = [.. Enumerable.Repeat(1, rank - pair.a.Length), .. pair.a],
                b = [.. Enumerable.Repeat(1, rank - pair.b.Length), .. pair.b];
            Tensor x = Tensor.From(NaiveArray.Iota(a).Values, new Shape(pair.a)),
                y = Tensor.From(NaiveArray.Iota(b).Values, new Shape(pair.b));
            if (a.Zip(b).Any(sizes => sizes.First != sizes.Second && sizes.First != 1 && sizes.Second != 1))
            {
                Refusal.Of<ShapeException>(() => x + y, "Add", x.Shape.ToString(), y.Shape.ToString());
                return true;
            }

            int[] sizes = [.. a.Zip(b, (first, second) => first == 1 ? second : first)];
            NaiveArray Stretched(int[] from) =>
                NaiveArray.Iota(from).Rearrange(sizes, index => [.. index.Select((i, axis) => from[axis] == 1 ? 0 : i)]);
            float[] expected = [.. Stretched(a).Values.Zip(Stretched(b).Values, (first, second) => first - 2 * second)];
            var sum = x - 2 * y;
            return sum.Shape.Sizes.SequenceEqual(sizes) && sum.ToArray().SequenceEqual(expected);
        }));

    [Fact]
    public void Slices_take_what_Python_takes() => Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(2000).WithQuietOnSuccess(true),
        Prop.ForAll(
            (from size in Gen.Choose(0, 6)
             from start in Bound
             from stop in Bound
             from step in Gen.Elements(1, 1, 2, 3, 7, int.MaxValue)
             select (size, start, stop, step)).ToArbitrary(),
            x =>
            {
                float[] actual = Tensor.From(NaiveArray.Iota([x.size]).Values).Slice(0, x.start, x.stop, x.step).ToArray();
                return actual.SequenceEqual(Python(x.size, x.start, x.stop, x.step));
            }));

    private static readonly Gen<int?> Bound = Gen.Frequency(
        (1, Gen.Constant((int?)null)), (5, Gen.Choose(-9, 9).Select(bound => (int?)bound)),
        (1, Gen.Elements<int?>(int.MinValue, int.MaxValue)));

    /// <summary>range(*slice(start, stop, step).indices(size)), by the language reference.</summary>
    private static IEnumerable<float> Python(int size, int? start, int? stop, int step)
    {
        long Resolve(int? bound, long absent)
        {
            long value = bound ?? absent;
            return bound < 0 ? Math.Max(0, value + size) : Math.Min(value, size);
        }

        for (long i = Resolve(start, 0); i < Resolve(stop, size); i += step)
        {
            yield return i;
        }
    }

    private static (NaiveArray Copy, Tensor View) Step(Random random, NaiveArray x, Tensor view)
    {
        int rank = x.Sizes.Length;
        int axis = rank == 0 ? 0 : random.Next(rank), signed = random.Next(2) == 0 ? axis : axis - rank;
        switch (rank == 0 ? 1 : random.Next(9))
        {
            case 0:
                int[] order = [.. Enumerable.Range(0, rank)];
                random.Shuffle(order);
                return (x.Rearrange([.. order.Select(k => x.Sizes[k])], index => Inverse(order, index)), view.Permute(order));
            case 1 when rank < 5:
                int at = random.Next(rank + 1);
                return (x.Reshape([.. x.Sizes[..at], 1, .. x.Sizes[at..]]), view.Unsqueeze(random.Next(2) == 0 ? at : at - rank - 1));
            case 2:
                int size = x.Sizes[axis],
                    start = random.Next(size + 1),
                    step = 1 + random.Next(3),
                    stop = start + random.Next(size - start + 1);
                return (
                    x.Rearrange(
                        With(x.Sizes, axis, (stop - start + step - 1) / step), index => With(index, axis, start + step * index[axis])),
                    view.Slice(signed, start, stop, step));
            case 3 when x.Sizes[axis] > 0:
                int chosen = random.Next(x.Sizes[axis]);
                return (
                    x.Rearrange([.. x.Sizes[..axis], .. x.Sizes[(axis + 1)..]], index => [.. index[..axis], chosen, .. index[axis..]]),
                    view.Select(signed, chosen));
            case 4 when rank < 5:
                int[] stretched = [2, .. x.Sizes.Select(s => s == 1 ? random.Next(4) : s)];
                return (x.Rearrange(stretched, index => [.. index[1..].Select((i, k) => x.Sizes[k] == 1 ? 0 : i)]), view.Expand(stretched));
            case 5 when rank > 1 && x.Sizes[0] == x.Sizes[^1]:
                return (x.Rearrange(x.Sizes[..^1], index => [.. index, index[0]]), view.Diagonal(0, rank - 1));
            case 6:
                int other = random.Next(rank);
                return (x.Rearrange(Swap(x.Sizes, axis, other), index => Swap(index, axis, other)), view.Transpose(signed, other));
            case 7:
                int[] squeezed = [.. x.Sizes.Where(s => s != 1)];
                return (x.Reshape(squeezed), view.Squeeze());
            case 8:
                int[] sizes = Refactored(random, x.Sizes);
                return (x.Reshape(sizes), view.Reshape(sizes));
            default:
                return (x, view);
        }
    }

    /// <summary>Other sizes with the same product: neighbors merged, or one split.</summary>
    private static int[] Refactored(Random random, int[] sizes)
    {
        List<int> result = [.. sizes];
        for (int i = 0; i + 1 < result.Count; i++)
        {
            if (random.Next(2) == 0)
            {
                result[i] *= result[i + 1];
                result.RemoveAt(i + 1);
            }
        }

        for (int i = 0; i < result.Count && result.Count < 6; i++)
        {
            if (result[i] > 0 && result[i] % 2 == 0 && random.Next(2) == 0)
            {
                result[i] /= 2;
                result.Insert(i, 2);
            }
        }

        return [.. result];
    }

    private static int[] Inverse(int[] order, int[] index)
    {
        var source = new int[index.Length];
        for (int k = 0; k < order.Length; k++)
        {
            source[order[k]] = index[k];
        }

        return source;
    }

    private static int[] With(int[] values, int at, int value) => [.. values.Select((x, i) => i == at ? value : x)];

    private static int[] Swap(int[] values, int a, int b) => [.. values.Select((x, i) => i == a ? values[b] : i == b ? values[a] : x)];
}
