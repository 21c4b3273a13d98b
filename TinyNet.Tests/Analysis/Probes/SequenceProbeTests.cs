using TinyNet.Analysis;
using TinyNet.Autograd;
using TinyNet.Core;
using TinyNet.Layers;

namespace TinyNet.Tests.Analysis;

/// <summary>The states of recurrent networks.</summary>
public class SequenceProbeTests
{
    [Fact]
    public void Units_and_steps_have_the_statistics_of_their_numbers()
    {
        // Two samples, three steps, two units.
        float[] states = [1, 10, 2, 20, 3, 30, 5, 10, 6, 20, 7, -30];
        var probe = SequenceProbe.Of(Tensor.From(states, [2, 3, 2]));
        double[] first = [1, 2, 3, 5, 6, 7], second = [10, 20, 30, 10, 20, -30];
        Assert.Equal((first.Average() + second.Average()) / 2, probe.UnitMean, 1e-12);
        Assert.Equal((Deviation(first) + Deviation(second)) / 2, probe.UnitDeviation, 1e-12);
        Assert.Equal((-14.5, 18.5), (probe.UnitMinimum, probe.UnitMaximum));

        var last = probe.Steps[2];
        Assert.Equal((3, 2.5, -30.0, 30.0), (last.Step, last.Mean, last.Minimum, last.Maximum));
        Assert.Equal(Deviation([3, 30, 7, -30]), last.Deviation, 1e-12);
        Assert.Equal((Math.Sqrt(909) + Math.Sqrt(949)) / 2, last.Norm, 1e-12);

        var other = SequenceProbe.Of(Tensor.From(states, [2, 3, 2]).Transpose(0, 1), batchFirst: false);
        Assert.Equal(probe.Steps, other.Steps);
        Assert.Equal(probe.UnitDeviation, other.UnitDeviation, 1e-12);
    }

    /// <summary>A state that fades by e^(−0.1 t) with the time since the start ends in nothing.</summary>
    [Fact]
    public void A_state_that_fades_shows_in_the_norms()
    {
        var x = Tensor.Normal([8, 100, 3], new RandomStream(1));
        var layer = new Sequential(
            new RNN(3, 20, random: new RandomStream(2)).AllSteps(),
            new Lambda(states => states * Tensor.From([.. Enumerable.Range(1, 100).Select(t => MathF.Exp(-0.1f * t))], [100, 1])));
        SequenceProbe kept = SequenceProbe.Of(layer, "0", x), faded = SequenceProbe.Of(layer, "1", x);
        Assert.Equal(100, kept.Steps.Count);
        Assert.True(kept.Steps[99].Norm > 0.5);
        Assert.Equal(Math.Exp(-10), faded.Steps[99].Norm / kept.Steps[99].Norm, 1e-8);
        Assert.True(layer.IsTraining);
    }

    [Fact]
    public void The_figure_shows_states_and_norms_over_the_steps()
    {
        var probe = SequenceProbe.Of(Tensor.Normal([2, 4, 3], new RandomStream(1)));
        var figure = probe.ToFigure();
        Assert.Equal(["step", "step"], figure.Panels.Select(panel => panel.X.Label));
        Assert.Equal(4, ((Band)figure.Panels[0].Series[0]).X.Count);
        Assert.Equal(probe.Steps.Select(step => step.Norm), ((Line)figure.Panels[1].Series[0]).Y);
        Assert.Equal((4, 1), (probe.ToTable().Rows.Count, probe.ToUnitTable().Rows.Count));
        Refusal.Of<ShapeException>(() => SequenceProbe.Of(Tensor.Ones([2, 3])), "[2, 3]", "[samples, steps, units]");
        Refusal.Of<ShapeException>(() => SequenceProbe.Of(Tensor.Ones([2, 0, 3])), "[2, 0, 3]");
    }

    private static double Deviation(double[] values) =>
        Math.Sqrt(values.Average(value => value * value) - values.Average() * values.Average());
}
