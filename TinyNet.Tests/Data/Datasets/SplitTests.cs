using TinyNet.Core;
using TinyNet.Data;

namespace TinyNet.Tests.Data;

/// <summary>Parts of datasets: views by indices, with and without classes.</summary>
public class SplitTests
{
    private static readonly UnlabeledDataset Numbers = new("numbers", [.. Enumerable.Range(0, 100).Select(i => (float)i)], [1]);

    private static readonly ArrayDataset Labeled = new(
        "labeled",
        [.. Enumerable.Range(0, 100).Select(i => (float)i)],
        [1],
        [.. Enumerable.Range(0, 100).Select(i => i < 70 ? 0 : 1)],
        ["many", "few"]);

    [Theory]
    [InlineData(null)]
    [InlineData(3ul)]
    public void The_parts_are_disjoint_and_complete(ulong? seed)
    {
        var (kept, heldOut) = Numbers.Split(0.25, seed);

        Assert.Equal((75, 25), (kept.Count, heldOut.Count));
        Assert.Equal(("numbers", "numbers/held-out"), (kept.Name, heldOut.Name));
        Assert.Equal(Enumerable.Range(0, 100).Select(i => (float)i), Values(kept).Concat(Values(heldOut)).Order());
        Assert.Equal(Values(heldOut).Order(), Values(heldOut));
        Assert.Equal(Values(kept).Order(), Values(kept));
    }

    [Fact]
    public void A_seed_draws_what_is_held_out()
    {
        float[] drawn = Values(Numbers.Split(0.25, seed: 3).HeldOut);

        Assert.Equal(drawn, Values(Numbers.Split(0.25, seed: 3).HeldOut));
        Assert.NotEqual(drawn, Values(Numbers.Split(0.25, seed: 4).HeldOut));
        Assert.NotEqual(drawn, Values(Numbers.Split(0.25).HeldOut));
    }

    [Theory]
    [InlineData(null)]
    [InlineData(5ul)]
    public void Every_class_keeps_its_share(ulong? seed)
    {
        var (kept, heldOut) = Labeled.Split(0.2, seed, "train", "validation");

        Assert.Equal((14, 6), (heldOut.Labels.Count(0), heldOut.Labels.Count(1)));
        Assert.Equal((56, 24), (kept.Labels.Count(0), kept.Labels.Count(1)));
        Assert.Equal(("train", "validation"), (kept.Name, heldOut.Name));
        Assert.Equal(["many", "few"], heldOut.ClassNames.ToArray());
        var (features, labels) = heldOut.Load([.. Enumerable.Range(0, heldOut.Count)]);
        Assert.Equal(features.ToArray().Select(value => value < 70 ? 0 : 1), labels.ToArray());
        Assert.Equal(labels.ToArray(), heldOut.Labels.ToArray());
    }

    [Fact]
    public void A_part_of_a_part_chooses_among_that()
    {
        var part = Numbers.Subset("tens", [.. Enumerable.Range(0, 10).Select(i => 10 * i)]).Subset("some", 9, 0, 9);

        Assert.Equal([90, 0, 90], Values(part));
        Assert.Equal([1], part.SampleShape.ToArray());
        Assert.Equal("some: 3 samples of features [1]", part.ToString());
    }

    [Fact]
    public void Parts_copy_no_samples()
    {
        var large = new UnlabeledDataset("large", new float[1_000_000], [1000]);
        long before = GC.GetAllocatedBytesForCurrentThread();
        _ = large.Split(0.5);

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 100_000);
    }

    [Fact]
    public void Samples_that_are_not_there_are_refused()
    {
        Refusal.Of<ArgumentOutOfRangeException>(() => Numbers.Subset("x", 0, 100), "'numbers' has the samples 0..99");
        Refusal.Of<ArgumentOutOfRangeException>(() => Numbers.Subset("x", -1), "'numbers'");
        Refusal.Of<ArgumentException>(() => Numbers.Subset(" ", 1));
        Refusal.Of<ArgumentOutOfRangeException>(() => Numbers.Load(0, 100), "'numbers' has the samples 0..99");
        Refusal.Of<ArgumentException>(() => Numbers.Read(default), "'numbers'", "ReadCore");
        Refusal.Of<ArgumentOutOfRangeException>(() => Numbers.Split(1), "heldOutFraction must be in (0, 1)");
    }

    [Fact]
    public void Nothing_can_be_split_and_loaded_too()
    {
        var empty = new UnlabeledDataset("empty", [], [3]);
        var (kept, heldOut) = empty.Split(0.5, seed: 1);

        Assert.Equal((0, 0), (kept.Count, heldOut.Count));
        Assert.Equal([0, 3], empty.Load().Shape.Sizes.ToArray());
    }

    private static float[] Values(Dataset<Tensor> data) => data.Load([.. Enumerable.Range(0, data.Count)]).ToArray();
}
