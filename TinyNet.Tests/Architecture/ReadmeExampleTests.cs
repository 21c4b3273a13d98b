using System.Text.RegularExpressions;
using TinyNet.Autograd;
using TinyNet.Core;
using TinyNet.Data;
using TinyNet.Layers;
using TinyNet.Training;

namespace TinyNet.Tests.Architecture;

/// <summary>The first examples of README.md, compiled and run.</summary>
[Collection(GlobalState.Name)]
public class ReadmeExampleTests
{
    [Fact]
    public void README_shows_the_code_of_these_tests()
    {
        string source = Repository.Read("TinyNet.Tests/Architecture/ReadmeExampleTests.cs"), readme = Repository.Read("README.md");
        var marked = Regex.Matches(source, @"(?s)\n        // <README>\n(.*?)\n        // </README>")
            .Select(match => match.Groups[1].Value);
        var code = marked.Select(text => string.Join('\n', text.Split('\n').Select(line => line.Length > 8 ? line[8..] : ""))).ToList();

        Assert.Equal(2, code.Count);
        Assert.All(code, text => Assert.Contains($"```csharp\n{text}\n```", readme, StringComparison.Ordinal));
    }

    [Fact]
    public void The_trainer_of_README_learns_the_digits()
    {
        // <README>
        var (data, test) = Digits.Load();
        var (kept, heldOut) = data.Split(0.1);               // test data choose nothing: the best epoch is found by these
        using var train = new DataLoader(kept, batchSize: 32, shuffle: true, seed: 1);
        using var validation = new DataLoader(heldOut, batchSize: 100);

        var random = new RandomStream(1);
        var model = new Sequential(
            new Flatten(),
            new Dense(64, 128, random: random), new ReLU(),
            new Dense(128, 10, random: random));
        var trainer = new Trainer(model, new Adam(model.Parameters(), learningRate: 2e-3f), new CrossEntropy())
        {
            Metrics = { new Accuracy() },
            Callbacks = { new ConsoleProgress() },
            Patience = 5,
            KeepBest = true,
        };
        trainer.Fit(train, validation, epochs: 30);

        double accuracy = trainer.Evaluate(new DataLoader(test, batchSize: 100))["accuracy"];      // 0.969
        int[] guesses = model.Predict(test.Load(0, 1, 2).Features).ArgMax(axis: 1).ToArray();   // of three images
        model.Save("digits.safetensors");                    // model.Load takes it back, and so does PyTorch
        // </README>
        Assert.InRange(accuracy, 0.95, 1);
        Assert.Equal(3, guesses.Length);
        model.Load("digits.safetensors");
        File.Delete("digits.safetensors");
    }

    [Fact]
    public void The_loop_of_README_learns_the_digits()
    {
        var (data, test) = Digits.Load();
        using var train = new DataLoader(data, batchSize: 32, shuffle: true, seed: 1);
        var random = new RandomStream(1);
        var model = new Sequential(new Flatten(), new Dense(64, 128, random: random), new ReLU(), new Dense(128, 10, random: random));
        // <README>
        var optimizer = new Adam(model.Parameters(), learningRate: 2e-3f);
        var crossEntropy = new CrossEntropy();
        for (int epoch = 0; epoch < 10; epoch++)
        {
            foreach (var (images, labels) in train)
            {
                using var tape = Tape.Record();              // what operations make lives until the end of the step
                var loss = crossEntropy.Forward(model.Forward(images), labels);
                tape.Backward(loss);
                optimizer.Step();
            }
        }
        // </README>
        var (testImages, testLabels) = test.Load([.. Enumerable.Range(0, test.Count)]);
        Assert.InRange(model.Forward(testImages).Accuracy(testLabels), 0.94, 1);
    }
}
