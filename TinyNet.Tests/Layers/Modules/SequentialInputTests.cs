using TinyNet.Autograd;
using TinyNet.Core;
using TinyNet.Layers;

namespace TinyNet.Tests.Layers;

/// <summary>Chains whose first module takes something else than a tensor, and those made by a collection initializer.</summary>
public class SequentialInputTests
{
    private static readonly IndexTensor Tokens = IndexTensor.From([1, 0, 4, 3, 2, 2], [2, 3]);

    [Fact]
    public void An_embedding_comes_first_and_all_of_it_is_trained()
    {
        var model = Classifier();
        Assert.Equal(
            [
                "0.weight", "1.layer.weight_ih_l0", "1.layer.weight_hh_l0", "1.layer.bias_ih_l0", "1.layer.bias_hh_l0", "2.weight",
                "2.bias",
            ],
            model.NamedParameters().Select(named => named.Name));
        using var tape = Tape.Record();
        var y = model.Forward(Tokens);
        Assert.Equal([2, 2], y.Shape.Sizes.ToArray());
        tape.Backward(y.CrossEntropy(IndexTensor.From(0, 1)).Mean());
        Assert.All(model.Parameters(), parameter => Assert.NotNull(parameter.Gradient));
    }

    [Fact]
    public void The_gradients_are_right() => GradCheck.Verify(Classifier(), Tokens);

    [Fact]
    public void It_computes_what_the_modules_do_one_after_the_other_with_and_without_a_tape()
    {
        var embedding = new Embedding(5, 4);
        var gru = new GRU(4, 3);
        Module<Tensor, Tensor>[] rest = [gru.AllSteps(), new ReLU(), new Dense(3, 3), new Tanh()];
        var model = new Sequential<IndexTensor>(embedding, rest);
        float[] expected = ((Dense)rest[2]).Forward(gru.Forward(embedding.Forward(Tokens)).Output.Relu()).Tanh().ToArray();
        Assert.Equal(expected, model.Forward(Tokens).ToArray());
        using (Tape.NoRecord())
        {
            Assert.Equal(expected, model.Forward(Tokens).ToArray());
        }

        using var tape = Tape.Record();
        Assert.Equal(expected, model.Forward(Tokens).ToArray());
    }

    [Fact]
    public void A_collection_initializer_makes_what_the_constructor_does()
    {
        var model = new Sequential { new Dense(2, 3), new ReLU(), new Sequential { new Dense(3, 1) } };
        Assert.Equal("Sequential(Dense(2 -> 3), ReLU(), Sequential(Dense(3 -> 1)))", model.Describe());
        Assert.Equal(["Dense(2 -> 3)", "ReLU()"], model.Take(2).Select(module => module.Describe()));
        var words = new Sequential<IndexTensor> { new Embedding(5, 4), new LSTM(4, 3).LastStep(), new Dense(3, 2) };
        Assert.Equal((3, "Embedding(5 -> 4)", "Dense(3 -> 2)"), (words.Count, words[0].Describe(), words[^1].Describe()));
        Assert.Equal([2, 2], words.Forward(Tokens).Shape.Sizes.ToArray());
        Assert.IsType<Dense>(model[0]);
        Refusal.Of<ArgumentOutOfRangeException>(() => model[3], "3 modules");
        Refusal.Of<ArgumentOutOfRangeException>(() => words[^4], "3 modules");
    }

    [Fact]
    public void A_record_of_tensors_is_an_input_too()
    {
        var model = new Sequential<PaddedBatch>(new MaskedMean(), new Dense(4, 2));
        var x = new PaddedBatch(Tensor.Ones([2, 3, 4]), IndexTensor.From(1, 3));
        Assert.Equal([2, 2], model.Forward(x).Shape.Sizes.ToArray());
    }

    [Fact]
    public void What_does_not_fit_is_refused()
    {
        Refusal.Of<ArgumentException>(
            () => new Sequential<IndexTensor>(new Embedding(5, 4), new Dense(3, 2)),
            "module 1 (Dense(3 -> 2)) expects 3 features", "module 0 (Embedding(5 -> 4)) gives 4");
        Refusal.Of<ArgumentException>(
            () => new Sequential<IndexTensor>(new Embedding(5, 4), new LSTM(3, 7).LastStep()), "LastStep(LSTM(3 -> 7))", "gives 4");
        Refusal.Of<ArgumentException>(
            () => new Sequential(new GRU(3, 7, bidirectional: true).AllSteps(), new Dense(7, 1)), "expects 7 features", "gives 14");
        Refusal.Of<ArgumentException>(
            () => new Sequential<IndexTensor> { new Dense(3, 2) }, "Sequential<IndexTensor>", "Dense(3 -> 2)", "begin with");
        Refusal.Of<ArgumentException>(
            () => new Sequential<IndexTensor> { new Embedding(5, 4), new Embedding(5, 4) }, "takes IndexTensor", "put it first");
        Refusal.Of<TensorException>(() => new Sequential<IndexTensor>().Forward(Tokens), "no modules");
        Assert.Throws<ArgumentNullException>(() => new Sequential<IndexTensor>(null!));
        Assert.Throws<ArgumentNullException>(() => new Sequential<IndexTensor>(new Embedding(5, 4), [null!]));
    }

    [Fact]
    public void What_a_hook_saw_of_the_first_module_stays()
    {
        var model = new Sequential<IndexTensor>(new Embedding(5, 4), new Dense(4, 4), new Dense(4, 4), new Dense(4, 4));
        Tensor? seen = null;
        using var handle = model[0].OnOutput((_, _, output) => seen = output);
        using var scope = Tape.NoRecord();
        model.Forward(Tokens);
        Assert.Equal(((Embedding)model[0]).Forward(Tokens).ToArray(), seen!.ToArray());
    }

    private static Sequential<IndexTensor> Classifier() => new(
        new Embedding(5, 4, random: new RandomStream(1)),
        new LSTM(4, 3, random: new RandomStream(2)).LastStep(),
        new Dense(3, 2, random: new RandomStream(3)));
}
