using TinyNet.Data;

namespace TinyNet.Tests.Data;

/// <summary>Batches of samples of similar length.</summary>
public class LengthOrderTests
{
    private const int Longest = 100;

    [Theory]
    [InlineData(1, 1)]
    [InlineData(7, 3)]
    [InlineData(64, 8)]
    [InlineData(97, 8)]
    [InlineData(3000, 13)]
    public void Each_sample_comes_once_in_each_epoch(int count, int batchSize)
    {
        using var loader = Load(Texts(count), batchSize);
        for (int epoch = 0; epoch < 3; epoch++)
        {
            Assert.Equal(Enumerable.Range(0, count), loader.SelectMany(batch => batch.Labels.ToArray()).Order());
        }
    }

    [Fact]
    public void Little_is_padding()
    {
        var texts = Texts(2000);
        Assert.InRange(Padding(new DataLoader<SequenceBatch>(texts, 16, shuffle: true)), 0.3, 0.6);
        Assert.InRange(Padding(Load(texts, 16)), 0, 0.06);
        Assert.InRange(Padding(new DataLoader<SequenceBatch>(texts, 16, byLength: true)), 0, 0.01);
    }

    /// <summary>Whatever the number of batches ahead.</summary>
    [Fact]
    public void The_order_follows_from_seed_and_epoch()
    {
        var texts = Texts(500);
        var first = Orders(seed: 1, prefetch: 1);

        Assert.Equal(first, Orders(seed: 1, prefetch: 0));
        Assert.Equal(first, Orders(seed: 1, prefetch: 5));
        Assert.Distinct([.. first, .. Orders(seed: 2, prefetch: 1)]);
        using var later = Load(texts, 8, seed: 1);
        later.Epoch = 2;
        Assert.Equal(first[2], Order(later));

        List<string> Orders(ulong seed, int prefetch)
        {
            using var loader = Load(texts, 8, seed, prefetch);
            return [Order(loader), Order(loader), Order(loader)];
        }

        static string Order(DataLoader<SequenceBatch> loader) =>
            string.Join(' ', loader.SelectMany(batch => batch.Labels.ToArray()));
    }

    /// <summary>Neither do short batches come first, nor do the same samples come together each time.</summary>
    [Fact]
    public void It_stays_a_matter_of_chance()
    {
        using var loader = Load(Texts(1000), 10);
        int[][][] epochs = [.. Enumerable.Range(0, 2).Select(_ => loader.Select(batch => batch.Labels.ToArray()).ToArray())];
        var together = epochs.Select(batches => batches.Select(batch => string.Join(' ', batch.Order())).ToHashSet()).ToArray();
        using var lengths = Load(Texts(1000), 10);
        int[] longest = [.. lengths.Select(batch => batch.Tokens.Shape[1])];

        Assert.InRange(together[0].Intersect(together[1]).Count(), 0, 10);
        Assert.InRange(longest.Zip(longest.Skip(1)).Count(pair => pair.First > pair.Second), 30, 70);
    }

    /// <summary>Were it always the longest, or always the same samples, that dropLast leaves out, they would never be learned.</summary>
    [Fact]
    public void What_fills_no_batch_is_drawn_at_random()
    {
        using var loader = new DataLoader<SequenceBatch>(Texts(107), 10, shuffle: true, seed: 1, dropLast: true, byLength: true);
        int[] seen = new int[107];
        for (int epoch = 0; epoch < 60; epoch++)
        {
            foreach (int label in loader.SelectMany(batch => batch.Labels.ToArray()))
            {
                seen[label]++;
            }
        }

        // 56 of 60 are expected, by a binomial distribution with a deviation of 1.9.
        Assert.InRange(seen.Min(), 46, 60);
        Assert.Equal(60 * 100, seen.Sum());
    }

    [Fact]
    public void Unshuffled_the_shortest_come_first_and_equals_as_they_were()
    {
        var data = new TokenDataset("texts", [[1, 1, 1], [1], [], [1, 1], [1], []], [0, 1, 2, 3, 4, 5], Names(6));
        using var loader = new DataLoader<SequenceBatch>(data, 2, byLength: true);

        Assert.Equal([[2, 5], [1, 4], [3, 0]], loader.Select(batch => batch.Labels.ToArray()));
    }

    [Fact]
    public void Views_know_the_lengths_of_their_samples()
    {
        var texts = Texts(200);
        int[] evens = [.. Enumerable.Range(0, 100).Select(i => 2 * i)];
        var (train, test) = (texts.Subset("train", evens), texts.Subset("test", 7, 5, 3, 1));
        var view = new View(test.Subset("some", 3, 1));

        Assert.Equal(test.Load(3).Tokens.Shape[1], view.LengthOf(0));
        Assert.Equal(test.Load(1).Tokens.Shape[1], view.LengthOf(1));
        Assert.InRange(Padding(new DataLoader<SequenceBatch>(train, 10, byLength: true)), 0, 0.1);
        Assert.Throws<ArgumentOutOfRangeException>(() => view.LengthOf(2));
        Assert.Throws<ArgumentOutOfRangeException>(() => test.LengthOf(-1));
        Assert.Throws<ArgumentOutOfRangeException>(() => texts.LengthOf(200));
    }

    [Fact]
    public void A_dataset_that_does_not_know_them_is_refused()
    {
        Assert.Null(Digits.LoadAll().LengthOf(0));
        Refusal.Of<ArgumentException>(
            () => new DataLoader(Digits.LoadAll(), 10, byLength: true), "'digits'", "does not know the length of sample 0", "LengthOf");
        Assert.Throws<ArgumentOutOfRangeException>(() => Digits.LoadAll().LengthOf(1797));
    }

    private static DataLoader<SequenceBatch> Load(TokenDataset data, int batchSize, ulong seed = 0, int prefetch = 1) =>
        new(data, batchSize, shuffle: true, seed, prefetch: prefetch, byLength: true);

    /// <summary>Texts of 1 to 100 tokens; the class of each is its number.</summary>
    private static TokenDataset Texts(int count)
    {
        var random = new Random(5);
        int[][] tokens = [.. Enumerable.Range(0, count).Select(_ => Enumerable.Repeat(1, random.Next(1, Longest + 1)).ToArray())];
        return new TokenDataset("texts", tokens, [.. Enumerable.Range(0, count)], Names(count));
    }

    private static string[] Names(int count) => [.. Enumerable.Range(0, count).Select(i => $"{i}")];

    private static double Padding(DataLoader<SequenceBatch> loader)
    {
        double all = 0, tokens = 0;
        foreach (var batch in loader)
        {
            all += batch.Tokens.Length;
            tokens += batch.Lengths.ToArray().Sum();
        }

        loader.Dispose();
        return 1 - (tokens / all);
    }

    private sealed class View : Dataset<SequenceBatch>
    {
        private readonly Dataset<SequenceBatch> _source;

        public View(Dataset<SequenceBatch> source) : base("view", source) => _source = source;

        public override SequenceBatch ToBatch(BatchTensors tensors) => _source.ToBatch(tensors);

        protected override void ReadCore(Sample sample) => _source.Read(sample);
    }
}
