using TinyNet.Analysis;
using TinyNet.Autograd;
using TinyNet.Core;
using TinyNet.Layers;

namespace TinyNet.Tests.Analysis;

/// <summary>Outputs of layers and their gradients as a monitor sees them, against captures and hooks.</summary>
[Collection(GlobalState.Name)]
public class ActivationMonitorTests
{
    [Fact]
    public void Every_layer_has_a_row_with_the_statistics_of_its_output()
    {
        var model = MonitorTests.Model();
        using var monitor = ActivationMonitor.Attach(model);
        using (var tape = Tape.Record())
        {
            tape.Backward(model.Forward(MonitorTests.Data()).Sum());
        }

        Assert.Equal(["0", "1", "2"], monitor.Rows.Select(row => row.Name));
        foreach (var row in monitor.Rows)
        {
            var output = model.Capture(row.Path, MonitorTests.Data());
            Assert.Equal(TensorStatistics.Of(output), row.Points[0].Output);
            Assert.Equal(Quantiles.Of(output.ToArray()), row.Points[0].Quantiles);
            Assert.Equal(output.ToArray(), row.LastSample);
        }
    }

    [Fact]
    public void The_gradient_of_an_output_is_that_which_comes_back_to_it()
    {
        var model = MonitorTests.Model();
        var expected = new Dictionary<string, TensorStatistics>();
        using var monitor = ActivationMonitor.Attach(model);
        var handles = model.NamedModules().Skip(1).Select(named => named.Module.OnOutputGradient((module, _, gradient) =>
            expected[module.Path] = TensorStatistics.Of(gradient))).ToList();
        using (var tape = Tape.Record())
        {
            tape.Backward((model.Forward(MonitorTests.Data()) * 3f).Sum());
        }

        Assert.All(monitor.Rows, row => Assert.Equal(expected[row.Path], row.Points[0].Gradient));
        handles.ForEach(handle => handle.Dispose());
    }

    [Fact]
    public void What_only_hands_on_has_no_row_and_what_runs_twice_has_two()
    {
        var shared = new Dense(4, 4);
        var model = new Sequential(new Sequential(shared, new Identity()), new Tanh(), shared, new Flatten());
        using var monitor = ActivationMonitor.Attach(model);
        MonitorTests.Step(new Sequential(model), MonitorTests.Data());
        Assert.Equal(
            ["0.0", "1", "0.0 call 2"], monitor.Rows.Where(row => row.Call == 1 || row.Name == "0.0 call 2").Select(row => row.Name));
    }

    [Fact]
    public void Units_that_give_nothing_are_counted()
    {
        // Of four units one has a bias far below 0.
        var dense = new Dense(3, 4);
        dense.Weight.CopyFrom(Enumerable.Repeat(0.1f, 12).ToArray());
        dense.Bias!.CopyFrom([1, -100, 1, 1]);
        var model = new Sequential(dense, new ReLU(), new Dense(4, 2));
        using var monitor = ActivationMonitor.Attach(model);
        for (int i = 0; i < 4; i++)
        {
            using var tape = Tape.Record();
            tape.Backward(model.Forward(Tensor.Ones([5, 3])).Sum());
        }

        var row = monitor.Rows[1];
        Assert.Equal((4, 0.25, 0.25), (row.Units, row.Points[^1].SilentShare, row.DeadShare(4)));
        Assert.True(double.IsNaN(row.DeadShare(5)));
        Assert.Equal(0, monitor.Rows[0].Units);
    }

    [Fact]
    public void Channels_are_the_units_of_images()
    {
        var convolution = new Conv2d(1, 3, 3, padding: 1);
        convolution.Bias!.CopyFrom([-1000, 5, -1000]);
        var model = new Sequential(convolution, new ReLU());
        using var monitor = ActivationMonitor.Attach(model);
        using (var tape = Tape.Record())
        {
            tape.Backward(model.Forward(Tensor.Normal([2, 1, 5, 5], new RandomStream(0))).Sum());
        }

        Assert.Equal((3, 2.0 / 3), (monitor.Rows[1].Units, monitor.Rows[1].Points[0].SilentShare));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(float.NaN)]
    public void A_unit_is_active_that_gives_something_in_one_sample_alone(float something)
    {
        const int samples = 40, units = 3;
        var model = new Sequential(new Dense(units, units, bias: false), new ReLU());
        ((Dense)model[0]).Weight.CopyFrom([1, 0, 0, 0, 1, 0, 0, 0, 1]);
        float[] values = new float[samples * units];
        (values[0], values[^1]) = (1, something);
        using var monitor = ActivationMonitor.Attach(model);
        using (var tape = Tape.Record())
        {
            tape.Backward(model.Forward(Tensor.From(values, [samples, units])).Sum());
        }

        // Nan in one feature is nan times 0 in the others.
        double silent = float.IsNaN(something) ? 0 : 1.0 / units;
        Assert.Equal((units, silent), (monitor.Rows[1].Units, monitor.Rows[1].Points[0].SilentShare));
    }

    [Theory]
    [InlineData("sigmoid", 0.4)]
    [InlineData("tanh", 0.4)]
    [InlineData("hardtanh", 0.4)]
    [InlineData("scaled_tanh", 0.4)]
    [InlineData("relu", double.NaN)]
    [InlineData("relu6", double.NaN)]
    [InlineData("gelu", double.NaN)]
    [InlineData("snake", double.NaN)]
    [InlineData("leaky_relu", double.NaN)]
    public void Values_at_the_bounds_of_bounded_activations_are_counted(string name, double expected)
    {
        var model = new Sequential(new Dense(5, 5, bias: false), Activation.FromName(name));
        ((Dense)model[0]).Weight.CopyFrom([.. Enumerable.Range(0, 25).Select(i => i % 6 == 0 ? 1f : 0)]);
        using var monitor = ActivationMonitor.Attach(model);
        using (var tape = Tape.Record())
        {
            tape.Backward(model.Forward(Tensor.From([-50, -0.5f, 0, 0.5f, 50], [1, 5])).Sum());
        }

        Assert.Equal(expected, monitor.Rows[1].Points[0].SaturatedShare, 1e-9);
    }

    [Fact]
    public void Channels_of_a_single_pixel_are_units_too()
    {
        var model = new Sequential(new Conv2d(3, 5, 1), new ReLU());
        using var monitor = ActivationMonitor.Attach(model);
        using (var tape = Tape.Record())
        {
            tape.Backward(model.Forward(Tensor.Ones([2, 3, 1, 1])).Sum());
        }

        Assert.Equal(5, monitor.Rows[1].Units);
    }

    [Fact]
    public void What_the_model_gives_may_be_sure_of_itself()
    {
        var model = new Sequential(new Dense(2, 2), new Sigmoid());
        model.Parameters()[1].Fill(100);
        using var monitor = ActivationMonitor.Attach(model);
        for (int i = 0; i < 6; i++)
        {
            using var tape = Tape.Record();
            tape.Backward((model.Forward(Tensor.Ones([3, 2])) + model.Forward(Tensor.Ones([3, 2]))).Sum());
        }

        Assert.Equal(1, monitor.Rows[1].Points[^1].SaturatedShare);
        Assert.DoesNotContain(monitor.Diagnose(), finding => finding.Kind == FindingKind.SaturatedUnits);
    }

    [Fact]
    public void Nan_is_kept_though_no_backward_pass_follows()
    {
        var model = MonitorTests.Model();
        using var monitor = ActivationMonitor.Attach(model);
        MonitorTests.Step(model, MonitorTests.Data());
        model.Parameters()[2].Fill(float.NaN);
        using (Tape.Record())
        {
            model.Forward(MonitorTests.Data());
        }

        monitor.Dispose();
        Assert.Equal([null, null, 2L], monitor.Rows.Take(3).Select(row => row.FirstNonFiniteStep));
        Assert.Equal("2", Assert.Single(monitor.Diagnose(), finding => finding.Kind == FindingKind.NotFinite).Subject);
    }

    [Fact]
    public void Several_tensors_of_a_layer_have_a_row_each()
    {
        var model = new LSTM(3, 4);
        using var monitor = ActivationMonitor.Attach(model);
        using (var tape = Tape.Record())
        {
            tape.Backward(model.Forward(Tensor.Ones([2, 5, 3])).Output.Sum());
        }

        Assert.Contains("model.Output", monitor.Rows.Select(row => row.Name));
        Assert.Contains(monitor.Rows, row => row.Name.EndsWith("Cell", StringComparison.Ordinal));
        Assert.Distinct(monitor.Rows.Select(row => row.Name));
    }
}
