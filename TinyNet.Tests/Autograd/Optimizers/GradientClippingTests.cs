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
        Assert.Equal(total, GradientClipping.ByNorm(parameters, 1, p).Item(), 1e-3);
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
        Assert.Equal(0, GradientClipping.ByNorm([new Parameter(Tensor.Ones([2]))], 1).Item());
    }

    [Fact]
    public void Not_finite_totals_act_as_in_PyTorch_or_throw()
    {
        var nan = With(float.NaN, 1);
        Assert.Equal(float.NaN, GradientClipping.ByNorm([nan], 1).Item());
        Assert.Equal([float.NaN, float.NaN], nan.Gradient!.ToArray());
        var infinite = With(float.PositiveInfinity, 1);
        Assert.Equal(float.PositiveInfinity, GradientClipping.ByNorm([infinite], 1).Item());
        Assert.Equal([float.NaN, 0], infinite.Gradient!.ToArray());
        var kept = With(float.NaN, 1);
        Refusal.Of<TensorException>(() => GradientClipping.ByNorm([kept], 1, throwIfNotFinite: true), "NaN");
        Assert.Equal(1, kept.Gradient![1]);
    }

    [Theory]
    [InlineData(1e20f, 0, 2, 1, 1e20)]
    [InlineData(1e20f, 1, 3, 1, 1e20)]
    [InlineData(1e30f, 1e30f, 100, 1, 1.0069555500567189e30)]
    [InlineData(3e38f, 3e38f, 2, 1, double.PositiveInfinity)]
    [InlineData(3e38f, 3e38f, 2, 1e-20f, double.PositiveInfinity)]
    [InlineData(3e38f, -3e38f, 1, 1e30f, double.PositiveInfinity)]
    [InlineData(3e38f, 1, double.PositiveInfinity, 1e-10f, 3e38)]
    public void Gradients_of_any_size_are_clipped_to_the_bound(float first, float second, double p, float bound, double total)
    {
        foreach (var device in (Device[])[.. TestDevices.OfEachWidth(), Device.Reference])
        {
            // One parameter that has both, and two that have one each.
            Parameter both = Of(device, first, second), left = Of(device, first), right = Of(device, second);
            Check(GradientClipping.ByNorm([both], bound, p).Item(), [.. both.Gradient!.ToArray()]);
            Check(GradientClipping.ByNorm([left, right], bound, p).Item(), [left.Gradient!.Item(), right.Gradient!.Item()]);
        }

        void Check(float norm, double[] clipped)
        {
            Assert.True(norm.Equals((float)total) || Math.Abs(norm / total - 1) < 1e-6, $"{norm}, should be {total}");
            double largest = Math.Max(Math.Abs(clipped[0]), Math.Abs(clipped[1]));
            double left = double.IsPositiveInfinity(p)
                ? largest
                : largest * Math.Pow(Math.Pow(Math.Abs(clipped[0]) / largest, p) + Math.Pow(Math.Abs(clipped[1]) / largest, p), 1 / p);
            Assert.Equal(1, left / bound, 2e-6);
            Assert.Equal(second / (double)first, clipped[1] / clipped[0], 1e-6);
        }

        static Parameter Of(Device device, params float[] gradient)
        {
            var parameter = new Parameter(Tensor.Zeros([gradient.Length], device));
            parameter.SetGradient(Tensor.From(gradient, device));
            return parameter;
        }
    }

    [Fact]
    public void A_norm_far_below_the_term_that_keeps_it_from_0_is_scaled_by_the_formula()
    {
        var parameter = With(3e-25f, 4e-25f);
        Assert.Equal(1, GradientClipping.ByNorm([parameter], 1e-10f).Item() / 5e-25, 1e-6);
        Assert.Equal(3e-29 / 3e-25, parameter.Gradient![0] / 3e-25, 1e-9);
    }

    [Theory]
    [InlineData(1, 7e-37), InlineData(2, 5e-37), InlineData(7, 4.0722423e-37), InlineData(double.PositiveInfinity, 4e-37)]
    public void A_norm_may_be_as_small_as_floats_are(double p, double norm)
    {
        var parameter = With(3e-37f, 4e-37f);
        Assert.Equal(1, GradientClipping.ByNorm([parameter], 1, p).Item() / norm, 1e-5);
        Assert.Equal(1, GradientClipping.TotalNorm([parameter]) / 5e-37, 1e-5);
    }

    [Theory]
    [InlineData(0.5, 1e11), InlineData(2, 1e4), InlineData(7, 1.9306977)]
    public void Finite_gradients_of_any_size_are_clipped(double p, double elements)
    {
        // (n · 1e37ᵖ)^(1/p) = n^(1/p) · 1e37
        const int n = 100;
        var parameter = With([.. Enumerable.Repeat(1e37f, n)]);
        double norm = Math.Pow(n, 1 / p) * 1e37;
        var total = GradientClipping.ByNorm([parameter], (float)elements, p, throwIfNotFinite: true).Item();
        Assert.Equal(1, norm > float.MaxValue ? float.IsPositiveInfinity(total) ? 1 : 0 : total / norm, 1e-5);
        Assert.All(parameter.Gradient!.ToArray(), clipped => Assert.Equal(1, clipped / (elements / norm * 1e37), 1e-5));
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
        Assert.Equal(5, GradientClipping.ByNorm([parameter], 1).Item(), 1e-6);
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
