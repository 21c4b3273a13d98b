using TinyNet.Autograd;
using TinyNet.Core;

namespace TinyNet.Tests.Autograd;

/// <summary>
/// Gradients whose squares no float holds, and settings at the ends of their ranges; the values are those of the definitions.
/// </summary>
public class OptimizerEdgeTests
{
    private static readonly float[] Magnitudes = [1e-31f, 1e-30f, 1e-20f, 1, 1e20f, 1e30f, 1e37f];

    // A gradient that is always the same makes one step of the learning rate, or one that follows from the decay.
    private static readonly Dictionary<string, (Func<Parameter, float, Optimizer> Create, double Step)> FirstSteps = new()
    {
        ["adam"] = ((p, epsilon) => new Adam([p], 1, epsilon: epsilon), -1),
        ["adam, amsgrad"] = ((p, epsilon) => new Adam([p], 1, epsilon: epsilon, amsgrad: true), -1),
        ["adamw"] = ((p, epsilon) => new AdamW([p], 1, epsilon: epsilon), -1),
        ["adamax"] = ((p, epsilon) => new Adamax([p], 1, epsilon: epsilon), -1),
        ["nadam"] = ((p, epsilon) => new NAdam([p], 1, epsilon: epsilon, momentumDecay: 0), -1 - 0.1 * 0.45 / (1 - 0.45 * 0.45)),
        ["rmsprop"] = ((p, epsilon) => new RMSProp([p], 1, 0.75f, epsilon), -2),
        ["rmsprop, centered"] = ((p, epsilon) => new RMSProp([p], 1, 0.5f, epsilon, centered: true), -2),
        ["rmsprop, with momentum"] = ((p, epsilon) => new RMSProp([p], 1, 0.75f, epsilon, momentum: 0.5f), -2),
        ["adagrad"] = ((p, epsilon) => new Adagrad([p], 1, epsilon: epsilon), -1),
    };

    public static TheoryData<string> Names => [.. FirstSteps.Keys];

    private static IEnumerable<Device> Devices => TestDevices.OfEachWidth().Append<Device>(Device.Reference);

    [Theory, MemberData(nameof(Names))]
    public void The_first_step_does_not_depend_on_the_size_of_the_gradient(string name)
    {
        foreach (var device in Devices)
        {
            // Twenty numbers: a vector of each width, and what is left over.
            float[] gradient = [.. Enumerable.Range(0, 20).Select(i => Magnitudes[i % Magnitudes.Length])];
            var parameter = new Parameter(Tensor.Zeros([20], device));
            var optimizer = FirstSteps[name].Create(parameter, 0);
            parameter.SetGradient(Tensor.From(gradient, [20], device));
            optimizer.Step();

            Assert.All(parameter.ToArray(), step => Assert.Equal(FirstSteps[name].Step, step, 1e-6 * Math.Abs(FirstSteps[name].Step)));
        }
    }

    [Fact]
    public void A_second_moment_that_keeps_nothing_forgets_large_gradients()
    {
        foreach (var device in Devices)
        {
            foreach (var create in (Func<Parameter, Optimizer>[])[p => new Adam([p], 1, 0.9f, 0), p => new NAdam([p], 1, 0.9f, 0),
                p => new RMSProp([p], 1, 0), p => new RMSProp([p], 1, 0, centered: true), p => new Adadelta([p], 1, 0)])
            {
                var parameter = new Parameter(Tensor.Zeros([20], device));
                var optimizer = create(parameter);
                foreach (float gradient in (float[])[1e30f, 0, 1])
                {
                    parameter.SetGradient(Tensor.Full([20], gradient, device));
                    optimizer.Step();
                }

                Assert.All(parameter.ToArray(), value => Assert.True(float.IsFinite(value), $"{optimizer} on {device}: {value}"));
            }
        }
    }

    [Theory]
    [InlineData(1e-20f, 1e-30f)]
    [InlineData(1e20f, 1e-8f)]
    public void The_first_step_of_Adam_with_a_rate_of_1_is_minus_1(float gradient, float epsilon)
    {
        foreach (var device in Devices)
        {
            var parameter = new Parameter(Tensor.Zeros([1], device));
            parameter.SetGradient(Tensor.From([gradient], [1], device));
            new Adam([parameter], 1, epsilon: epsilon).Step();

            Assert.Equal(-1, parameter.Item(), 1e-6);
        }
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 1e-12f)]
    [InlineData(1e20f, 1e-30f)]
    [InlineData(1e-20f, 1e-37f)]
    public void The_steps_of_Adadelta_follow_its_definition(float gradient, float epsilon)
    {
        foreach (var device in Devices)
        {
            var parameter = new Parameter(Tensor.Zeros([1], device));
            var optimizer = new Adadelta([parameter], 1, 0.75f, epsilon);
            double square = 0, ofSteps = 0, expected = 0, floor = Math.Max(epsilon, double.Epsilon);
            for (int step = 0; step < 5; step++)
            {
                parameter.SetGradient(Tensor.From([gradient], [1], device));
                optimizer.Step();
                square = 0.75 * square + 0.25 * gradient * (double)gradient;
                double change = Math.Sqrt((ofSteps + floor) / (square + floor)) * gradient;
                (ofSteps, expected) = (0.75 * ofSteps + 0.25 * change * change, expected - change);
            }

            Assert.Equal(expected, parameter.Item(), 1e-5 * Math.Abs(expected));
        }
    }

    [Theory, MemberData(nameof(Names))]
    public void Without_epsilon_a_gradient_of_0_changes_nothing(string name)
    {
        foreach (var device in Devices)
        {
            var parameter = new Parameter(Tensor.From([1, 2], [2], device));
            var optimizer = FirstSteps[name].Create(parameter, 0);
            if (optimizer is AdamW)
            {
                continue; // Its weights decay.
            }

            for (int step = 0; step < 3; step++)
            {
                parameter.SetGradient(Tensor.Zeros([2], device));
                optimizer.Step();
            }

            Assert.Equal([1, 2], parameter.ToArray());
        }
    }

    [Fact]
    public void A_centered_divisor_is_right_where_gradients_hardly_differ()
    {
        foreach (var device in Devices)
        {
            // Gradients of 1000 ± 1: their variance is 1e-6 of their square, 16 times what a float resolves of that.
            var parameter = new Parameter(Tensor.Zeros([1], device));
            var optimizer = new RMSProp([parameter], 1, 0.5f, 0, centered: true);
            double square = 0, mean = 0, expected = 0;
            for (int step = 0; step < 60; step++)
            {
                double gradient = 1000 + step % 2;
                parameter.Fill(0);
                parameter.SetGradient(Tensor.From([(float)gradient], [1], device));
                optimizer.Step();
                (square, mean) = (0.5 * square + 0.5 * gradient * gradient, 0.5 * mean + 0.5 * gradient);
                expected = -gradient / Math.Sqrt(square - mean * mean);
            }

            Assert.Equal(expected, parameter.Item(), 1e-4 * Math.Abs(expected));
        }
    }

    [Fact]
    public void Decoupled_decay_is_not_lost_where_1_less_what_it_takes_is_1()
    {
        // 2e-8 of 1.5 is a quarter of its last place: it acts on average, as steps of all sizes round up and down.
        const int Length = 1000, Steps = 1000;
        const double Part = 1e-6f * (double)0.02f;
        var random = new Random(3);
        Parameter with = new(Tensor.Full([Length], 1.5f)), without = new(with);
        AdamW decaying = new([with], 1e-6f, weightDecay: 0.02f), plain = new([without], 1e-6f, weightDecay: 0);
        for (int step = 0; step < Steps; step++)
        {
            var gradient = Tensor.From([.. Enumerable.Range(0, Length).Select(_ => 2 * random.NextSingle() - 1)]);
            with.SetGradient(gradient);
            without.SetGradient(gradient);
            decaying.Step();
            plain.Step();
        }

        double taken = without.ToArray().Zip(with.ToArray()).Average(pair => (double)pair.First - pair.Second);
        Assert.Equal(1.5 * Steps * Part, taken, 0.05 * 1.5 * Steps * Part);
    }

    [Theory]
    [InlineData(4, false)]
    [InlineData(5, false)]
    [InlineData(6, true)]
    public void Rectified_Adam_begins_to_adapt_in_the_sixth_step_for_a_decay_next_to_1(int steps, bool isAdaptive)
    {
        // ρ is t − t² (1 − β₂) / 6 and a little: just below 5 in step 5.
        foreach (float beta2 in new[] { 0.999f, 0.9999999f, MathF.BitDecrement(1) })
        {
            var parameter = new Parameter(Tensor.Zeros([1]));
            var optimizer = new RAdam([parameter], 1, 0, beta2);
            for (int step = 0; step < steps; step++)
            {
                parameter.Fill(0);
                parameter.SetGradient(Tensor.From([100]));
                optimizer.Step();
            }

            Assert.Equal(isAdaptive, parameter.Item() > -99);
        }
    }

    [Theory, MemberData(nameof(Names))]
    public void A_learning_rate_of_0_changes_nothing(string name)
    {
        var parameter = new Parameter(Tensor.From([1, -2, 1e30f]));
        var optimizer = FirstSteps[name].Create(parameter, 1e-8f);
        optimizer.LearningRate = 0;
        for (int step = 0; step < 3; step++)
        {
            parameter.SetGradient(Tensor.From([3, 1e30f, 1e-30f]));
            optimizer.Step();
        }

        Assert.Equal([1, -2, 1e30f], parameter.ToArray());
    }

    [Theory]
    [InlineData(0.9f)]
    [InlineData(0.999f)]
    public void Roots_that_are_kept_as_floats_follow_long_runs(float beta2)
    {
        foreach (var device in Devices)
        {
            const int Length = 36;
            var random = new Random(5);
            var parameter = new Parameter(Tensor.Zeros([Length], device), "w");
            var optimizer = new Adam([parameter], 1, beta1: 0, beta2, 1e-30f);
            double[] squares = new double[Length];
            for (int step = 1; step <= 2000; step++)
            {
                // Constant ones, random ones, and ones that shrink.
                float[] gradient = [.. squares.Select((_, i) => (i % 3) switch
                {
                    0 => 0.7f * (1 + i),
                    1 => 2 * random.NextSingle() - 1,
                    _ => MathF.Pow(0.99f, step) * (1 + random.NextSingle()),
                })];
                parameter.Fill(0);
                parameter.SetGradient(Tensor.From(gradient, [Length], device));
                optimizer.Step();
                float[] steps = parameter.ToArray();
                for (int i = 0; i < Length; i++)
                {
                    squares[i] = beta2 * squares[i] + (1 - (double)beta2) * gradient[i] * gradient[i];
                    double expected = -gradient[i] / Math.Sqrt(squares[i] / (1 - Math.Pow(beta2, step)));
                    Assert.Equal(expected, steps[i], 1e-4 * Math.Abs(expected));
                }
            }
        }
    }
}
