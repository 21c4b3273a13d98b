using TinyNet.Autograd;
using TinyNet.Core;
using TinyNet.Data;
using TinyNet.Layers;

namespace TinyNet.ExtensionTests;

/// <summary>Transforms, one that was written outside among them.</summary>
public class TransformTests
{
    [Fact]
    public void A_transform_of_ones_own_stands_among_others()
    {
        // <data>
        var (train, test) = Digits.Load();
        var normalize = Normalize.Measure(train);
        var augmented = train.Transform(seed: 1, new RandomAffine(degrees: 10, shift: 0.1f), new Noise(0.02f), normalize);

        using var loader = new DataLoader(augmented, batchSize: 32, shuffle: true, seed: 1);
        var (images, labels) = test.Transform(normalize).Load([.. Enumerable.Range(0, test.Count)]);
        // </data>
        Assert.Equal([359, 1, 8, 8], images.Shape.Sizes.ToArray());
        Assert.InRange(images.Mean().Item(), -0.1f, 0.1f);
        Assert.Equal(test.Labels.ToArray(), labels.ToArray());
        float[] first = Read(loader), second = Read(loader);
        Assert.NotEqual(first.Order(), second.Order());
        loader.Epoch = 0;
        Assert.Equal(first, Read(loader));
        static float[] Read(DataLoader loader) => [.. loader.SelectMany(batch => batch.Features.ToArray())];
    }

    [Fact]
    public void Noise_has_its_deviation()
    {
        var gray = new UnlabeledDataset("gray", new float[40_000], [1, 20, 20]);
        var measured = Normalize.Measure(gray.Transform(seed: 3, new Noise(0.5f)));

        Assert.Equal(0, measured.Mean[0], 0.0125f);
        Assert.Equal(0.5f, measured.Deviation[0], 0.01f);
    }

    [Fact]
    public void A_network_learns_from_mixtures()
    {
        var (train, test) = Digits.Load();
        var random = new RandomStream(1);
        var model = new Sequential(new Flatten(), new Dense(64, 32, random: random), new ReLU(), new Dense(32, 10, random: random));
        var optimizer = new Adam(model.Parameters(), learningRate: 1e-2f);
        var crossEntropy = new CrossEntropy();
        for (int epoch = 0; epoch < 5; epoch++)
        {
            // <data>
            var mixed = train.Mixup(seed: 1, alpha: 0.2f);
            using var loader = new DataLoader<SoftClassificationBatch>(mixed, batchSize: 32, shuffle: true, seed: 1);
            foreach (var (images, targets) in loader)                   // [32, 1, 8, 8] and [32, 10]
            {
                using var tape = Tape.Record();
                tape.Backward(crossEntropy.Forward(model.Forward(images), targets));
                optimizer.Step();
            }
            // </data>
        }

        var (testImages, labels) = test.Load([.. Enumerable.Range(0, test.Count)]);
        Assert.InRange(model.Forward(testImages).Accuracy(labels), 0.9, 1);
    }
}
