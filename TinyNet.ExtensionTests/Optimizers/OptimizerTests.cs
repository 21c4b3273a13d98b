using TinyNet.Autograd;
using TinyNet.Core;

namespace TinyNet.ExtensionTests;

/// <summary>
/// An optimizer that was written outside works with groups, schedules, clipping, hooks and state, and computes what its paper says.
/// </summary>
public class OptimizerTests
{
    private const int Steps = 20, Warmup = 5;
    private const float MaxNorm = 0.8f;

    private static readonly LionOptions Weights = new() { LearningRate = 0.02f, WeightDecay = 0.1f, Beta2 = 0.95f };
    private static readonly LionOptions Biases = Weights with { LearningRate = 0.05f, WeightDecay = 0 };

    [Fact]
    public void It_follows_its_definition_in_groups_with_decay_clipping_and_a_schedule()
    {
        var run = new Run();
        var expected = new Definition(run);
        for (int step = 0; step < Steps; step++)
        {
            run.Step(step);
            expected.Step(step);
            AssertClose(expected.Weight, run.Weight);
            AssertClose(expected.Bias, run.Bias);
        }
    }

    [Fact]
    public void A_run_resumed_from_its_state_goes_on_bit_for_bit()
    {
        Run through = new(), first = new();
        Go(through, 0, Steps);
        Go(first, 0, 8);
        var second = new Run(first.Weight, first.Bias);
        second.Optimizer.LoadState(first.Optimizer.SaveState());
        second.Scheduler.StepIndex = first.Scheduler.StepIndex;
        Go(second, 8, Steps);

        Assert.Equal(through.Weight.ToArray(), second.Weight.ToArray());
        Assert.Equal(through.Bias.ToArray(), second.Bias.ToArray());
    }

    [Fact]
    public void Its_state_is_its_own()
    {
        var run = new Run();
        run.Step(0);
        var state = run.Optimizer.SaveState();
        Assert.Equal("Lion", state.Kind);
        Assert.Equal(["mean"], state.Parameters["weight"].Tensors.Keys);
        Assert.Throws<ArgumentException>(() => new Adam([run.Weight, run.Bias]).LoadState(state));
    }

    [Fact]
    public void Hooks_see_every_parameter_before_and_after_its_update()
    {
        var run = new Run();
        var calls = new List<string>();
        using var before = run.Optimizer.BeforeUpdate(parameter => calls.Add($"before {parameter.Name} {run.Weight[0, 0] == 1}"));
        using var after = run.Optimizer.AfterUpdate(parameter => calls.Add($"after {parameter.Name} {run.Weight[0, 0] == 1}"));
        run.Weight[0, 0] = 1;
        run.Step(0);
        Assert.Equal(["before weight True", "after weight False", "before bias False", "after bias False"], calls);
    }

    [Fact]
    public void Parameters_of_one_optimizer_may_lie_on_several_devices()
    {
        Parameter[] parameters =
        [
            new(Tensor.From([1, 2]), "a"), new(Tensor.From([1, 2], [2], Device.Reference), "b"), new(Tensor.From([1, 2]), "c"),
        ];
        foreach (var parameter in parameters)
        {
            parameter.SetGradient(Tensor.From([0.5f, -0.5f], [2], parameter.Device));
        }

        new Lion(ParameterGroup.Of(parameters, new LionOptions { LearningRate = 0.25f })).Step();
        Assert.All(parameters, parameter => Assert.Equal([0.75f, 2.25f], parameter.ToArray()));
    }

    [Fact]
    public void Settings_are_checked_where_they_are_set()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new LionOptions { Beta1 = 1 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new LionOptions { LearningRate = -1 });
    }

    [Fact]
    public void Steps_allocate_nothing()
    {
        var run = new Run();
        run.SetGradients(0);
        run.Optimizer.Step();
        run.SetGradients(1);
        long before = GC.GetAllocatedBytesForCurrentThread();
        run.Optimizer.Step();
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private static void Go(Run run, int from, int to)
    {
        for (int step = from; step < to; step++)
        {
            run.Step(step);
        }
    }

    private static float[] Gradient(int length, int step) =>
        [.. Enumerable.Range(0, length).Select(i => MathF.Sin(1.7f * step + 0.9f * i + length) + 0.1f)];

    private static void AssertClose(double[] expected, Parameter actual)
    {
        foreach (var (x, y) in expected.Zip(actual.ToArray()))
        {
            Assert.True(Math.Abs(x - y) <= 2e-6 * Math.Max(1, Math.Abs(x)), $"{actual.Name}: {y:R}, should be {x:R}");
        }
    }

    /// <summary>Lion over a weight and a bias, in a group each, with a schedule and clipping.</summary>
    private sealed class Run
    {
        public Run() : this(Tensor.From([0.5f, -1.5f, 2f, 0f, 1f, -0.25f], [3, 2]), Tensor.From([0.1f, -0.2f]))
        {
        }

        public Run(Tensor weight, Tensor bias)
        {
            (Weight, Bias) = (new Parameter(weight, "weight"), new Parameter(bias, "bias"));
            Optimizer = new Lion(ParameterGroup.Of([Weight], Weights), ParameterGroup.Of([Bias], Biases));
            Scheduler = new LearningRateScheduler(Optimizer, new InverseRootSchedule(Warmup));
        }

        public Parameter Weight { get; }

        public Parameter Bias { get; }

        public Lion Optimizer { get; }

        public LearningRateScheduler Scheduler { get; }

        public void SetGradients(int step)
        {
            Weight.SetGradient(Tensor.From(Gradient(Weight.Length, step), Weight.Shape));
            Bias.SetGradient(Tensor.From(Gradient(Bias.Length, step)));
        }

        public void Step(int step)
        {
            SetGradients(step);
            GradientClipping.ByNorm(Optimizer.Parameters, MaxNorm);
            Optimizer.Step();
            Scheduler.Step();
        }
    }

    /// <summary>The same in plain double precision, straight from the paper.</summary>
    private sealed class Definition(Run run)
    {
        private readonly double[] _weightMean = new double[run.Weight.Length], _biasMean = new double[run.Bias.Length];

        public double[] Weight { get; } = Array.ConvertAll(run.Weight.ToArray(), x => (double)x);

        public double[] Bias { get; } = Array.ConvertAll(run.Bias.ToArray(), x => (double)x);

        public void Step(int step)
        {
            float[] weight = Gradient(Weight.Length, step), bias = Gradient(Bias.Length, step);
            double norm = Math.Sqrt(weight.Concat(bias).Sum(g => (double)g * g)), clip = Math.Min(1, MaxNorm / (norm + 1e-6));
            double t = step + 1, factor = t < Warmup ? t / Warmup : Math.Sqrt(Warmup / t);
            Update(Weight, _weightMean, weight, clip, factor, Weights);
            Update(Bias, _biasMean, bias, clip, factor, Biases);
        }

        private static void Update(double[] p, double[] m, float[] gradient, double clip, double factor, LionOptions options)
        {
            for (int i = 0; i < p.Length; i++)
            {
                double g = clip * gradient[i];
                double sign = Math.Sign(options.Beta1 * m[i] + (1 - (double)options.Beta1) * g);
                p[i] -= factor * options.LearningRate * (sign + options.WeightDecay * p[i]);
                m[i] = options.Beta2 * m[i] + (1 - (double)options.Beta2) * g;
            }
        }
    }
}
