using TinyNet.Autograd;
using TinyNet.Core;
using TinyNet.Layers;

namespace TinyNet.Tests.Core;

/// <summary>
/// Ranges that there are not, indices that a layout does not have, and counts that no integer holds, are refused by name.
/// </summary>
public class RefusedRangeTests
{
    [Theory]
    [InlineData(-3e38f, 3e38f)]
    [InlineData(1f, -1f)]
    [InlineData(0f, float.NaN)]
    [InlineData(float.NaN, 1f)]
    [InlineData(0f, float.PositiveInfinity)]
    public void Uniform_numbers_need_an_interval(float low, float high) =>
        Refusal.Of<ArgumentOutOfRangeException>(() => Tensor.Uniform([2], new RandomStream(1), low, high));

    [Theory]
    [InlineData(0f, -1f)]
    [InlineData(0f, float.NaN)]
    [InlineData(0f, float.PositiveInfinity)]
    [InlineData(float.NaN, 1f)]
    [InlineData(3e38f, 3e38f)]
    [InlineData(0f, 1e38f)]
    [InlineData(-3e38f, 1e37f)]
    public void Normal_numbers_need_a_mean_and_a_deviation(float mean, float deviation)
    {
        Refusal.Of<ArgumentOutOfRangeException>(() => Tensor.Normal([2], new RandomStream(1), mean, deviation));
        Refusal.Of<ArgumentOutOfRangeException>(() => Initializer.Normal(mean, deviation));
    }

    /// <summary>The farthest normal number comes from the words 0 and 0: √(−2 ln 2⁻³²) = √(64 ln 2).</summary>
    [Fact]
    public void Normal_numbers_that_are_taken_are_finite()
    {
        Assert.InRange(Math.Sqrt(64 * Math.Log(2)), Philox.LargestNormal - 0.01f, Philox.LargestNormal);
        Assert.Equal(Math.Sqrt(64 * Math.Log(2)), Philox.ToNormals(0, 0).First, 1e-12);
        Assert.All(Tensor.Normal([10_000], new RandomStream(1), 0, 5.1e37f).ToArray(), x => Assert.True(float.IsFinite(x)));
    }

    [Fact]
    public void What_is_refused_takes_nothing_from_the_stream()
    {
        var random = new RandomStream(1);
        Refusal.Of<ArgumentOutOfRangeException>(() => Tensor.Uniform([2], random, 1, 0));
        Refusal.Of<ArgumentOutOfRangeException>(() => Tensor.Normal([2], random, 0, -1));
        Refusal.Of<ShapeException>(() => Tensor.Uniform([int.MaxValue], random));
        Assert.Equal(0UL, random.Position);
    }

    [Fact]
    public void Integers_run_up_to_the_largest_and_no_further()
    {
        Assert.Equal([int.MaxValue - 1, int.MaxValue], IndexTensor.Range(int.MaxValue - 1, 2).ToArray());
        Assert.Equal([int.MaxValue], IndexTensor.Range(int.MaxValue, 1).ToArray());
        Refusal.Of<ArgumentOutOfRangeException>(() => IndexTensor.Range(int.MaxValue, 2), "count");
        Refusal.Of<ArgumentOutOfRangeException>(() => IndexTensor.Range(3, int.MaxValue), "count");
        Refusal.Of<ShapeException>(() => IndexTensor.Range(0, -1), "negative");
    }

    [Fact]
    public void The_default_shape_and_layout_are_those_of_a_scalar()
    {
        Assert.Equal(1, default(Shape).Length);
        Assert.Equal(new Shape(), default);
        Assert.True(default(Layout).IsContiguous);
        Assert.Equal(3, Tensor.Full(default, 3).Item());
        Assert.Equal(0, new Shape(2, 0).Length);
    }

    [Fact]
    public void A_shape_has_no_axis_behind_its_last()
    {
        Shape shape = [2, 3];
        Assert.Equal(3, shape[^1]);
        Refusal.Of<ShapeException>(() => shape[^0], "axis ^0");
        Refusal.Of<ShapeException>(() => shape[^3], "axis ^3");
    }

    [Fact]
    public void A_layout_makes_no_view_of_what_is_not_there()
    {
        var layout = new Layout([2, 3]);
        Refusal.Of<ShapeException>(() => layout.Permute([0, 2]), "Permute");
        Refusal.Of<ShapeException>(() => layout.Permute([0, 0]), "Permute");
        Refusal.Of<ShapeException>(() => layout.Permute([0]), "Permute");
        Refusal.Of<ShapeException>(() => layout.Transpose(5, 6), "Transpose");
        Refusal.Of<ShapeException>(() => layout.Slice(1, 2, 2, 1), "Slice");
        Refusal.Of<ShapeException>(() => layout.Slice(1, -1, 1, 1), "Slice");
        Refusal.Of<ShapeException>(() => layout.Slice(2, 0, 1, 1), "Slice");
        Refusal.Of<ShapeException>(() => layout.Slice(1, 0, 2, 0), "Slice");
        Refusal.Of<ShapeException>(() => layout.Slide(1, 2, 1, 3, 1), "Slide");
        Refusal.Of<ShapeException>(() => layout.Slide(1, 2, int.MaxValue, 3, int.MaxValue), "Slide");
        Refusal.Of<ShapeException>(() => layout.Select(0, 2), "Select");
        Refusal.Of<ShapeException>(() => layout.Squeeze(0), "Squeeze");
        Refusal.Of<ShapeException>(() => layout.Unsqueeze(3), "axis 3");
        Refusal.Of<ShapeException>(() => layout.Diagonal(0, 1), "Diagonal");
        Refusal.Of<ShapeException>(() => layout.Expand([3]), "Expand");
        Refusal.Of<ShapeException>(() => layout.Expand([4, 3]), "Expand");
        Refusal.Of<ShapeException>(() => Refused(() => layout.MemoryOrder(new int[3])), "MemoryOrder");
        Refusal.Of<ShapeException>(() => Layout.ChannelsLast([2, 3]), "ChannelsLast");
        Assert.Equal([5, 1], new Layout([3, 5]).Slice(0, 2, 1, int.MaxValue).Strides.ToArray());

        static object? Refused(Action action)
        {
            action();
            return null;
        }
    }

    [Fact]
    public void Joining_counts_before_it_makes()
    {
        var wide = Tensor.Zeros([1 << 30, 0]);
        Refusal.Of<ShapeException>(() => Tensor.Concat(0, wide, wide, wide, wide), "Concat", $"{1L << 32} elements long");
        Refusal.Of<ArgumentOutOfRangeException>(() => Tensor.Zeros([0, 5]).Chunk(int.MaxValue, 0), "Chunk", $"{int.MaxValue} pieces");
        Refusal.Of<ArgumentOutOfRangeException>(() => Tensor.Zeros([0, 5]).Chunk(100_000_000, 0), "Chunk");
        Refusal.Of<ArgumentOutOfRangeException>(() => Tensor.Ones([1]).Expand(int.MaxValue).Chunk(int.MaxValue), "Chunk");
        Refusal.Of<ArgumentOutOfRangeException>(() => Tensor.Ones([1]).Expand(int.MaxValue).Split(1), "Split");
        Refusal.Of<ArgumentOutOfRangeException>(() => Tensor.Zeros([0, 5]).Split(new int[1_000_001]), "Split", "1000001 pieces");
        Assert.Equal(3, Tensor.Zeros([0, 5]).Chunk(3).Length);
        Assert.Equal(5, Tensor.Zeros([2, 5]).Chunk(int.MaxValue, 1).Length);
        Refusal.Of<ArgumentOutOfRangeException>(() => IndexTensor.From().OneHot(-1), "classes");
    }

    /// <summary>The sizes of what is multiplied may be more than an integer counts although no operand has elements.</summary>
    [Fact]
    public void Sums_of_products_count_before_they_multiply()
    {
        Tensor a = Tensor.Zeros([0, 1 << 16]), b = Tensor.Zeros([0, 1 << 16]), c = Tensor.Zeros([0, 1 << 16]);
        Refusal.Of<ShapeException>(() => Tensor.Einsum("za,zb,zc->abc", a, b, c));
    }

    [Fact]
    public void Windows_that_do_not_slide_are_refused()
    {
        Refusal.Of<ArgumentOutOfRangeException>(() => new WindowAxis(3, Stride: 0).Windows(5), "Stride");
        Refusal.Of<ArgumentOutOfRangeException>(() => new WindowAxis(0).Windows(5), "Size");
        Refusal.Of<ArgumentOutOfRangeException>(() => new WindowAxis(3, Dilation: -1).Windows(5), "Dilation");
        Refusal.Of<ArgumentOutOfRangeException>(() => new WindowAxis(3, PadAfter: -1).Windows(5), "PadAfter");
        Refusal.Of<ArgumentOutOfRangeException>(() => new WindowAxis(3).Windows(-5), "length");
        Refusal.Of<ArgumentOutOfRangeException>(
            () => new WindowAxis(1, PadBefore: int.MaxValue, PadAfter: int.MaxValue).Windows(int.MaxValue), "windows");
        Refusal.Of<ArgumentOutOfRangeException>(() => PoolAxis.Sliding(new WindowAxis(3, Stride: 0), 5, ceiling: true), "Stride");
        Refusal.Of<ArgumentOutOfRangeException>(
            () => PoolAxis.Sliding(new WindowAxis(1, PadBefore: int.MaxValue), int.MaxValue, ceiling: true), "windows");
        Refusal.Of<ArgumentOutOfRangeException>(() => PoolAxis.Even(5, 0), "parts");
        Assert.Equal(default, default(PoolAxis).Part(0));
        Assert.Equal((0, -1), default(PoolAxis).PartsAround(0));
        Assert.Equal(-1, default(PoolPart).IndexOf(0));
        Refusal.Of<InvalidOperationException>(() => default(RecurrenceTask).Steps, "empty");
    }
}
