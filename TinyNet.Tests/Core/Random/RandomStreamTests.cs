using TinyNet.Core;

namespace TinyNet.Tests.Core;

/// <summary>Random numbers: the published answers of Philox, their distributions, and streams that go back and forth.</summary>
public class RandomStreamTests
{
    /// <summary>The known answers of Random123 (kat_vectors, philox4x32-10).</summary>
    [Theory]
    [InlineData(0, 0, 0, 0x6627e8d5u, 0xe169c58du, 0xbc57ac4cu, 0x9b00dbd8u)]
    [InlineData(ulong.MaxValue, ulong.MaxValue, ulong.MaxValue, 0x408f276du, 0x41c83b0eu, 0xa20bc7c6u, 0x6d5451fdu)]
    [InlineData(0x299f31d0a4093822, 0x0370734413198a2e, 0x85a308d3243f6a88, 0xd16cfe09u, 0x94fdccebu, 0x5001e420u, 0x24126ea1u)]
    public void Philox_gives_the_published_answers(ulong key, ulong high, ulong low, uint x, uint y, uint z, uint w) =>
        Assert.Equal((x, y, z, w), Philox.Block(key, high, low));

    [Fact]
    public void Uniform_numbers_fill_their_range_evenly()
    {
        float[] x = Tensor.Uniform([200_000], new RandomStream(1), -1, 3).ToArray();
        Assert.All(x, value => Assert.True(value is >= -1 and < 3));
        Assert.Equal(1, x.Average(), 0.015);
        // The variance is (3 + 1)² / 12.
        Assert.Equal(16 / 12.0, x.Average(value => (value - 1.0) * (value - 1)), 0.02);
        Assert.Equal(0.25, x.Count(value => value < 0) / 200_000.0, 0.006);
    }

    [Fact]
    public void Normal_numbers_have_the_moments_of_a_normal_distribution()
    {
        double[] x = [.. Tensor.Normal([200_000], new RandomStream(2), 1, 2).ToArray().Select(value => (value - 1.0) / 2)];
        Assert.Equal(0, x.Average(), 0.012);
        Assert.Equal(1, x.Average(value => value * value), 0.02);
        Assert.Equal(0, x.Average(value => value * value * value), 0.05);
        Assert.Equal(3, x.Average(value => value * value * value * value), 0.15);
        Assert.Equal(0, x.Zip(x.Skip(1), (a, b) => a * b).Average(), 0.012);
    }

    /// <summary>Whatever registers the device has; the block after position 2³⁴ has a counter of more than 32 bits.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData((1UL << 34) - 8)]
    [InlineData(ulong.MaxValue - 67)]
    [InlineData(ulong.MaxValue - 7)]
    public void Elements_come_from_the_words_at_their_positions(ulong position)
    {
        const ulong seed = 0xFEDCBA9876543210;
        foreach (int width in TestDevices.Widths)
        {
            var device = new CpuDevice(laneBits: width);
            foreach (var (low, high) in new[] { (0f, 1f), (-3.7f, -0.2f), (1f, MathF.BitIncrement(1f)), (2f, 2f), (-1e38f, 2e38f) })
            {
                float[] numbers = Tensor.Uniform([53], new RandomStream(seed) { Position = position }, low, high, device).ToArray();
                var words = Enumerable.Range(0, numbers.Length).Select(i => Philox.Word(seed, unchecked(position + (ulong)i)));
                Assert.Equal(words.Select(word => Philox.ToUniform(word, low, high)), numbers);
            }
        }
    }

    [Fact]
    public void Single_numbers_are_those_that_tensors_have_first()
    {
        RandomStream one = new(4), other = new(4);
        for (int i = 0; i < 100; i++)
        {
            Assert.Equal(Tensor.Uniform([1], one, -2, 5).Item(), other.Uniform(-2, 5));
            Assert.Equal(Tensor.Normal([1], one, 3, 2).Item(), other.Normal(3, 2));
        }

        Assert.Equal(one.Position, other.Position);
        Assert.Equal(0.5, Enumerable.Range(0, 10_000).Average(_ => one.Uniform()), 0.015);
        Assert.Throws<ArgumentOutOfRangeException>(() => one.Uniform(1, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => one.Normal(0, -1));
    }

    [Fact]
    public void A_stream_makes_tensors()
    {
        RandomStream one = new(4), other = new(4);
        Assert.Equal(Tensor.Uniform([2, 3], one, -1).ToArray(), other.Uniform([2, 3], -1).ToArray());
        Assert.Equal(Tensor.Normal([2, 3], one, 1, 2).ToArray(), other.Normal([2, 3], 1, 2).ToArray());
        Assert.Equal(Device.Reference, other.Uniform([2], device: Device.Reference).Device);
        Assert.Throws<ArgumentNullException>(() => ((RandomStream)null!).Uniform([2]));
    }

    [Fact]
    public void A_stream_set_back_repeats_itself()
    {
        var random = new RandomStream(5);
        random.Next(7);
        ulong position = random.Position;
        int[] first = [.. Enumerable.Range(0, 20).Select(_ => random.Next(1000))];
        random.Position = position;
        Assert.Equal(first, Enumerable.Range(0, 20).Select(_ => random.Next(1000)));
    }

    [Fact]
    public void A_fork_is_another_stream_and_the_same_each_time()
    {
        int[] Draw(RandomStream random) => [.. Enumerable.Range(0, 20).Select(_ => random.Next(1000))];
        Assert.Equal(Draw(new RandomStream(5).Fork()), Draw(new RandomStream(5).Fork()));
        Assert.NotEqual(Draw(new RandomStream(5)), Draw(new RandomStream(5).Fork()));
    }

    [Fact]
    public void Integers_are_uniform_below_their_limit()
    {
        var random = new RandomStream(3);
        int[] counts = new int[6];
        for (int i = 0; i < 60_000; i++)
        {
            counts[random.Next(6)]++;
        }

        // Chi-square with 5 degrees of freedom: above 25 with probability 1.4e-4.
        Assert.InRange(counts.Sum(count => (count - 10_000.0) * (count - 10_000) / 10_000), 0, 25);
        Assert.Throws<ArgumentOutOfRangeException>(() => random.Next(0));
    }

    [Fact]
    public void A_shuffle_is_a_permutation_and_every_order_comes()
    {
        var random = new RandomStream(3);
        var orders = new Dictionary<string, int>();
        for (int i = 0; i < 6000; i++)
        {
            char[] letters = ['a', 'b', 'c'];
            random.Shuffle<char>(letters);
            string order = new(letters);
            orders[order] = orders.GetValueOrDefault(order) + 1;
        }

        Assert.Equal(6, orders.Count);
        Assert.All(orders.Values, count => Assert.InRange(count, 850, 1150));
    }
}
