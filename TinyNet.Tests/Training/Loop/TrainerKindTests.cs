using TinyNet.Autograd;
using TinyNet.Core;
using TinyNet.Data;
using TinyNet.Layers;
using TinyNet.Training;

namespace TinyNet.Tests.Training;

/// <summary>The trainers of batches that are known.</summary>
public class TrainerKindTests
{
    [Fact]
    public void Numbers_and_sequences_have_trainers_of_their_own()
    {
        var random = new RandomStream(4);
        float[] x = [.. Enumerable.Range(0, 64).Select(_ => random.Uniform(-1, 1))];
        var line = new RegressionDataset("line", x, [1], [.. x.Select(value => 3 * value - 1)]);
        var dense = new Dense(1, 1, random: random);
        using var numbers = new DataLoader<RegressionBatch>(line, batchSize: 16, shuffle: true);
        new RegressionTrainer(dense, new Adam(dense.Parameters(), learningRate: 0.1f), new MeanSquaredError()).Fit(numbers, epochs: 60);
        Assert.Equal([3, -1], dense.Parameters().SelectMany(p => p.ToArray()), (a, b) => Math.Abs(a - b) < 1e-2);

        // Which of the tokens 1 and 2 comes first.
        int[][] texts = [.. Enumerable.Range(0, 60).Select(i => Enumerable.Range(0, 3 + i % 3).Select(t => 1 + (i + t) % 2).ToArray())];
        var tokens = new TokenDataset("order", texts, [.. texts.Select(text => text[0] - 1)], ["one", "two"], padAtStart: true);
        var model = new Sequential<IndexTensor>(
            new Embedding(3, 4, random: random), new LSTM(4, 8, random: random).LastStep(), new Dense(8, 2, random: random));
        using var sequences = new DataLoader<SequenceBatch>(tokens, batchSize: 10, shuffle: true);
        var trainer = new SequenceTrainer(model, new Adam(model.Parameters(), learningRate: 0.05f), new CrossEntropy())
        {
            Metrics = { new TinyRun.Right() },
        };
        Assert.Equal(1, trainer.Fit(sequences, epochs: 20)["train_right"][^1]);
    }
}
