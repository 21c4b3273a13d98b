using TinyNet.Autograd;
using TinyNet.Core;
using TinyNet.Layers;

namespace TinyNet.Tests.Layers;

/// <summary>Dropout: what it keeps, what it draws, and when it does nothing.</summary>
public class DropoutTests
{
    [Fact]
    public void Dropout_keeps_the_mean_and_zeroes_the_given_share()
    {
        const int Count = 100_000;
        float[] y = new Dropout(0.3f, new RandomStream(1)).Forward(Tensor.Ones([Count])).ToArray();
        // Five standard deviations of a binomial share: 5 √(p (1 − p) / n) = 0.0073.
        Assert.Equal(0.3, y.Count(value => value == 0) / (double)Count, 0.0073);
        Assert.All(y.Where(value => value != 0), value => Assert.Equal(1 / 0.7f, value, 1e-6f));
        Assert.Equal(1, y.Average(), 0.011);
    }

    [Fact]
    public void Dropout_draws_another_mask_each_time_and_the_same_from_the_same_seed()
    {
        Dropout first = new(0.5f, new RandomStream(1)), second = new(0.5f, new RandomStream(1));
        var x = Tensor.Ones([100]);
        float[] one = first.Forward(x).ToArray(), two = first.Forward(x).ToArray();
        Assert.NotEqual(one, two);
        Assert.Equal(one, second.Forward(x).ToArray());
        Assert.Equal(two, second.Forward(x).ToArray());
    }

    [Fact]
    public void Dropout_passes_gradients_where_it_passed_values()
    {
        var p = new Parameter(Tensor.Ones([50]));
        using var tape = Tape.Record();
        var y = new Dropout(0.5f, new RandomStream(1)).Forward(p);
        tape.Backward(y.Sum());
        Assert.Equal(y.ToArray(), p.Gradient!.ToArray());
    }

    [Fact]
    public void In_evaluation_and_with_p_0_Dropout_gives_the_input_itself_and_draws_nothing()
    {
        var random = new RandomStream(1);
        Dropout evaluated = new(0.5f, random), zero = new(0, random);
        evaluated.Evaluate();
        var x = Tensor.Ones([4]);
        Assert.Same(x, evaluated.Forward(x));
        Assert.Same(x, zero.Forward(x));
        Assert.Equal(0ul, random.Position);
    }

    [Fact]
    public void Dropout_with_p_1_gives_zeros() => Assert.Equal([0, 0, 0], new Dropout(1).Forward(Tensor.From([1, -2, 3])).ToArray());

    [Theory]
    [InlineData(-0.5f)]
    [InlineData(1.5f)]
    [InlineData(float.NaN)]
    public void Dropout_refuses_what_is_no_probability(float p) => Assert.Throws<ArgumentOutOfRangeException>(() => new Dropout(p));
}
