using TinyNet.Autograd;
using TinyNet.Core;

namespace TinyNet.Tests.Autograd;

/// <summary>SGD and Adam against their definitions in double precision, and the rules that all optimizers keep.</summary>
public class OptimizerTests
{
    private const int Steps = 12;
    private static readonly float[] Start = [0.5f, -1.5f, 2f, 0f];

    [Theory]
    [InlineData(0, 0, 0, false)]
    [InlineData(0.9f, 0, 0, false)]
    [InlineData(0.9f, 0, 0, true)]
    [InlineData(0.9f, 0.3f, 0, false)]
    [InlineData(0, 0, 0.1f, false)]
    [InlineData(0.8f, 0, 0.1f, true)]
    public void Sgd_follows_its_definition(float momentum, float dampening, float weightDecay, bool nesterov)
    {
        var p = new Parameter(Tensor.From(Start));
        var optimizer = new SGD([p], 0.1f, momentum, nesterov, weightDecay, dampening);
        double[] expected = Array.ConvertAll(Start, x => (double)x), buffer = new double[Start.Length];
        for (int step = 0; step < Steps; step++)
        {
            float[] gradient = Gradient(step);
            p.SetGradient(Tensor.From(gradient));
            optimizer.Step();
            for (int i = 0; i < expected.Length; i++)
            {
                double g = gradient[i] + weightDecay * expected[i];
                if (momentum > 0)
                {
                    buffer[i] = step == 0 ? g : momentum * buffer[i] + (1 - dampening) * g;
                    g = nesterov ? g + momentum * buffer[i] : buffer[i];
                }

                expected[i] -= 0.1 * g;
            }

            AssertClose(expected, p);
        }
    }

    [Theory]
    [InlineData(0.9f, 0.999f, 1e-8f, 0)]
    [InlineData(0.5f, 0.9f, 1e-3f, 0)]
    [InlineData(0.9f, 0.99f, 1e-8f, 0.2f)]
    [InlineData(0, 0, 1e-8f, 0)]
    public void Adam_follows_its_definition(float beta1, float beta2, float epsilon, float weightDecay)
    {
        var p = new Parameter(Tensor.From(Start));
        var optimizer = new Adam([p], 0.05f, beta1, beta2, epsilon, weightDecay);
        double[] expected = Array.ConvertAll(Start, x => (double)x), mean = new double[Start.Length], square = new double[Start.Length];
        for (int step = 1; step <= Steps; step++)
        {
            float[] gradient = Gradient(step);
            p.SetGradient(Tensor.From(gradient));
            optimizer.Step();
            for (int i = 0; i < expected.Length; i++)
            {
                double g = gradient[i] + weightDecay * expected[i];
                mean[i] = beta1 * mean[i] + (1 - beta1) * g;
                square[i] = beta2 * square[i] + (1 - beta2) * g * g;
                double m = mean[i] / (1 - Math.Pow(beta1, step)), v = square[i] / (1 - Math.Pow(beta2, step));
                expected[i] -= 0.05 * m / (Math.Sqrt(v) + epsilon);
            }

            AssertClose(expected, p);
        }
    }

    [Fact]
    public void A_change_of_the_learning_rate_takes_effect_at_the_next_step()
    {
        var p = new Parameter(Tensor.From([1]));
        var optimizer = new SGD([p], 0.5f);
        p.SetGradient(Tensor.From([1]));
        optimizer.Step();
        optimizer.LearningRate = 0.25f;
        p.SetGradient(Tensor.From([1]));
        optimizer.Step();
        Assert.Equal(0.25f, p.Item());
    }

    [Fact]
    public void What_has_no_fresh_gradient_or_is_frozen_stays_as_it_is()
    {
        Parameter untouched = new(Tensor.From([1])), spent = new(Tensor.From([1])), frozen = new(Tensor.From([1])) { IsFrozen = true };
        var optimizer = new Adam([untouched, spent, frozen], 0.1f, weightDecay: 1);
        spent.SetGradient(Tensor.From([1]));
        frozen.SetGradient(Tensor.From([1]));
        optimizer.Step();
        float once = spent.Item();
        optimizer.Step();
        Assert.Equal((1, once, 1), (untouched.Item(), spent.Item(), frozen.Item()));
        Assert.NotEqual(1, once);
    }

    [Fact]
    public void Hooks_run_before_and_after_each_update_until_removed()
    {
        Parameter p = new(Tensor.From([1]), "p"), q = new(Tensor.From([1]), "q"), none = new(Tensor.From([1]), "none");
        var optimizer = new SGD([p, none, q], 0.5f);
        var calls = new List<string>();
        var before = optimizer.BeforeUpdate(
            parameter => calls.Add($"before {parameter.Name} {parameter.Item()} {parameter.IsGradientSpent}"));
        var after = optimizer.AfterUpdate(parameter => calls.Add($"after {parameter.Name} {parameter.Item()} {parameter.IsGradientSpent}"));
        Step();
        Assert.Equal(["before p 1 False", "after p 0.5 True", "before q 1 False", "after q 0.5 True"], calls);
        calls.Clear();
        before.Dispose();
        after.Dispose();
        Step();
        Assert.Empty(calls);

        void Step()
        {
            p.SetGradient(Tensor.From([1]));
            q.SetGradient(Tensor.From([1]));
            optimizer.Step();
        }
    }

    [Fact]
    public void A_hook_before_the_update_may_change_the_gradient()
    {
        var p = new Parameter(Tensor.From([1]));
        var optimizer = new SGD([p], 1);
        optimizer.BeforeUpdate(parameter => parameter.Gradient!.Fill(0.25f));
        p.SetGradient(Tensor.From([8]));
        optimizer.Step();
        Assert.Equal(0.75f, p.Item());
    }

    [Fact]
    public void ClearGradients_forgets_all()
    {
        var p = new Parameter(Tensor.From([1]));
        p.SetGradient(Tensor.From([1]));
        new SGD([p]).ClearGradients();
        Assert.Null(p.Gradient);
    }

    [Fact]
    public void None_one_twice_and_null_are_refused()
    {
        var p = new Parameter(Tensor.From([1]), "weights");
        Refusal.Of<ArgumentException>(() => new SGD([]), "no parameters");
        Refusal.Of<ArgumentException>(() => new Adam([p, p]), "'weights'", "twice");
        Assert.Throws<ArgumentNullException>(() => new SGD(null!));
        Assert.Throws<ArgumentNullException>(() => new SGD([p, null!]));
        Assert.Throws<ArgumentNullException>(() => new SGD([p]).BeforeUpdate(null!));
    }

    [Fact]
    public void Values_out_of_range_are_refused()
    {
        Parameter[] p = [new(Tensor.From([1]))];
        foreach (float bad in new[] { -1, float.NaN, float.PositiveInfinity })
        {
            Assert.Throws<ArgumentOutOfRangeException>(() => new SGD(p, bad));
            Assert.Throws<ArgumentOutOfRangeException>(() => new SGD(p, momentum: bad));
            Assert.Throws<ArgumentOutOfRangeException>(() => new SGD(p, weightDecay: bad));
            Assert.Throws<ArgumentOutOfRangeException>(() => new Adam(p, bad));
            Assert.Throws<ArgumentOutOfRangeException>(() => new Adam(p, beta1: bad));
            Assert.Throws<ArgumentOutOfRangeException>(() => new Adam(p, beta2: bad));
            Assert.Throws<ArgumentOutOfRangeException>(() => new Adam(p, epsilon: bad));
            Assert.Throws<ArgumentOutOfRangeException>(() => new Adam(p, weightDecay: bad));
            Assert.Throws<ArgumentOutOfRangeException>(() => new SGD(p).LearningRate = bad);
        }

        Assert.Throws<ArgumentOutOfRangeException>(() => new SGD(p, momentum: 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Adam(p, beta2: 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new SGD(p, momentum: 0.5f, dampening: float.NaN));
        Refusal.Of<ArgumentException>(() => new SGD(p, nesterov: true), "momentum");
        Refusal.Of<ArgumentException>(() => new SGD(p, momentum: 0.9f, nesterov: true, dampening: 0.1f), "dampening");
    }

    private static float[] Gradient(int step) => [.. Start.Select((_, i) => MathF.Sin(1.7f * step + i) + (i == 3 ? 0 : 0.2f))];

    private static void AssertClose(double[] expected, Parameter actual)
    {
        foreach (var (x, y) in expected.Zip(actual.ToArray()))
        {
            Assert.True(Math.Abs(x - y) <= 2e-6 * Math.Max(1, Math.Abs(x)), $"{y:R}, should be {x:R}");
        }
    }
}
