using System.CommandLine;
using TinyNet.Autograd;
using TinyNet.Core;
using TinyNet.Data;
using TinyNet.Layers;
using TinyNet.Training;

namespace TinyNet.Examples;

/// <summary>The same network under several activations, side by side.</summary>
internal sealed class CompareActivations : Example
{
    private const string Mlp = "mlp", ConvNet = "convnet";
    private const int LargeBatch = 250;

    private static readonly Dictionary<string, ImageSource> Sources = new()
    {
        ["digits"] = ImageSource.Digits,
        ["mnist"] = ImageSource.Mnist,
        ["cifar10"] = ImageSource.Cifar10,
    };

    private static readonly Option<string[]> Names = OwnOption.Choices(
        "--names", "activation", "What is compared", TrainingOptions.ActivationNames,
        "relu", "leaky_relu", "elu", "selu", "tanh", "sigmoid", "gelu", "swish", "mish", "prelu", "param_swish", "linear_sin",
        "activation_mix");

    private static readonly Option<string> Network = OwnOption.Choice("--network", "network", "The network", [Mlp, ConvNet], Mlp);

    private static readonly Option<string> Dataset = OwnOption.Choice("--dataset", "dataset", "The images", Sources.Keys, "digits");

    public override string Name => "activations";

    public override string Summary => "the same network under several activations, side by side in a table";

    public override string Description =>
        $"""
        Train the same network under several activations, and compare what comes of it in a table.

        The network {Mlp} is pixels - 128 - 64 - 10, the network {ConvNet} two convolutions of 3 x 3 pixels with 16 and 32 channels, the
        maximum over 2 x 2 pixels after each, and layers of 128 and 10 units. Each training begins with the same weights and sees the
        samples in the same order, by Adam with a rate that falls to 0 along a cosine. The images are the embedded digits; MNIST and
        CIFAR-10 lie in the folder of --data. For MNIST 5 epochs are enough. Activations that are learned (prelu, param_swish,
        linear_sin, activation_mix) are shown as they came to be.
        """;

    public override TrainingDefaults Defaults => new(Epochs: 40, BatchSize: 32, LearningRate: 1e-3f);

    public override IReadOnlyList<Option> OwnOptions => [Names, Network, Dataset];

    public override Outcome Train(TrainingSession session)
    {
        var settings = session.Settings;
        var source = Sources[settings.Value(Dataset)!];
        var images = source.Load(settings.Data, settings.Seed);
        using var train = new DataLoader(images.Train, settings.BatchSize, shuffle: true, seed: settings.Seed);
        using var validation = new DataLoader(images.Validation, LargeBatch);
        using var test = new DataLoader(images.Test, LargeBatch);

        var results = new List<Result>();
        foreach (string name in settings.Value(Names)!)
        {
            var part = session.Part(name);
            RandomStream.Reseed(settings.Seed); // All begin alike, whatever was trained before.
            var model = settings.Value(Network) == Mlp ? BuildMlp(source, name) : BuildConvNet(source, name);
            var trainer = new Trainer(model, new Adam(model.Parameters(), settings.LearningRate), new CrossEntropy())
            {
                StepSchedule = new CosineSchedule(settings.Epochs * train.Count),
                Checkpoints = part.Checkpoints,
                Metrics = { new Accuracy() },
            };
            part.Fit(trainer, train, validation);
            results.Add(new Result(name, model, trainer.History!, trainer.Evaluate(test)["accuracy"]));
        }

        WriteTable(results, images.Test.Count, session.Output);
        WriteLearned(results, session.Output);
        return new Outcome(
            new ModuleList<Sequential>([.. results.Select(result => result.Model)]), "mean accuracy",
            results.Average(result => result.Accuracy));
    }

    private static Sequential BuildMlp(ImageSource images, string activation) => new(
        new Flatten(),
        new Dense(images.Channels * images.Size * images.Size, 128), Activation.FromName(activation),
        new Dense(128, 64), Activation.FromName(activation),
        new Dense(64, 10));

    private static Sequential BuildConvNet(ImageSource images, string activation) => new(
        new Conv2d(images.Channels, 16, 3, padding: 1), Activation.FromName(activation), new MaxPool2d(2),
        new Conv2d(16, 32, 3, padding: 1), Activation.FromName(activation), new MaxPool2d(2),
        new Flatten(),
        new Dense(32 * (images.Size / 4) * (images.Size / 4), 128), Activation.FromName(activation),
        new Dense(128, 10));

    /// <summary>How wide the names are, with what is between them and the next column.</summary>
    private static int WidthOfNames(List<Result> results) => Math.Max("activation".Length, results.Max(result => result.Name.Length)) + 2;

    private static void WriteTable(List<Result> results, int testImages, TextWriter output)
    {
        int names = WidthOfNames(results);
        output.WriteLine();
        output.WriteLine($"{"".PadRight(names)}{"test",20}{"final loss",39}");
        output.WriteLine(
            $"{"activation".PadRight(names)}{"parameters",10}{"accuracy",10}{"epochs",8}{"seconds",9}{"train",10}{"validation",12}");
        foreach (var (name, model, history, accuracy) in results)
        {
            output.WriteLine(
                $"{name.PadRight(names)}{model.ParameterCount,10}{accuracy,10:F4}{history.Rows.Count,8}"
                + $"{history["seconds"].Sum(),9:F1}{history["train_loss"][^1],10:G4}{history["validation_loss"][^1],12:G4}");
        }

        // Of n independent answers that are right with probability p.
        double p = results.Average(result => result.Accuracy);
        output.WriteLine(
            $"{testImages} test images: by chance accuracies differ by up to {2 * Math.Sqrt(2 * p * (1 - p) / testImages):F3} or so");
        output.WriteLine();
    }

    /// <summary>The parameters of activations that have some.</summary>
    private static void WriteLearned(List<Result> results, TextWriter output)
    {
        int names = WidthOfNames(results);
        foreach (var (name, model, _, _) in results)
        {
            foreach (var layer in model.Where(layer => layer is not (Dense or Conv2d) && layer.ParameterCount > 0))
            {
                var learned = layer.NamedParameters().Select(named => $"{named.Name} {named.Parameter.Item():F3}");
                output.WriteLine($"learned {name.PadRight(names)}{string.Join("  ", learned)}");
            }
        }
    }

    private sealed record Result(string Name, Sequential Model, History History, double Accuracy);
}
