using TinyNet.Data;

namespace TinyNet.Tests.Data;

/// <summary>An enumeration that begins in the middle of an epoch gives the rest of it.</summary>
public class FirstBatchTests
{
    public static TheoryData<int, bool, bool> Settings
    {
        get
        {
            var settings = new TheoryData<int, bool, bool>();
            foreach (int prefetch in new[] { 0, 1, 2, 3, 9 })
            {
                settings.AddRange((prefetch, false, true), (prefetch, true, true), (prefetch, false, false), (prefetch, true, false));
            }

            return settings;
        }
    }

    [Theory, MemberData(nameof(Settings))]
    public void The_rest_is_that_of_the_whole_epoch(int prefetch, bool dropLast, bool shuffle)
    {
        using var whole = Make(0);
        using var loader = Make(prefetch);
        for (int first = 0; first <= whole.Count; first++)
        {
            for (int epoch = 0; epoch < 2; epoch++)
            {
                whole.Epoch = loader.Epoch = epoch;
                loader.FirstBatch = first;
                int[][] expected = Labels(whole)[first..], found = Labels(loader);
                Assert.Equal(expected, found);
                Assert.Equal((epoch + 1, 0), (loader.Epoch, loader.FirstBatch));

                // The epoch after it is whole again.
                Assert.Equal(Labels(whole), Labels(loader));
            }
        }

        DataLoader Make(int ahead) => new(Numbers(23), batchSize: 4, shuffle, seed: 3, dropLast, ahead);
    }

    [Theory, MemberData(nameof(Settings))]
    public void It_may_be_left_and_begun_elsewhere(int prefetch, bool dropLast, bool shuffle)
    {
        using var loader = new DataLoader(Numbers(23), batchSize: 4, shuffle, seed: 3, dropLast, prefetch);
        int[][] all = Labels(loader);
        foreach (int first in new[] { 3, 0, 4, 1, 2 })
        {
            (loader.Epoch, loader.FirstBatch) = (0, first);
            foreach (var (_, labels) in loader)
            {
                Assert.Equal(all[first], labels.ToArray());
                break;
            }
        }
    }

    [Fact]
    public void It_is_a_batch_of_the_epoch_or_its_end()
    {
        using var loader = new DataLoader(Numbers(10), batchSize: 4);
        Assert.Throws<ArgumentOutOfRangeException>(() => loader.FirstBatch = -1);
        Assert.Throws<ArgumentOutOfRangeException>(() => loader.FirstBatch = 4);
        using var full = new DataLoader(Numbers(10), batchSize: 4, dropLast: true);
        Assert.Throws<ArgumentOutOfRangeException>(() => full.FirstBatch = 3);
        full.FirstBatch = 2;
        Assert.Empty(Labels(full));
    }

    [Fact]
    public void Setting_it_leaves_an_enumeration_under_way_alone()
    {
        using var loader = new DataLoader(Numbers(10), batchSize: 4);
        var seen = new List<int>();
        foreach (var (_, labels) in loader)
        {
            loader.FirstBatch = 2;
            seen.AddRange(labels.ToArray());
        }

        Assert.Equal(Enumerable.Range(0, 10), seen);
        Assert.Equal([[8, 9]], Labels(loader));
    }

    private static int[][] Labels(DataLoader loader)
    {
        var batches = new List<int[]>();
        foreach (var (_, labels) in loader)
        {
            batches.Add(labels.ToArray());
        }

        return [.. batches];
    }

    private static ArrayDataset Numbers(int count) => new(
        "numbers", new float[count], [1], [.. Enumerable.Range(0, count)], [.. Enumerable.Range(0, count).Select(i => $"{i}")]);
}
