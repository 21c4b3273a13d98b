using TinyNet.Autograd;
using TinyNet.Core;

namespace TinyNet.Tests.Autograd;

/// <summary>Clipping over a set of parameters.</summary>
public class GradientClippingTests
{
    [Theory]
    [InlineData(2, 13)]
    [InlineData(1, 19)]
    [InlineData(double.PositiveInfinity, 12)]
    [InlineData(3, 12.20705)]
    public void The_norm_is_of_all_gradients_together(double p, double total)
    {
        Parameter[] parameters =
        [
            With(3, -4),
            With(12),
            new(Tensor.From([1])),
            With(),
            Spent(100),
            new(Tensor.From([1])) { IsFrozen = true },
        ];
        Assert.Equal(total, GradientClipping.ByNorm(parameters, 1, p), 1e-3);
        Assert.Equal(-4 / total, parameters[0].Gradient![1], 1e-5);
        Assert.Equal(12 / total, parameters[1].Gradient!.Item(), 1e-5);
        Assert.Equal(100, parameters[4].Gradient!.Item());
    }

    [Fact]
    public void What_is_below_the_bound_keeps_its_bits()
    {
        var parameter = With(0.3f, 0.1f);
        GradientClipping.ByNorm([parameter], 1);
        Assert.Equal([0.3f, 0.1f], parameter.Gradient!.ToArray());
        Assert.Equal(0, GradientClipping.ByNorm([new Parameter(Tensor.Ones([2]))], 1));
    }

    [Fact]
    public void Not_finite_totals_act_as_in_PyTorch_or_throw()
    {
        var nan = With(float.NaN, 1);
        Assert.Equal(float.NaN, GradientClipping.ByNorm([nan], 1));
        Assert.Equal([float.NaN, float.NaN], nan.Gradient!.ToArray());
        var infinite = With(float.PositiveInfinity, 1);
        Assert.Equal(float.PositiveInfinity, GradientClipping.ByNorm([infinite], 1));
        Assert.Equal([float.NaN, 0], infinite.Gradient!.ToArray());
        var kept = With(float.NaN, 1);
        Refusal.Of<TensorException>(() => GradientClipping.ByNorm([kept], 1, throwIfNotFinite: true), "NaN");
        Assert.Equal(1, kept.Gradient![1]);
    }

    [Fact]
    public void Values_are_clamped()
    {
        var parameter = With(-3, 0.5f, float.NaN, float.PositiveInfinity);
        GradientClipping.ByValue([parameter, new(Tensor.From([1]))], 1);
        Assert.Equal([-1, 0.5f, float.NaN, 1], parameter.Gradient!.ToArray());
    }

    [Fact]
    public void Inside_a_step_it_works_on_what_the_backward_pass_left()
    {
        var parameter = new Parameter(Tensor.From([3, 4]));
        using var tape = Tape.Record();
        tape.Backward(parameter.Square().Sum() * 0.5f);
        Assert.Equal(5, GradientClipping.ByNorm([parameter], 1), 1e-6);
        Assert.Equal(0.6f, parameter.Gradient![0], 1e-6);
    }

    [Fact]
    public void Bad_bounds_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => GradientClipping.ByNorm([], -1));
        Assert.Throws<ArgumentOutOfRangeException>(() => GradientClipping.ByNorm([], float.NaN));
        Assert.Throws<ArgumentOutOfRangeException>(() => GradientClipping.ByNorm([], 1, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => GradientClipping.ByValue([], -1));
        Assert.Throws<ArgumentNullException>(() => GradientClipping.ByNorm(null!, 1));
        Assert.Throws<ArgumentNullException>(() => GradientClipping.ByValue([null!], 1));
    }

    private static Parameter With(params float[] gradient)
    {
        var parameter = new Parameter(Tensor.Zeros([gradient.Length]));
        parameter.SetGradient(Tensor.From(gradient));
        return parameter;
    }

    private static Parameter Spent(float gradient)
    {
        var parameter = With(gradient);
        new SGD([parameter]).Step();
        return parameter;
    }
}
