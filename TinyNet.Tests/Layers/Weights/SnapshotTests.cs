using TinyNet.Autograd;
using TinyNet.Core;
using TinyNet.Layers;

namespace TinyNet.Tests.Layers;

/// <summary>Copies of a model's weights: taken, put back, and moved from model to model.</summary>
public class SnapshotTests
{
    [Fact]
    public void A_snapshot_puts_parameters_and_buffers_back()
    {
        var model = new Sequential(new Dense(3, 4), new BatchNorm1d(4));
        var x = Tensor.Normal([8, 3], new RandomStream(1));
        var snapshot = model.Snapshot();
        float[] before = Output(model, x);
        using (var tape = Tape.Record())
        {
            tape.Backward(model.Forward(x).Square().Mean());
            new SGD(model.Parameters(), 0.5f).Step();
        }

        Assert.NotEqual(before, Output(model, x));
        var gradient = model.Parameters()[0].Gradient!.ToArray();
        model.Restore(snapshot);
        Assert.Equal(before, Output(model, x));
        Assert.Equal(gradient, model.Parameters()[0].Gradient!.ToArray());
    }

    [Fact]
    public void A_snapshot_outlives_its_step_and_the_device()
    {
        var model = new Dense(3, 4);
        float[] weight = model.Weight.ToArray();
        WeightsSnapshot snapshot;
        using (Tape.NoRecord())
        {
            snapshot = model.Snapshot();
        }

        model.Weight.Fill(0);
        model.To(Device.Reference);
        model.Restore(snapshot);
        Assert.Equal(weight, model.Weight.ToArray());
        Assert.Equal(Device.Reference, model.Weight.Device);
    }

    [Fact]
    public void A_snapshot_is_put_back_again_and_again_and_into_another_model()
    {
        Dense model = new(3, 4), other = new(3, 4);
        float[] weight = model.Weight.ToArray();
        var snapshot = model.Snapshot();
        for (int i = 0; i < 2; i++)
        {
            model.Weight.Fill(i);
            model.Restore(snapshot);
            Assert.Equal(weight, model.Weight.ToArray());
        }

        other.Restore(snapshot);
        other.Weight.Fill(9);
        Assert.Equal(weight, model.Weight.ToArray());
    }

    [Fact]
    public void A_copy_is_a_copy()
    {
        var model = new Sequential(new Conv2d(2, 3, 3), new BatchNorm2d(3));
        var copy = new Sequential(new Conv2d(2, 3, 3), new BatchNorm2d(3));
        model.Forward(Tensor.Normal([4, 2, 5, 5], new RandomStream(1)));
        copy.To(Device.Reference);
        copy.CopyFrom(model);
        foreach (var (mine, its) in State(copy).Zip(State(model)))
        {
            Assert.Equal(its.ToArray(), mine.ToArray());
            Assert.Equal(Device.Reference, mine.Device);
            its.Fill(3);
            Assert.NotEqual(its.ToArray(), mine.ToArray());
        }
    }

    [Fact]
    public void What_does_not_fit_is_refused_and_nothing_is_written()
    {
        Sequential model = new(new Dense(2, 3), new Dense(3, 4)), other = new(new Dense(2, 3), new Dense(3, 4, bias: false));
        float[] before = model.Parameters()[0].ToArray();
        Refusal.Of<WeightMismatchException>(() => model.CopyFrom(other), "CopyFrom: the other model does not fit", "1 missing: 1.bias");
        Refusal.Of<WeightMismatchException>(() => other.Restore(model.Snapshot()), "the snapshot does not fit", "1 unexpected: 1.bias");
        Refusal.Of<WeightMismatchException>(
            () => new Dense(3, 2).CopyFrom(new Dense(2, 3)), "weight: [3, 2], the model has [2, 3]; bias: [3], the model has [2]");
        Assert.Equal(before, model.Parameters()[0].ToArray());
    }

    [Fact]
    public void Models_that_share_modules_are_copied_as_they_were()
    {
        Dense a = new(2, 2), b = new(2, 2);
        float[] first = a.Weight.ToArray(), second = b.Weight.ToArray();
        new Sequential(a, b).CopyFrom(new Sequential(b, a));
        Assert.Equal(second, a.Weight.ToArray());
        Assert.Equal(first, b.Weight.ToArray());

        var model = new Sequential(a, b);
        model.CopyFrom(model);
        Assert.Equal(second, a.Weight.ToArray());
    }

    [Fact]
    public void A_frozen_target_follows_a_model()
    {
        Dense model = new(2, 2), target = new(2, 2);
        target.Freeze();
        target.CopyFrom(model);
        Assert.Equal(model.Weight.ToArray(), target.Weight.ToArray());
        Assert.True(target.Weight.IsFrozen);
    }

    private static IEnumerable<Tensor> State(Module model) =>
        [.. model.Parameters(), .. model.NamedBuffers().Select(named => named.Buffer)];

    private static float[] Output(Module<Tensor, Tensor> model, Tensor x)
    {
        model.Evaluate();
        using var scope = Tape.NoRecord();
        float[] y = model.Forward(x).ToArray();
        model.Train();
        return y;
    }
}
