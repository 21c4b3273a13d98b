using TinyNet.Analysis;
using TinyNet.Autograd;
using TinyNet.Core;
using TinyNet.Layers;

namespace TinyNet.Tests.Analysis;

/// <summary>Gradients, weights and updates as a monitor sees them, against the tensors themselves.</summary>
[Collection(GlobalState.Name)]
public class GradientMonitorTests
{
    [Fact]
    public void Every_parameter_has_a_row_with_the_statistics_of_its_gradient_and_itself()
    {
        var model = MonitorTests.Model();
        using var monitor = GradientMonitor.Attach(model);
        MonitorTests.Step(model, MonitorTests.Data());
        Assert.Equal(model.NamedParameters().Select(named => named.Name), monitor.Rows.Select(row => row.Name));
        foreach (var row in monitor.Rows)
        {
            var point = Assert.Single(row.Points);
            Assert.Equal(TensorStatistics.Of(row.Parameter.Gradient!), point.Gradient);
            Assert.Equal(TensorStatistics.Of(row.Parameter), point.Weight);
            Assert.Equal(Quantiles.Of(row.Parameter.Gradient!.ToArray()), point.Quantiles);
        }
    }

    [Fact]
    public void An_update_is_what_the_optimizer_added()
    {
        // Plain SGD moves by the rate times the gradient.
        var model = MonitorTests.Model();
        var optimizer = new SGD(model.Parameters(), 0.5f);
        using var monitor = GradientMonitor.Attach(model);
        MonitorTests.Step(model, MonitorTests.Data(), optimizer);
        Assert.All(monitor.Rows, row => Assert.True(double.IsNaN(row.Points[0].UpdateNorm)));
        MonitorTests.Step(model, MonitorTests.Data(), optimizer);
        MonitorTests.Step(model, MonitorTests.Data(), optimizer);
        Assert.All(monitor.Rows, row =>
            Assert.All(row.Points.SkipLast(1), point => Assert.Equal(0.5 * point.Gradient.L2Norm, point.UpdateNorm, 1e-6)));
        Assert.All(monitor.Weights, row =>
            Assert.Equal(row.Points[0].UpdateNorm / row.Points[0].Weight.L2Norm, row.Points[0].UpdateRatio, 1e-12));
    }

    [Fact]
    public void What_is_put_into_parameters_after_the_last_step_is_no_update()
    {
        var model = MonitorTests.Model();
        using var monitor = GradientMonitor.Attach(model);
        MonitorTests.Step(model, MonitorTests.Data(), new SGD(model.Parameters(), 0.5f));
        model.Parameters()[0].Fill(1000);
        monitor.Dispose();
        Assert.True(double.IsNaN(monitor.Rows[0].Points[0].UpdateNorm));
    }

    [Fact]
    public void What_the_optimizer_leaves_out_does_not_move()
    {
        var model = MonitorTests.Model();
        var optimizer = new SGD([model.Parameters()[0]], 0.5f);
        using var monitor = GradientMonitor.Attach(model);
        for (int i = 0; i < 7; i++)
        {
            MonitorTests.Step(model, MonitorTests.Data(), optimizer);
        }

        Assert.Equal(0, monitor.Rows[2].Points[0].UpdateNorm);
        Assert.Contains(("2", FindingKind.NotLearning), monitor.Diagnose().Select(finding => (finding.Subject, finding.Kind)));
    }

    [Fact]
    public void Where_no_update_follows_its_norm_is_unknown()
    {
        var model = MonitorTests.Model();
        using var monitor = GradientMonitor.Attach(model);
        MonitorTests.Step(model, MonitorTests.Data());
        MonitorTests.Step(model, MonitorTests.Data());
        Assert.All(monitor.Rows, row => Assert.All(row.Points, point => Assert.True(double.IsNaN(point.UpdateNorm))));
    }

    [Fact]
    public void A_tied_weight_has_one_row_and_one_that_gets_no_gradient_is_counted()
    {
        var tied = new Dense(3, 3, bias: false);
        var model = new Sequential(tied, new Tanh(), tied, new Dense(3, 2, bias: false));
        tied.Freeze();
        using var monitor = GradientMonitor.Attach(model);
        MonitorTests.Step(model, Tensor.Ones([2, 3]));
        Assert.Equal(2, monitor.Rows.Count);
        Assert.Equal((0L, 1L), (monitor.Rows[0].StepsWithGradient, monitor.Rows[0].StepsWithoutGradient));
        Assert.Equal((1L, 0L), (monitor.Rows[1].StepsWithGradient, monitor.Rows[1].StepsWithoutGradient));
    }

    [Fact]
    public void The_total_is_that_of_all_steps()
    {
        var model = MonitorTests.Model();
        var seen = new List<float>();
        using var monitor = GradientMonitor.Attach(model, new MonitorOptions { HistoryLength = 2 });
        for (int i = 0; i < 9; i++)
        {
            MonitorTests.Step(model, Tensor.Normal([5, 4], new RandomStream((ulong)i)));
            seen.AddRange(model.Parameters()[0].Gradient!.ToArray());
        }

        var expected = TensorStatistics.Of(seen.ToArray());
        var total = monitor.Rows[0].Total;
        Assert.Equal((expected.Count, expected.Minimum, expected.Maximum), (total.Count, total.Minimum, total.Maximum));
        Assert.Equal(expected.StandardDeviation, total.StandardDeviation, 1e-6);
    }
}
