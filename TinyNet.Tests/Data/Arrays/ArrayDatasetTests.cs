using TinyNet.Data;

namespace TinyNet.Tests.Data;

public class ArrayDatasetTests
{
    private static readonly ArrayDataset Pairs = new("pairs", [0, 1, 10, 11, 20, 21], [2], [0, 1, 0], ["even", "odd"]);

    [Fact]
    public void Samples_are_rows()
    {
        Assert.Equal(3, Pairs.Count);
        Assert.Equal([10, 11], Pairs.Sample(1).ToArray());
        Assert.Equal("pairs: 3 samples of features [2], label; 2 classes", Pairs.ToString());
    }

    [Fact]
    public void A_subset_keeps_the_order_asked_for()
    {
        var subset = Pairs.Subset("two", [2, 1]);
        var (features, labels) = subset.Load(0, 1);

        Assert.Equal([20, 21, 10, 11], features.ToArray());
        Assert.Equal([0, 1], labels.ToArray());
        Assert.Equal([0, 1], subset.Labels.ToArray());
    }

    [Fact]
    public void What_does_not_fit_is_refused()
    {
        Assert.Contains("3 samples of features [2] are 6 values, but there are 5",
            Assert.Throws<ArgumentException>(() => new ArrayDataset("bad", new float[5], [2], [0, 0, 0], ["a"])).Message,
            StringComparison.Ordinal);
        Assert.Contains("label of sample 1 is outside 0..0",
            Assert.Throws<ArgumentOutOfRangeException>(() => new ArrayDataset("bad", new float[2], [1], [0, 1], ["a"])).Message,
            StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => new ArrayDataset("bad", new float[1], [1], [-1], ["a"]));
        Assert.Throws<TinyNet.Core.ShapeException>(() => new ArrayDataset("bad", [], [-1], [], ["a"]));
        Assert.Throws<ArgumentException>(() => new ArrayDataset("bad", [], [1], [], []));
        Assert.Contains("'pairs' has the samples 0..2",
            Assert.Throws<ArgumentOutOfRangeException>(() => Pairs.Sample(3)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(-0.5)]
    [InlineData(double.NaN)]
    public void A_fraction_holds_out_a_part(double fraction) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => Pairs.Split(fraction));

    [Fact]
    public void The_split_rounds_each_class_to_the_nearest()
    {
        for (var n = 0; n < 60; n++)
        {
            foreach (var fraction in (double[])[0.05, 0.1, 0.2, 0.25, 1.0 / 3, 0.5, 0.9])
            {
                int[] labels = [.. Enumerable.Range(0, 2 * n).Select(i => i % 2)];
                var (rest, heldOut) = StratifiedSplit.Indices(labels, 2, fraction);

                Assert.Equal(Enumerable.Range(0, 2 * n), rest.Concat(heldOut).Order());
                Assert.Equal(heldOut.Order(), heldOut);
                foreach (var label in (int[])[0, 1])
                {
                    Assert.InRange(heldOut.Count(i => labels[i] == label) - (n * fraction), -0.5 - 1e-9, 0.5 + 1e-9);
                }
            }
        }
    }

    [Fact]
    public void A_fifth_is_the_third_of_each_five()
    {
        Assert.Equal([2, 7, 12, 17], StratifiedSplit.Indices(new int[20], 1, 0.2).HeldOut);
        Assert.Throws<ArgumentOutOfRangeException>(() => StratifiedSplit.Indices([2], 2, 0.2));
        foreach (double fraction in new[] { 0, 1, double.NaN })
        {
            Refusal.Of<ArgumentOutOfRangeException>(
                () => _ = StratifiedSplit.Indices([0, 1], 2, fraction), "heldOutFraction must be in (0, 1)");
        }
    }

    [Fact]
    public void Sizes_that_no_array_holds_are_refused()
    {
        Refusal.Of<TinyNet.Core.ShapeException>(() => new ArrayDataset("x", [], [int.MaxValue, 5], [0], ["a"]), "[2147483647, 5]", "split");
        Refusal.Of<TinyNet.Core.ShapeException>(() => new ArrayDataset("x", [], [int.MaxValue, 5, 0], [0], ["a"]), "split");
        Refusal.Of<ArgumentException>(() => new ArrayDataset("x", [], [0], [0], ["a", null!]), "class 1 has no name");
        var wide = new ArrayDataset("wide", new float[1 << 16], [1 << 16], [0], ["a"]);
        Refusal.Of<TinyNet.Core.ShapeException>(() => wide.Load(new int[1 << 16]));
        Assert.Equal([0], StratifiedSplit.Indices([int.MaxValue - 1], int.MaxValue, 0.1).Kept);
    }
}
