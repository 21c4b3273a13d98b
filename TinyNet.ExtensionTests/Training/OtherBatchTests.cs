using TinyNet.Autograd;
using TinyNet.Core;
using TinyNet.Data;
using TinyNet.Layers;
using TinyNet.Training;

namespace TinyNet.ExtensionTests;

/// <summary>Trainings by functions, whatever a batch is, and of a part of a model.</summary>
public class OtherBatchTests
{
    [Fact]
    public void Two_inputs()
    {
        var model = new SameNet(new RandomStream(1));
        var (optimizer, crossEntropy) = (new Adam(model.Parameters(), learningRate: 1e-2f), new CrossEntropy());
        // <training>
        var trainer = new Trainer<(Tensor First, Tensor Second, IndexTensor IsSame), Tensor, IndexTensor>(
            model, optimizer, pair => model.Forward((pair.First, pair.Second)), pair => pair.IsSame, crossEntropy.Forward)
        {
            Metrics = { new F1(ofClass: 1) },
        };
        // </training>
        using var loader = new DataLoader<(Tensor First, Tensor Second, IndexTensor IsSame)>(new Pairs(Digits.LoadAll()), batchSize: 64);
        AssertLearns(trainer.Fit(loader, epochs: 3));
        Assert.InRange(trainer.Evaluate(loader)["f1_of_class_1"], 0, 1);
    }

    [Fact]
    public void Sequences_with_their_lengths()
    {
        int[][] texts = [.. Enumerable.Range(0, 60).Select(i => Enumerable.Range(0, 3 + i % 3).Select(t => 1 + (i + t) % 2).ToArray())];
        var data = new TokenDataset("order", texts, [.. texts.Select(text => text[^1] - 1)], ["one", "two"], padding: 0);
        // <training>
        var model = new ReviewNet(words: 3, classes: 2);
        var trainer = new Trainer<SequenceBatch, Tensor, IndexTensor>(
            model, new Adam(model.Parameters(), learningRate: 1e-2f),
            batch => model.Forward((batch.Tokens, batch.Lengths)), batch => batch.Labels, new CrossEntropy().Forward);
        // </training>
        using var loader = new DataLoader<SequenceBatch>(data, batchSize: 10, shuffle: true);
        AssertLearns(trainer.Fit(loader, epochs: 10));
    }

    [Fact]
    public void Mixtures()
    {
        var (train, test) = Digits.Load();
        var random = new RandomStream(1);
        var model = new Sequential(new Flatten(), new Dense(64, 32, random: random), new ReLU(), new Dense(32, 10, random: random));
        var optimizer = new Adam(model.Parameters(), learningRate: 1e-2f);
        // <training>
        var trainer = new Trainer<SoftClassificationBatch, Tensor, Tensor>(
            model, optimizer, batch => model.Forward(batch.Features), batch => batch.Targets, new CrossEntropy().Forward)
        {
            Metrics = { new MeanOf<Tensor, Tensor>("accuracy", (output, target) => output.ArgMax(1).IsEqual(target.ArgMax(1))) },
        };
        using var mixtures = new DataLoader<SoftClassificationBatch>(train.Mixup(seed: 1), batchSize: 32, shuffle: true, seed: 1);
        using var whole = new DataLoader<SoftClassificationBatch>(test.OneHot(), batchSize: 100);
        trainer.Fit(mixtures, whole, epochs: 5);
        double accuracy = trainer.Evaluate(whole)["accuracy"];
        // </training>
        Assert.InRange(accuracy, 0.9, 1);
    }

    [Fact]
    public void A_new_head_on_features_that_were_learned()
    {
        string folder = Directory.CreateTempSubdirectory("tinynet-page-").FullName;
        try
        {
            string path = Path.Combine(folder, "digits.safetensors");
            Build(classes: 10).Save(path);
            // <training>
            var model = Build(classes: 2);
            model.Load(path, strict: false, rename: name => name.StartsWith("1.") ? null : name);
            var features = model[0];
            features.Freeze();

            var trainer = new Trainer(model, new Adam(model.Parameters(), learningRate: 1e-2f), new CrossEntropy())
            {
                Callbacks = { new KeepInEvaluation(features) },
            };
            // </training>
            float[] before = Numbers(features);
            var (train, _) = Digits.LoadAll().Split(0.1);
            var labels = train.Labels.ToArray().Select(label => label % 2).ToArray();
            float[] pixels = train.Load([.. Enumerable.Range(0, train.Count)]).Features.ToArray();
            using var loader = new DataLoader(new ArrayDataset("parity", pixels, [1, 8, 8], labels, ["even", "odd"]), batchSize: 32);
            AssertLearns(trainer.Fit(loader, epochs: 2));
            Assert.Equal(before, Numbers(features));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }

        static Sequential Build(int classes) => new(
            new Sequential(new Conv2d(1, 8, 3), new BatchNorm2d(8), new ReLU(), new Flatten()), new Dense(8 * 6 * 6, classes));

        static float[] Numbers(Module module) =>
        [
            .. module.NamedParameters().SelectMany(named => named.Parameter.ToArray()),
            .. module.NamedBuffers().SelectMany(named => named.Buffer.ToArray()),
        ];
    }

    [Fact]
    public void A_metric_of_ones_own_is_one_of_the_metrics()
    {
        var model = new Sequential(new Dense(1, 1, random: new RandomStream(1)));
        // <extending>
        var trainer = new RegressionTrainer(model, new Adam(model.Parameters()), new MeanSquaredError())
        {
            Metrics = { new RelativeBias(), new R2() },
        };
        // </extending>
        using var loader = new DataLoader<RegressionBatch>(new Sines(100), batchSize: 32);
        var history = trainer.Fit(loader, epochs: 2);
        Assert.Equal(2, history["train_relative_bias"].Length);

        var metric = new RelativeBias();
        metric.Add(Tensor.From([2, 4], [2]), Tensor.From([1, 3], [2]));
        Assert.Equal(0.5, metric.Value);
        var other = new RelativeBias { State = metric.State };
        Assert.Equal(0.5, other.Value);
        Assert.Throws<ArgumentException>(() => other.State = [1]);
    }

    private static void AssertLearns(History history) =>
        Assert.True(history["train_loss"][^1] < history["train_loss"][0], history.ToString());
}
