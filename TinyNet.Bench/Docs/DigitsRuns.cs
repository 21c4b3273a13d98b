using TinyNet.Analysis;
using TinyNet.Autograd;
using TinyNet.Core;
using TinyNet.Data;
using TinyNet.Layers;
using TinyNet.Training;

namespace TinyNet.Bench;

/// <summary>Short trainings on the embedded digits that the pictures of docs/analysis.md are of: always the same.</summary>
internal static class DigitsRuns
{
    private const int BatchSize = 32, LargeBatch = 250;

    private static readonly (Dataset<ClassificationBatch> Train, Dataset<ClassificationBatch> Test) Parts = Digits.Load();

    /// <summary>Images of the test part.</summary>
    public static Tensor Images(int count) => Parts.Test.Load([.. Enumerable.Range(0, count)]).Features;

    /// <summary>Trains a network, and returns what was measured.</summary>
    public static History Fit(Module<Tensor, Tensor> model, int epochs, params Callback[] callbacks)
    {
        using var train = new DataLoader(Parts.Train, BatchSize, shuffle: true, seed: 1);
        using var test = new DataLoader(Parts.Test, LargeBatch);
        var trainer = new Trainer(model, new Adam(model.Parameters(), learningRate: 2e-3f), new CrossEntropy())
        {
            StepSchedule = new CosineSchedule(epochs * train.Count),
            Metrics = { new Accuracy() },
        };
        foreach (var callback in callbacks)
        {
            trainer.Callbacks.Add(callback);
        }

        return trainer.Fit(train, test, epochs);
    }

    /// <summary>A small convolutional network.</summary>
    public static Sequential ConvNet()
    {
        var random = new RandomStream(1);
        return new Sequential(
            new Conv2d(1, 16, 3, padding: 1, random: random), new ReLU(), new MaxPool2d(2),
            new Conv2d(16, 32, 3, padding: 1, random: random), new ReLU(), new Flatten(),
            new Dense(32 * 4 * 4, 64, random: random), new ReLU(), new Dense(64, 10, random: random));
    }

    /// <summary>A multilayer perceptron.</summary>
    public static Sequential Perceptron(Func<Module<Tensor, Tensor>> activation)
    {
        var random = new RandomStream(1);
        return new Sequential(
            new Flatten(), new Dense(64, 64, random: random), activation(), new Dense(64, 64, random: random), activation(),
            new Dense(64, 10, random: random));
    }

    /// <summary>An LSTM that reads images row by row; its states are the output of module 1.</summary>
    public static Sequential Recurrent()
    {
        var random = new RandomStream(1);
        return new Sequential(
            new Lambda(images => images.Select(1, 0), "Rows"), new LSTM(8, 32, random: random).AllSteps(),
            new Lambda(states => states.Select(1, -1), "Last"), new Dense(32, 10, random: random));
    }

    /// <summary>The same network under several activations.</summary>
    public static RunComparison Compare(int epochs, params string[] activations) => new(activations.Select(name =>
    {
        var model = Perceptron(() => Activation.FromName(name));
        var dynamics = TrainingDynamics.Of(model, "2", Images(100));
        var history = Fit(model, epochs, dynamics);
        return new ComparedRun(name, history) { GradientNorms = [.. dynamics.Rows.Select(row => row.GradientNorm)] };
    }));
}
