using TinyNet.Autograd;
using TinyNet.Core;
using TinyNet.Layers;

namespace TinyNet.Tests.Layers;

/// <summary>Dropout of channels, dropout for SELU, and that a mask does not depend on how its input lies in memory.</summary>
public class DropoutVariantTests
{
    [Fact]
    public void SpatialDropout_drops_whole_channels()
    {
        var y = new SpatialDropout(0.3f, new RandomStream(1)).Forward(Tensor.Ones([200, 50, 2, 3])).Reshape(10_000, 6)
            .ToArray().Chunk(6).ToArray();
        Assert.All(y, channel => Assert.Single(channel.Distinct()));
        // Five standard deviations of a binomial share: 5 √(p (1 − p) / n) = 0.023.
        Assert.Equal(0.3, y.Count(channel => channel[0] == 0) / 10_000.0, 0.023);
        Assert.All(y.Where(channel => channel[0] != 0), channel => Assert.Equal(1 / 0.7f, channel[0], 1e-6f));
    }

    [Theory]
    [InlineData(0.05f)]
    [InlineData(0.3f)]
    [InlineData(0.8f)]
    public void AlphaDropout_keeps_mean_0_and_variance_1(float probability)
    {
        float[] y = new AlphaDropout(probability, new RandomStream(1)).Forward(Tensor.Normal([400_000], new RandomStream(2))).ToArray();
        // Five standard errors of a mean are 5 / √n = 0.008; of a variance at most 5 √(m₄ / n) = 0.02, with a fourth moment m₄ of up to 6.
        Assert.Equal(0, y.Average(), 0.008);
        Assert.Equal(1, y.Average(value => (double)value * value), 0.02);
    }

    [Fact]
    public void In_evaluation_and_with_p_0_they_give_the_input_itself()
    {
        var x = Tensor.Normal([2, 3, 4], new RandomStream(1));
        foreach (var (active, zero) in new (Module<Tensor, Tensor>, Module<Tensor, Tensor>)[]
        {
            (new SpatialDropout(0.5f), new SpatialDropout(0)),
            (new AlphaDropout(0.5f), new AlphaDropout(0)),
        })
        {
            active.Evaluate();
            Assert.Same(x, active.Forward(x));
            Assert.Same(x, zero.Forward(x));
        }
    }

    [Fact]
    public void With_p_1_nothing_is_left()
    {
        Assert.All(new SpatialDropout(1).Forward(Tensor.Ones([2, 3, 4])).ToArray(), value => Assert.Equal(0, value));
        Assert.All(new AlphaDropout(1).Forward(Tensor.Ones([2, 3, 4])).ToArray(), value => Assert.Equal(0, value));
    }

    [Fact]
    public void What_makes_no_sense_is_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new SpatialDropout(1.5f));
        Assert.Throws<ArgumentOutOfRangeException>(() => new AlphaDropout(float.NaN));
        Refusal.Of<ShapeException>(
            () => new SpatialDropout().Forward(Tensor.Ones([2, 3])), "SpatialDropout", "[2, 3]", "[batch, channels, ..]");
    }

    [Fact]
    public void The_mask_of_images_is_the_same_however_they_lie_in_memory()
    {
        var rows = Tensor.Normal([2, 5, 3, 4], new RandomStream(1));
        var channelsLast = new MaxPool2d(1).Forward(rows);
        Assert.False(channelsLast.IsContiguous);
        Assert.Equal(
            new Dropout(0.5f, new RandomStream(2)).Forward(rows).ToArray(),
            new Dropout(0.5f, new RandomStream(2)).Forward(channelsLast).ToArray());
        Assert.Equal(
            new AlphaDropout(0.5f, new RandomStream(2)).Forward(rows).ToArray(),
            new AlphaDropout(0.5f, new RandomStream(2)).Forward(channelsLast).ToArray());
    }
}
