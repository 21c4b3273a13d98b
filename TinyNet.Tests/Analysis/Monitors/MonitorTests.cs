using TinyNet.Analysis;
using TinyNet.Autograd;
using TinyNet.Core;
using TinyNet.Layers;

namespace TinyNet.Tests.Analysis;

/// <summary>What both monitors have in common: which steps count, that nothing changes, and that no trace is left.</summary>
[Collection(GlobalState.Name)]
public class MonitorTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(100)]
    public void A_run_that_is_watched_ends_in_the_same_bits(int every)
    {
        string unwatched = Run(steps: 7, every: null), watched = Run(steps: 7, every);
        Assert.Equal(unwatched, watched);
    }

    [Fact]
    public void Detaching_leaves_no_hook()
    {
        var model = Model();
        using (GradientMonitor.Attach(model))
        using (ActivationMonitor.Attach(model))
        {
            Step(model, x: Data());
            using var tape = Tape.Record();
            model.Forward(Data());
        }

        Assert.All(model.NamedModules(), named => Assert.False(named.Module.Hooks?.Any ?? false, named.Name));
    }

    [Fact]
    public void Hooks_are_on_layers_only_in_steps_that_are_looked_at()
    {
        var model = Model();
        using var monitor = ActivationMonitor.Attach(model, every: 2);
        Step(model, Data());
        Assert.All(model.NamedModules().Skip(1), named => Assert.False(named.Module.Hooks?.Any ?? false, named.Name));
        Step(model, Data());
        Step(model, Data());
        Assert.Equal((3, 2), (monitor.Steps, monitor.SampledSteps));
        Assert.All(monitor.Rows, row => Assert.Equal([1L, 3L], row.Points.Select(point => point.Step)));
    }

    [Fact]
    public void Passes_in_evaluation_without_a_tape_or_after_the_backward_pass_do_not_count()
    {
        var model = Model();
        using var monitor = GradientMonitor.Attach(model);
        using var activations = ActivationMonitor.Attach(model);
        model.Forward(Data());
        using (Tape.NoRecord())
        {
            model.Forward(Data());
        }

        model.Evaluate();
        using (var tape = Tape.Record())
        {
            tape.Backward(model.Forward(Data()).Sum());
        }

        model.Train();
        Assert.Equal((0L, 0L), (monitor.Steps, activations.Steps));
        using (var tape = Tape.Record())
        {
            tape.Backward(model.Forward(Data()).Sum());
            model.Forward(Data());
        }

        Assert.Equal((1L, 1L), (monitor.Steps, activations.Steps));
        Assert.Equal([1L], activations.Rows[0].Points.Select(point => point.Step));
    }

    [Fact]
    public void Several_forward_passes_before_one_backward_pass_are_one_step()
    {
        var model = Model();
        using var monitor = ActivationMonitor.Attach(model);
        using (var tape = Tape.Record())
        {
            tape.Backward(model.Forward(Data()).Sum() + model.Forward(Data()).Sum());
        }

        Assert.Equal(1, monitor.Steps);
        Assert.Equal(["0", "1", "2", "0 call 2", "1 call 2", "2 call 2"], monitor.Rows.Select(row => row.Name));
    }

    [Fact]
    public void A_step_without_a_backward_pass_is_left_out()
    {
        var model = Model();
        using var monitor = ActivationMonitor.Attach(model);
        using (Tape.Record())
        {
            model.Forward(Data());
        }

        Step(model, Data());
        Assert.Equal(1, monitor.Steps);
        Assert.All(monitor.Rows, row => Assert.Single(row.Points));
    }

    [Fact]
    public void What_is_evaluated_after_a_step_was_left_is_not_seen()
    {
        var model = Model();
        using var monitor = ActivationMonitor.Attach(model);
        Step(model, Data());
        long rows = monitor.Rows.Count;
        using (Tape.Record())
        {
            model.Forward(Data());
        }

        for (int i = 0; i < 3; i++)
        {
            model.Evaluate();
            model.Predict(Data());
            model.Train();
        }

        Assert.All(model.NamedModules().Skip(1), named => Assert.False(named.Module.Hooks?.Any ?? false, named.Name));
        Assert.Equal(rows, monitor.Rows.Count);
        Assert.All(monitor.Rows, row => Assert.Single(row.Points));
    }

    [Fact]
    public void A_pass_without_gradients_beside_that_of_the_step_is_not_seen()
    {
        var model = Model();
        using var monitor = ActivationMonitor.Attach(model);
        using (var tape = Tape.Record())
        {
            var loss = model.Forward(Data()).Sum();
            using (Tape.NoGrad())
            {
                model.Forward(Data());
            }

            tape.Backward(loss);
        }

        Assert.Equal(["0", "1", "2"], monitor.Rows.Select(row => row.Name));
    }

    [Fact]
    public void Probes_are_no_steps()
    {
        var model = Model();
        using var monitor = GradientMonitor.Attach(model);
        using (var tape = Tape.Record())
        {
            var loss = model.Forward(Data()).Sum();
            GradientFlow.Of(model, Data(), output => output.Mean());
            tape.Backward(loss);
        }

        Assert.Equal((1L, 1L), (monitor.Steps, monitor.Rows[0].StepsWithGradient));
    }

    [Fact]
    public void A_model_without_a_forward_pass_is_refused() => Refusal.Of<ArgumentException>(
        () => GradientMonitor.Attach(new ModuleList<Dense>(new Dense(2, 2))), "no forward pass", "modules in it");

    [Fact]
    public void Taken_off_between_the_passes_of_a_step_it_counts_no_more()
    {
        var model = Model();
        var monitor = GradientMonitor.Attach(model);
        using (var tape = Tape.Record())
        {
            var loss = model.Forward(Data()).Sum();
            monitor.Dispose();
            tape.Backward(loss);
        }

        monitor.Dispose();
        Assert.Equal(0, monitor.Steps);
    }

    [Fact]
    public void Memory_stays_bounded_over_many_steps()
    {
        var model = new Sequential(new Dense(3, 2), new ReLU());
        var x = Tensor.From([1, 2, 3], [1, 3]);
        using var gradients = GradientMonitor.Attach(model, new MonitorOptions { HistoryLength = 16 });
        using var activations = ActivationMonitor.Attach(model, new MonitorOptions { HistoryLength = 16 });
        for (int i = 0; i < 2000; i++)
        {
            Step(model, x);
        }

        Assert.All(gradients.Rows, row => Assert.InRange(row.Points.Count, 2, 17));
        Assert.All(activations.Rows, row => Assert.InRange(row.Points.Count, 2, 17));
        Assert.Equal((1L, 2000L), (gradients.Rows[0].Points[0].Step, gradients.Rows[0].Points[^1].Step));
    }

    [Fact]
    public void Options_out_of_range_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => GradientMonitor.Attach(Model(), every: 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new MonitorOptions { SampleSize = 4097 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new MonitorOptions { HistoryLength = 1 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new MonitorOptions { NearZero = -1 });
        Assert.Throws<ArgumentNullException>(() => GradientMonitor.Attach(null!));
    }

    internal static Sequential Model()
    {
        RandomStream.Reseed(5);
        return new Sequential(new Dense(4, 6), new Tanh(), new Dense(6, 3));
    }

    internal static Tensor Data() => Tensor.Normal([5, 4], new RandomStream(3));

    internal static void Step(Module<Tensor, Tensor> model, Tensor x, Optimizer? optimizer = null)
    {
        using var tape = Tape.Record();
        tape.Backward((model.Forward(x) * model.Forward(x)).Mean());
        optimizer?.Step();
    }

    /// <summary>The weights after a training of layers that fuse, with a residual connection, dropout and batch statistics.</summary>
    private static string Run(int steps, int? every)
    {
        RandomStream.Reseed(11);
        var model = new Sequential(
            new Conv2d(2, 4, 3, padding: 1), new BatchNorm2d(4), new ReLU(),
            new Residual(new Sequential(new Conv2d(4, 4, 3, padding: 1), new GELU(), new Dropout(0.3f))),
            new MaxPool2d(2), new Flatten(), new Dense(4 * 3 * 3, 8), new Tanh(), new Dense(8, 3));
        using var gradients = every is { } n ? GradientMonitor.Attach(model, n) : null;
        using var activations = every is { } m ? ActivationMonitor.Attach(model, m) : null;
        var optimizer = new Adam(model.Parameters(), 0.01f);
        var x = Tensor.Normal([4, 2, 6, 6], new RandomStream(2));
        var labels = IndexTensor.From([0, 1, 2, 1], [4]);
        for (int i = 0; i < steps; i++)
        {
            using var tape = Tape.Record();
            tape.Backward(new CrossEntropy().Forward(model.Forward(x), labels));
            optimizer.Step();
        }

        return TrainingLoop.Bits(model);
    }
}
