using TinyNet.Autograd;
using TinyNet.Core;
using TinyNet.Data;
using TinyNet.Layers;
using TinyNet.Training;

namespace TinyNet.Tests.Training;

/// <summary>
/// Losses of batches count by what each was divided by, so that the loss of an epoch, and a step of several batches, are those of all
/// samples as one batch, whatever of them is ignored or weighs less.
/// </summary>
[Collection(GlobalState.Name)]
public class LossWeightTests
{
    private const int BatchSize = 8;

    /// <summary>How the loss is made; all labels of the first batch are 0, so that it may have nothing that counts.</summary>
    public static TheoryData<string> Losses => ["plain", "ignoring", "weighted", "both"];

    [Theory, MemberData(nameof(Losses))]
    public void The_loss_of_an_epoch_is_that_of_all_samples(string kind)
    {
        var (model, loss) = (Model(), Loss(kind));
        var trainer = new Trainer(model, new SGD(model.Parameters(), learningRate: 0), loss);
        using var loader = new DataLoader(Data(), BatchSize);
        using var validation = new DataLoader(Data(), batchSize: 5);
        double expected = loss.Forward(model.Forward(Whole.Features), Whole.Labels).Item();
        var history = trainer.Fit(loader, validation);
        Assert.Equal(expected, history["train_loss"][0], 1e-6);
        Assert.Equal(expected, history["validation_loss"][0], 1e-6);
        Assert.Equal(expected, trainer.Evaluate(loader).Loss, 1e-6);
    }

    [Theory, MemberData(nameof(Losses))]
    public void A_step_of_several_batches_is_that_of_one(string kind)
    {
        var (many, one) = (Model(), Model());
        Fit(many, BatchSize, 7);
        Fit(one, TinyRun.Samples, 1);
        Assert.NotEqual(TinyRun.Weights(Model()), TinyRun.Weights(one));
        Assert.All(TinyRun.Weights(one).Zip(TinyRun.Weights(many)), pair => Assert.Equal(pair.First, pair.Second, 1e-6));

        void Fit(Sequential model, int batchSize, int batchesPerStep)
        {
            using var loader = new DataLoader(Data(), batchSize);
            new Trainer(model, new SGD(model.Parameters(), learningRate: 0.1f), Loss(kind)) { BatchesPerStep = batchesPerStep }.Fit(loader);
        }
    }

    [Fact]
    public void Numbers_count_by_their_elements()
    {
        float[] features = [.. Enumerable.Range(0, 20).Select(i => i / 10f)], targets = [.. features.Select(x => x * x)];
        var data = new RegressionDataset("square", features, [2], targets, [2]);
        var dense = new Dense(2, 2, random: new RandomStream(1));
        using var loader = new DataLoader<RegressionBatch>(data, batchSize: 3);
        double expected = new MeanSquaredError()
            .Forward(dense.Forward(Tensor.From(features, [10, 2])), Tensor.From(targets, [10, 2])).Item();
        var trainer = new RegressionTrainer(dense, new SGD(dense.Parameters(), learningRate: 0), new MeanSquaredError());
        Assert.Equal(expected, trainer.Fit(loader)["train_loss"][0], 1e-6);
    }

    [Theory, InlineData(Reduction.Sum), InlineData(Reduction.None)]
    public void A_loss_that_takes_no_mean_is_refused(Reduction reduction)
    {
        var model = Model();
        var optimizer = new SGD(model.Parameters(), learningRate: 0.1f);
        Refusal.Of<ArgumentException>(
            () => new Trainer(model, optimizer, new CrossEntropy(reduction: reduction)), $"Reduction.{reduction}", "Reduction.Mean");
        Refusal.Of<ArgumentException>(
            () => new RegressionTrainer(model, optimizer, new MeanSquaredError(reduction)), $"Reduction.{reduction}");
    }

    private static ClassificationBatch Whole => Data().Load([.. Enumerable.Range(0, TinyRun.Samples)]);

    private static Sequential Model()
    {
        var random = new RandomStream(4);
        return new Sequential(new Dense(4, 5, random: random), new Tanh(), new Dense(5, 2, random: random));
    }

    private static CrossEntropy Loss(string kind) => new(
        classWeights: kind is "weighted" or "both" ? Tensor.From([0.25f, 3f], [2]) : null,
        ignoreIndex: kind is "ignoring" or "both" ? 0 : null);

    private static ArrayDataset Data()
    {
        var random = new RandomStream(1);
        float[] features = [.. Enumerable.Range(0, TinyRun.Samples * 4).Select(_ => random.Normal())];
        int[] labels = [.. Enumerable.Range(0, TinyRun.Samples).Select(i => i < BatchSize || i % 5 == 0 || i > 40 ? 0 : 1)];
        return new ArrayDataset("uneven", features, [4], labels, ["down", "up"]);
    }
}
