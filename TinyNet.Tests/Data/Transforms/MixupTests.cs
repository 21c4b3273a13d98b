using TinyNet.Core;
using TinyNet.Data;
using TinyNet.Layers;

namespace TinyNet.Tests.Data;

/// <summary>Mixtures of two samples.</summary>
public class MixupTests
{
    [Fact]
    public void Features_and_targets_are_mixed_by_the_same_share()
    {
        const int count = 50;
        var data = Images.Random(count, [2, 3, 4]);
        var mixed = data.Mixup(seed: 1, alpha: 1);
        var (features, targets) = mixed.Load([.. Enumerable.Range(0, count)]);

        Assert.Equal([count, count], targets.Shape.Sizes.ToArray());
        Assert.Equal(data.Labels.ToArray(), mixed.Labels.ToArray());
        float[][] images = [.. features.ToArray().Chunk(24)], shares = [.. targets.ToArray().Chunk(count)];
        for (int i = 0; i < count; i++)
        {
            var (image, target) = (images[i], shares[i]);
            Assert.Equal(1, target.Sum(), 1e-6);
            // Each sample is its own class here: the target is the mixture that the features must be.
            for (int k = 0; k < image.Length; k++)
            {
                Assert.Equal(target.Select((share, other) => (double)share * data.Sample(other)[k]).Sum(), image[k], 1e-6);
            }

            Assert.InRange(target.Count(share => share > 0), 1, 2);
            Assert.True(target[i] > 0);
        }
    }

    [Fact]
    public void Alone_a_sample_has_all_of_its_class()
    {
        var data = Images.Random(5, [2, 3, 4]);
        var (features, targets) = data.OneHot().Load(3, 1);
        Assert.Equal([.. data.Sample(3), .. data.Sample(1)], features.ToArray());
        Assert.Equal([0, 0, 0, 1, 0, 0, 1, 0, 0, 0], targets.ToArray());
        Refusal.Of<ArgumentException>(() => new Unlabeled().OneHot(), "no classes");
    }

    [Fact]
    public void A_class_that_meets_itself_keeps_all_of_it()
    {
        var data = new ArrayDataset("one", [1, 2, 3, 4], [1, 1, 1], [1, 1, 1, 1], ["a", "b"]);

        Assert.All(data.Mixup(3).Load(0, 1, 2, 3).Targets.ToArray().Chunk(2), target => Assert.Equal([0, 1], target));
    }

    /// <summary>The distribution function of Beta(α, α) at 0.05 and 0.25, by numeric integration in float64.</summary>
    [Theory]
    [InlineData(0.2f, 0.291025, 0.414056)]
    [InlineData(1, 0.05, 0.25)]
    [InlineData(4, 0.000194, 0.070557)]
    public void Shares_have_the_distribution_Beta(float alpha, double below005, double below025)
    {
        const int count = 20000;
        var random = new RandomStream(9);
        double[] shares = [.. Enumerable.Range(0, count).Select(_ => BetaDistribution.Draw(alpha, random))];

        Assert.All(shares, share => Assert.InRange(share, 0, 1));
        Near(below005, shares.Count(share => share < 0.05));
        Near(below025, shares.Count(share => share < 0.25));
        Near(0.5, shares.Count(share => share < 0.5));
        Near(below025, shares.Count(share => share > 0.75));
        Near(below005, shares.Count(share => share > 0.95));
        Assert.Equal(0.25 / (2 * alpha + 1), shares.Average(share => (share - 0.5) * (share - 0.5)), 0.004);
        // Five deviations of a binomial distribution.
        static void Near(double probability, int times) =>
            Assert.Equal(probability, times / (double)count, 5 * Math.Sqrt(probability * (1 - probability) / count));
    }

    /// <summary>
    /// Of 4000 shares, about how many are below 0.001 and above 0.999: the distribution by numeric integration in float64.
    /// </summary>
    [Theory]
    [InlineData(float.Epsilon, 2000)]
    [InlineData(1e-30f, 2000)]
    [InlineData(1e-3f, 1986)]
    [InlineData(1e6f, 0)]
    [InlineData(float.MaxValue, 0)]
    public void Extreme_parameters_give_shares(float alpha, int atEachEnd)
    {
        var random = new RandomStream(9);
        double[] shares = [.. Enumerable.Range(0, 4000).Select(_ => BetaDistribution.Draw(alpha, random))];

        Assert.All(shares, share => Assert.InRange(share, 0, 1));
        // Five deviations of a binomial distribution.
        Assert.InRange(shares.Count(share => share < 0.001), atEachEnd - 160, atEachEnd + 160);
        Assert.InRange(shares.Count(share => share > 0.999), atEachEnd - 160, atEachEnd + 160);
        Assert.True(alpha < 1 || shares.All(share => Math.Abs(share - 0.5) < 0.01));
    }

    [Fact]
    public void Partners_are_all_samples_alike_and_others_in_each_epoch()
    {
        const int count = 100, epochs = 60;
        var mixed = Images.Random(count, [1, 1, 1]).Mixup(seed: 1, alpha: 1);
        using var loader = new DataLoader<SoftClassificationBatch>(mixed, count);
        int[] times = new int[count];
        for (int epoch = 0; epoch < epochs; epoch++)
        {
            float[][] targets = [.. loader.SelectMany(batch => batch.Targets.ToArray()).Chunk(count)];
            for (int i = 0; i < count; i++)
            {
                int other = Array.FindIndex(targets[i], (share) => share > 0 && Array.IndexOf(targets[i], share) != i);
                times[other < 0 ? i : other]++;
            }
        }

        // Five deviations about 60.
        Assert.All(times, count => Assert.InRange(count, 60 - 39, 60 + 39));
    }

    [Fact]
    public void The_bits_are_the_same_for_any_number_of_batches_ahead_and_cross_entropy_takes_them()
    {
        var mixed = Images.Random(30, [1, 4, 4])
            .Transform(2, new RandomCrop(1), new RandomHorizontalFlip())
            .Mixup(1)
            .Transform(2, new Cutout(2));
        float[] expected = mixed.Load([.. Enumerable.Range(0, 30)]).Features.ToArray();
        foreach (int prefetch in new[] { 0, 1, 4 })
        {
            using var loader = new DataLoader<SoftClassificationBatch>(mixed, 4, prefetch: prefetch);
            Assert.Equal(expected, loader.SelectMany(batch => batch.Features.ToArray()));
        }

        var (features, targets) = mixed.Load(0, 1);
        Assert.True(float.IsFinite(new CrossEntropy().Forward(Tensor.Zeros([2, 30]), targets).Item()));
        Assert.Equal(MathF.Log(30), new CrossEntropy().Forward(Tensor.Zeros([2, 30]), targets).Item(), 1e-5f);
        Assert.Equal([2, 1, 4, 4], features.Shape.Sizes.ToArray());
    }

    [Fact]
    public void Without_classes_or_numbers_there_is_nothing_to_mix()
    {
        var unlabeled = new Unlabeled();

        Assert.Contains("dataset 'unlabeled' has no classes", Assert.Throws<ArgumentException>(() => unlabeled.Mixup(1)).Message,
            StringComparison.Ordinal);
    }

    private sealed class Unlabeled : Dataset<ClassificationBatch>
    {
        private readonly NumberField _x;
        private readonly IndexField _y;

        public Unlabeled() : base("unlabeled", 3) => (_x, _y) = (Numbers("x", 1), Indices("y"));

        public override ClassificationBatch ToBatch(BatchTensors tensors) => new(tensors[_x], tensors[_y]);

        protected override void ReadCore(Sample sample)
        {
        }
    }
}
