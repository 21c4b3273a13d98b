using TinyNet.Autograd;
using TinyNet.Core;
using TinyNet.Data;
using TinyNet.Layers;

namespace TinyNet.ExtensionTests;

/// <summary>Datasets that were written outside: the loader serves them as it serves those of the library.</summary>
public class DatasetTests
{
    [Fact]
    public void A_network_learns_the_sine()
    {
        // <data>
        var (train, test) = new Sines(600).Split(0.2, seed: 1);
        using var loader = new DataLoader<RegressionBatch>(train, batchSize: 32, shuffle: true, seed: 1);

        var random = new RandomStream(1);
        var model = new Sequential(new Dense(1, 32, random: random), new Tanh(), new Dense(32, 1, random: random));
        var optimizer = new Adam(model.Parameters(), learningRate: 1e-2f);
        var loss = new MeanSquaredError();
        for (int epoch = 0; epoch < 100; epoch++)
        {
            foreach (var (x, y) in loader)
            {
                using var tape = Tape.Record();
                tape.Backward(loss.Forward(model.Forward(x), y));
                optimizer.Step();
            }
        }

        var (testX, testY) = test.Load([.. Enumerable.Range(0, test.Count)]);
        float error = loss.Forward(model.Forward(testX), testY).Item();
        // </data>
        Assert.InRange(error, 0, 0.02f);
    }

    [Fact]
    public void Walks_of_similar_length_come_together()
    {
        // <data>
        var walks = new KnownWalks(new Walks(100));
        using var similar = new DataLoader<Walks.Batch>(walks, batchSize: 4, shuffle: true, seed: 1, byLength: true);
        // </data>
        int padding = similar.Sum(batch => batch.Lengths.ToArray().Sum(length => batch.Steps.Shape[1] - length));
        using var others = new DataLoader<Walks.Batch>(new Walks(100), batchSize: 4, shuffle: true, seed: 1);

        Assert.InRange(padding, 0, others.Sum(batch => batch.Lengths.ToArray().Sum(length => batch.Steps.Shape[1] - length)) / 2);
    }

    [Fact]
    public void The_next_letter_is_learned_from_windows()
    {
        var (next, crossEntropy) = (new Sequential<IndexTensor>(new Embedding(40, 8), new Dense(8, 40)), new CrossEntropy());
        // <data>
        const string text = "to be, or not to be, that is the question";
        char[] letters = [.. text.Distinct().Order()];
        int[] tokens = [.. text.Select(letter => Array.IndexOf(letters, letter))];
        var windows = new TokenWindows("question", tokens, length: 8, stride: 1);
        foreach (var (inputs, targets) in new DataLoader<WindowBatch>(windows, batchSize: 4, shuffle: true, seed: 1))
        {
            using var tape = Tape.Record();
            tape.Backward(crossEntropy.Forward(next.Forward(inputs).Transpose(1, 2), targets));   // scores [samples, letters, steps]
        }
        // </data>

        Assert.Equal(text.Length - 8, windows.Count);
        Assert.InRange(letters.Length, 2, 40);
        Assert.All(next.Parameters(), parameter => Assert.NotNull(parameter.Gradient));
    }

    [Fact]
    public void Walks_are_padded_and_a_recurrent_layer_takes_them()
    {
        var (lstm, head, loss) = (new LSTM(2, 4), new Dense(4, 2), new MeanSquaredError());
        Parameter[] parameters = [.. lstm.Parameters(), .. head.Parameters()];
        // <data>
        using var loader = new DataLoader<Walks.Batch>(new Walks(100), batchSize: 16);
        foreach (var (steps, lengths, end) in loader)
        {
            using var tape = Tape.Record();
            var (output, state) = lstm.Forward(steps, lengths: lengths);
            tape.Backward(loss.Forward(head.Forward(state.Hidden.Select(0, -1)), end));
        }
        // </data>

        Assert.All(parameters, parameter => Assert.NotNull(parameter.Gradient));
        foreach (var (steps, lengths, end) in loader)
        {
            Assert.Equal(lengths.ToArray().Max(), steps.Shape[1]);
            Assert.All(end.ToArray().Zip(steps.Sum(1).ToArray()), pair => Assert.Equal(pair.First, pair.Second, 1e-5));
        }
    }

    [Fact]
    public void Arrays_are_datasets_and_samples_come_without_a_loader()
    {
        // <data>
        var flats = new RegressionDataset("flats", features: [80, 2, 120, 3, 95, 2, 60, 1], sampleShape: [2], targets: [21, 34, 26, 15]);
        var texts = new TokenDataset("texts", [[5, 2, 7], [3], [9, 9]], labels: [0, 1, 0], classNames: ["good", "bad"], padding: 0);

        var (features, targets) = flats.Load(0, 3);                 // samples 0 and 3: [2, 2] and [2, 1]
        var (tokens, lengths, labels) = texts.Load(0, 1, 2);        // tokens [3, 3], padded with 0; lengths 3, 1, 2
        // </data>
        Assert.Equal([80, 2, 60, 1], features.ToArray());
        Assert.Equal([21, 15], targets.ToArray());
        Assert.Equal([2, 1], targets.Shape.Sizes.ToArray());
        Assert.Equal([5, 2, 7, 3, 0, 0, 9, 9, 0], tokens.ToArray());
        Assert.Equal([3, 1, 2], lengths.ToArray());
        Assert.Equal([0, 1, 0], labels.ToArray());
    }

    [Fact]
    public void Pairs_are_other_ones_in_each_epoch_and_the_same_for_any_prefetch()
    {
        var digits = Digits.LoadAll();
        using var loader = new DataLoader<(Tensor, Tensor, IndexTensor)>(new Pairs(digits), batchSize: 512, prefetch: 0);
        using var ahead = new DataLoader<(Tensor, Tensor, IndexTensor)>(new Pairs(digits), batchSize: 512, prefetch: 4);
        float[] first = Second(loader), second = Second(loader);

        Assert.NotEqual(first, second);
        Assert.Equal(first, Second(ahead));
        Assert.Equal(second, Second(ahead));
        static float[] Second(DataLoader<(Tensor, Tensor, IndexTensor)> loader) =>
            [.. loader.SelectMany(batch => batch.Item2.ToArray())];
    }

    [Fact]
    public void A_dataset_over_a_dataset_keeps_its_classes()
    {
        var (train, _) = Digits.Load();
        var mirrored = new Mirrored<ClassificationBatch>(train);
        using var loader = new DataLoader(mirrored, batchSize: 2000);
        float[] plain = loader.Select(Pixels).Single(), reversed = loader.Select(Pixels).Single();

        Assert.Equal(train.Load([.. Enumerable.Range(0, train.Count)]).Features.ToArray(), plain);
        Assert.Equal(plain.Chunk(8).SelectMany(row => row.Reverse()), reversed);
        Assert.Equal("digits/train/mirrored", mirrored.Name);
        Assert.Equal(train.Labels.ToArray(), mirrored.Labels.ToArray());
        Assert.Equal(10, mirrored.Split(0.5).HeldOut.Classes);
        static float[] Pixels(ClassificationBatch batch) => batch.Features.ToArray();
    }
}
