using TinyNet.Autograd;
using TinyNet.Core;

namespace TinyNet.Tests.Autograd;

/// <summary>Sorting on every width and the reference device, against the stable sort of LINQ, and against PyTorch.</summary>
public class SortingTests
{
    private const float NaN = float.NaN, Inf = float.PositiveInfinity;

    private static readonly Shape[] Shapes =
        [[7], [1], [0], [3, 5], [2, 3, 4], [4, 1, 3], [3, 0], [0, 3], [2, 0, 3], [1, 40], [40, 2], [300]];

    [Fact]
    public void Elements_come_in_order_with_where_they_stood()
    {
        foreach (var device in Devices())
        {
            foreach (Shape shape in Shapes)
            {
                for (int axis = 0; axis < shape.Rank; axis++)
                {
                    foreach (bool descending in new[] { false, true })
                    {
                        foreach (var x in Forms(shape, device))
                        {
                            var (expectedValues, expectedIndices) = Expected(x, axis, shape[axis], descending);
                            var (values, indices) = x.Sort(axis, descending);
                            Assert.Equal(shape, values.Shape);
                            Assert.Equal(shape, indices.Shape);
                            Assert.Equal(expectedIndices, indices.ToArray());
                            Assert.Equal(expectedValues, values.ToArray());
                            Assert.Equal(expectedIndices, x.ArgSort(axis, descending).ToArray());
                            Assert.Equal(expectedIndices, x.ArgSort(axis - shape.Rank, descending).ToArray());
                        }
                    }
                }
            }
        }
    }

    [Fact]
    public void The_first_elements_are_those_of_the_sort()
    {
        foreach (var device in Devices())
        {
            foreach (Shape shape in Shapes)
            {
                for (int axis = 0; axis < shape.Rank; axis++)
                {
                    foreach (int count in new[] { 0, 1, 2, 3, 7, 39, 40, 150 }.Where(count => count <= shape[axis]))
                    {
                        foreach (var x in Forms(shape, device))
                        {
                            foreach (bool largest in new[] { true, false })
                            {
                                var (expectedValues, expectedIndices) = Expected(x, axis, count, largest);
                                var (values, indices) = x.TopK(count, axis, largest);
                                Assert.Equal(shape.With(axis, count), values.Shape);
                                Assert.Equal(expectedIndices, indices.ToArray());
                                Assert.Equal(expectedValues, values.ToArray());
                            }
                        }
                    }
                }
            }
        }
    }

    /// <summary>torch.sort(x, stable=True) and torch.topk(x, 4), with nan as the largest and zeros equal.</summary>
    [Fact]
    public void Special_values_stand_where_PyTorch_has_them()
    {
        foreach (var device in Devices())
        {
            var x = Tensor.From([2, NaN, -1, Inf, 0, -0f, 2, NaN, -Inf], device);
            var (values, indices) = x.Sort();
            Assert.Equal([8, 2, 4, 5, 0, 6, 3, 1, 7], indices.ToArray());
            Assert.Equal([-Inf, -1, 0, 0, 2, 2, Inf, NaN, NaN], values.ToArray());
            Assert.Equal([1, 7, 3, 0, 6, 4, 5, 2, 8], x.ArgSort(descending: true).ToArray());
            Assert.Equal([1, 7, 3, 0], x.TopK(4).Indices.ToArray());
            Assert.Equal([8, 2, 4, 5], x.TopK(4, largest: false).Indices.ToArray());
        }
    }

    [Fact]
    public void The_reference_device_tells_doubles_apart()
    {
        var x = Tensor.From([1, 1, 1], Device.Reference) + Tensor.From([2e-12f, 0, 1e-12f], Device.Reference);
        Assert.Equal([1, 2, 0], x.ArgSort().ToArray());
    }

    [Fact]
    public void The_gradient_goes_to_where_the_elements_stood()
    {
        foreach (var device in Devices())
        {
            var x = new Parameter(Tensor.From([3, 1, 2, 2, 5, 4], [2, 3], device));
            using (var tape = Tape.Record())
            {
                tape.Backward(x.Sort(descending: true).Values, Tensor.From([1, 2, 3, 4, 5, 6], [2, 3], device));
            }

            Assert.Equal([1, 3, 2, 6, 4, 5], x.Gradient!.ToArray());
            x.ClearGradient();
            using (var tape = Tape.Record())
            {
                tape.Backward(x.TopK(2).Values.Sum());
            }

            Assert.Equal([1, 0, 1, 0, 1, 1], x.Gradient!.ToArray());
        }
    }

    [Fact]
    public void A_scalar_is_its_first_element()
    {
        foreach (var device in Devices())
        {
            var x = Tensor.FromScalar(3, device);
            Assert.Equal((3, 0, 0), (x.Sort().Values.Item(), x.Sort(0).Indices.Item(), x.TopK(1).Indices.Rank));
            Refusal.Of<ShapeException>(() => x.TopK(0), "scalar");
        }
    }

    [Fact]
    public void What_is_not_there_is_refused()
    {
        var x = Tensor.Ones([2, 3]);
        Refusal.Of<ArgumentOutOfRangeException>(() => x.TopK(4), "count", "[0, 3]");
        Refusal.Of<ArgumentOutOfRangeException>(() => x.TopK(-1), "count");
        Refusal.Of<ShapeException>(() => x.Sort(2), "Sort", "axis 2 of shape [2, 3]");
        Refusal.Of<ShapeException>(() => x.ArgSort(-3), "ArgSort", "axis -3");
        Refusal.Of<ShapeException>(() => Tensor.FromScalar(1).TopK(1, 1), "axis 1 of shape []");
        Assert.Throws<ArgumentNullException>(() => ((Tensor)null!).Sort());
    }

    /// <summary>Rising, falling, equal and organ-pipe lines of half a million, which a bad choice of pivots would never end.</summary>
    [Fact]
    public void No_order_makes_it_slow()
    {
        const int Length = 500_000;
        foreach (Func<int, float> element in new Func<int, float>[] { i => i, i => -i, _ => 1, i => Math.Min(i, Length - i) })
        {
            var x = Tensor.From([.. Enumerable.Range(0, Length).Select(element)]);
            float[] sorted = x.Sort().Values.ToArray();
            Assert.True(sorted.Zip(sorted.Skip(1)).All(pair => pair.First <= pair.Second));
            Assert.Equal(sorted[..20], x.TopK(20, largest: false).Values.ToArray());
        }
    }

    [Fact]
    public void In_a_steady_step_nothing_is_allocated_but_the_tensors()
    {
        var x = Tensor.Uniform([20, 300], new RandomStream(1));
        for (int i = 0; i < 3; i++)
        {
            Step();
        }

        Assert.InRange(AllocatedBytes.Of(Step), 0, 1600);

        void Step()
        {
            using var scope = Tape.NoRecord();
            x.Sort();
            x.TopK(5);
        }
    }

    private static IEnumerable<Device> Devices() => TestDevices.OfEachWidth().Append<Device>(Device.Reference);

    /// <summary>The same shape, dense and as a view, with elements that are often equal.</summary>
    private static IEnumerable<Tensor> Forms(Shape shape, Device device)
    {
        var random = new Random(shape.Length);
        float[] choices = [0, -0f, 1, -1, 2, 3, 4, 5, -6, 1e30f, 1e-40f, NaN, Inf, -Inf];
        yield return Filled(shape);
        int[] wide = [.. shape.Sizes.ToArray().Reverse().Select(size => 2 * size + 1)];
        var view = Filled(new Shape(wide)).Permute([.. Enumerable.Range(0, shape.Rank).Reverse()]);
        for (int axis = 0; axis < shape.Rank; axis++)
        {
            view = view.Slice(axis, 1, null, 2);
        }

        yield return view;
        if (shape.Length > 0)
        {
            yield return Filled(shape.With(0, 1)).Expand(shape.Sizes);
        }

        Tensor Filled(Shape size) =>
            Tensor.From([.. Enumerable.Range(0, size.Length).Select(_ => choices[random.Next(choices.Length)])], size, device);
    }

    private static (float[] Values, int[] Indices) Expected(Tensor x, int axis, int count, bool descending)
    {
        float[] elements = x.ToArray();
        Shape shape = x.Shape, result = shape.With(axis, count);
        var (values, indices) = (new float[result.Length], new int[result.Length]);
        int length = shape[axis], inner = 1;
        for (int i = axis + 1; i < shape.Rank; i++)
        {
            inner *= shape[i];
        }

        for (int place = 0; place < result.Length; place++)
        {
            int outer = place / inner / count, k = place / inner % count, i = place % inner;
            var line = Enumerable.Range(0, length).Select(at => elements[(outer * length + at) * inner + i]).ToArray();
            var order = descending
                ? Enumerable.Range(0, length).OrderByDescending(at => float.IsNaN(line[at])).ThenByDescending(at => line[at])
                : Enumerable.Range(0, length).OrderBy(at => float.IsNaN(line[at])).ThenBy(at => line[at]);
            indices[place] = order.ElementAt(k);
            values[place] = line[indices[place]];
        }

        return (values, indices);
    }
}
