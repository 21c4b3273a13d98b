using TinyNet.Autograd;
using TinyNet.Core;
using TinyNet.Data;
using TinyNet.Layers;

namespace TinyNet.Tests.Architecture;

/// <summary>The example of README.md, compiled and run.</summary>
public class ReadmeExampleTests
{
    [Fact]
    public void README_shows_the_code_of_this_test()
    {
        string source = Repository.Read("TinyNet.Tests/Architecture/ReadmeExampleTests.cs");
        string marked = source.Split("// <README>")[^1].Split("// </README>")[0];
        string code = string.Join(
            '\n',
            marked.Trim('\n', ' ').Split('\n').Select(line => line.StartsWith("        ", StringComparison.Ordinal) ? line[8..] : line));
        Assert.Contains($"```csharp\n{code.TrimEnd()}\n```", Repository.Read("README.md"), StringComparison.Ordinal);
    }

    [Fact]
    public void The_code_of_README_learns_the_digits()
    {
        // <README>
        var (train, test) = Digits.Load();
        var loader = new DataLoader(train, batchSize: 32, shuffle: true, seed: 1);

        var random = new RandomStream(1);
        var model = new Sequential(
            new Flatten(),
            new Dense(64, 128, random: random), new ReLU(),
            new Dense(128, 10, random: random));
        var optimizer = new Adam(model.Parameters(), learningRate: 2e-3f);
        var crossEntropy = new CrossEntropy();

        for (int epoch = 0; epoch < 10; epoch++)
        {
            foreach (var (images, labels) in loader)
            {
                using var tape = Tape.Record();              // what the operations make from here on lives until the end of the step
                var loss = crossEntropy.Forward(model.Forward(images), labels);
                tape.Backward(loss);
                optimizer.Step();
            }
        }

        model.Evaluate();
        int right = 0;
        foreach (var (images, labels) in new DataLoader(test, batchSize: 100))
        {
            using var tape = Tape.NoRecord();
            var guesses = model.Forward(images).ArgMax(axis: 1).ToArray();
            right += guesses.Zip(labels.ToArray()).Count(pair => pair.First == pair.Second);
        }

        double accuracy = (double)right / test.Count;        // 0.958
        model.Save("digits.safetensors");                    // model.Load takes it back, and so does PyTorch
        // </README>
        Assert.InRange(accuracy, 0.94, 1);
        model.Load("digits.safetensors");
        File.Delete("digits.safetensors");
    }
}
