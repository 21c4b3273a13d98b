using TinyNet.Autograd;
using TinyNet.Core;
using TinyNet.Layers;

namespace TinyNet.Tests.Layers;

/// <summary>A model is used without training it.</summary>
public class ModulePredictionTests
{
    [Fact]
    public void It_is_evaluation_mode_and_modes_are_as_before()
    {
        var random = new RandomStream(1);
        var model = new Sequential(
            new Sequential(new Dense(4, 8, random: random), new BatchNorm1d(8)), new Dropout(random: random),
            new Dense(8, 2, random: random));
        model[0].Evaluate();
        bool[] modes = Modes(model);
        float[][] buffers = Buffers(model);
        var x = Tensor.Uniform([3, 4], random);

        float[] first = model.Predict(x).ToArray();
        Assert.Equal(first, model.Predict(x).ToArray());
        Assert.Equal(modes, Modes(model));
        Assert.Equal(buffers, Buffers(model));

        model.Train();
        Assert.Equal(first, model.Predict(x).ToArray());
        Assert.True(model.NamedModules().All(named => named.Module.IsTraining));
        Assert.Equal(buffers, Buffers(model));

        model.Evaluate();
        Assert.Equal(first, model.Forward(x).ToArray());
        Assert.Equal(first, model.Predict(x).ToArray());
        Assert.DoesNotContain(model.NamedModules(), named => named.Module.IsTraining);
    }

    [Fact]
    public void Modes_are_put_back_after_a_failure()
    {
        var model = new Sequential(new Dropout(), new Dense(4, 2));
        Assert.Throws<ShapeException>(() => model.Predict(Tensor.Ones([2, 3])));
        Assert.True(model.NamedModules().All(named => named.Module.IsTraining));
    }

    [Fact]
    public void The_result_lasts_and_has_no_history()
    {
        var model = new Sequential(new Dense(4, 2));
        Tensor y;
        using (var tape = Tape.Record())
        {
            var x = Tensor.Ones([1, 4]) * 2;
            y = model.Predict(x);
            Assert.False(y.HasHistory);
            tape.Backward(model.Forward(x).Sum());
        }

        Assert.Equal(2, y.ToArray().Length);
        Assert.Equal([3, 3], new Identity().Predict(Tensor.Full([2], 3)).ToArray());
    }

    [Fact]
    public void Tokens_are_predicted_too()
    {
        var model = new Sequential<IndexTensor>(new Embedding(5, 3), new LSTM(3, 4, layers: 2, dropout: 0.5f).LastStep(), new Dense(4, 2));
        var tokens = IndexTensor.From([1, 2, 3, 4], [2, 2]);
        Assert.Equal(model.Predict(tokens).ToArray(), model.Predict(tokens).ToArray());
        Assert.Equal([2, 2], model.Predict(tokens).Shape.Sizes.ToArray());
    }

    private static bool[] Modes(Module model) => [.. model.NamedModules().Select(named => named.Module.IsTraining)];

    private static float[][] Buffers(Module model) => [.. model.NamedBuffers().Select(named => named.Buffer.ToArray())];
}
