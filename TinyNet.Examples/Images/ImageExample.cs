using TinyNet.Autograd;
using TinyNet.Core;
using TinyNet.Data;
using TinyNet.Images;
using TinyNet.Layers;
using TinyNet.Training;

namespace TinyNet.Examples;

/// <summary>An image as people see it, numbers from 0 to 1 [channels, height, width], and as a network does, in a batch of one.</summary>
internal sealed record SeenImage(string Name, Tensor Pixels, Tensor Input);

/// <summary>A network that tells what an image shows. An example gives the images, the network and the way it learns.</summary>
internal abstract class ImageExample : Example, IPredictor
{
    private const string ClassesKey = "classes";

    // What is only looked at needs no small batches.
    private const int LargeBatch = 250;

    // How many of its guesses a model tells.
    private const int Guesses = 3;

    public string Inputs => "image files (PNG, JPEG) and folders of them";

    public string SampleInput => "image.png";

    public sealed override Outcome Train(TrainingSession session)
    {
        var settings = session.Settings;
        var images = Source.Load(settings.Data, settings.Seed, Changes);
        using var train = new DataLoader(images.Train, settings.BatchSize, shuffle: true, seed: settings.Seed);
        using var validation = new DataLoader(images.Validation, LargeBatch);

        var model = Build(settings.Activation);
        var trainer = Learn(model, session, settings.Epochs * train.Count);
        trainer.Metrics.Add(new Accuracy());
        session.Fit(trainer, train, validation);
        var review = settings.Report ? ClassificationReview.Of(model, images.Test, Source.Open(settings.Data).Test) : null;
        return new Outcome(model, "accuracy", review?.Confusion.Value ?? AccuracyOf(model, images.Test))
        {
            Metadata = new Dictionary<string, string> { [ClassesKey] = string.Join('\n', images.Test.ClassNames) },
            Review = review,
            Summary = settings.Report ? model.Summarize(1, Source.Channels, Source.Size, Source.Size) : null,
            Data = [("training", About(images.Train)), ("validation", About(images.Validation)), ("test", About(images.Test))],
        };
    }

    public Outcome Test(SavedModel saved)
    {
        var model = Load(saved);
        return new Outcome(model, "accuracy", AccuracyOf(model, Source.LoadTest(saved.Data)));
    }

    public void Predict(SavedModel saved, IReadOnlyList<string> inputs, TextWriter output, TextWriter warnings)
    {
        var model = Load(saved);
        string[] classes = saved.Text(ClassesKey).Split('\n');
        var doubtful = new List<string>();
        foreach (string file in inputs.SelectMany(ImageInput.Files))
        {
            var image = Read(saved, file);
            if (Source.IsLightOnDark && !saved.Inverts && ImageInput.IsDarkOnLight(image.Pixels.ToArray(), Source.Size))
            {
                doubtful.Add(file);
            }

            float[] shares = model.Predict(image.Input).Softmax().ToArray();
            if (shares.Length != classes.Length)
            {
                throw new CommandException($"'{saved.File}' names {classes.Length} classes, and its network has {shares.Length}");
            }

            var guesses = Enumerable.Range(0, shares.Length).OrderByDescending(c => shares[c]).Take(Guesses);
            output.WriteLine($"{file}  {string.Join("  ", guesses.Select(c => $"{classes[c]} {100 * shares[c]:F2} %"))}");
        }

        if (doubtful.Count > 0)
        {
            string look = doubtful.Count == 1 ? "looks" : $"and {doubtful.Count - 1} more look";
            warnings.WriteLine($"warning: {doubtful[0]} {look} dark on light, not light on dark as what was learned: try --invert");
        }
    }

    /// <summary>The network with the weights that a training has saved.</summary>
    public Module<Tensor, Tensor> Load(SavedModel saved) => saved.LoadInto(Build(saved.Activation));

    /// <summary>An image file: its middle, resized to what the network knows.</summary>
    public SeenImage Read(SavedModel saved, string file)
    {
        var image = ImageFile.Load(file, Source.Size, Source.Size, Source.Channels);
        var seen = saved.Inverts ? 1 - image : image;
        var dataset = Source.Scaled(new UnlabeledDataset(file, seen.ToArray(), [Source.Channels, Source.Size, Source.Size]));
        return new SeenImage(file, seen, dataset.Load(0));
    }

    /// <summary>An image of the test part.</summary>
    /// <exception cref="CommandException">There is none of that number.</exception>
    public SeenImage ReadTest(SavedModel saved, int index)
    {
        var images = Source.Open(saved.Data).Test;
        if (index >= images.Count)
        {
            throw new CommandException($"--test-image: there are {images.Count} test images, from 0 on, and no {index}");
        }

        var (pixels, labels) = images.Load(index);
        string name = $"test image {index}: {images.ClassNames[labels.Values[0]]}";
        return new SeenImage(name, pixels.Select(0, 0), Source.Scaled(images).Load(index).Features);
    }

    /// <summary>Some of the test part as the network sees them, at equal distances, with their classes.</summary>
    public ClassificationBatch LoadTest(SavedModel saved)
    {
        var images = Source.LoadTest(saved.Data);
        int count = Math.Min(images.Count, LargeBatch);
        return images.Load([.. Enumerable.Range(0, count).Select(i => (int)((long)i * images.Count / count))]);
    }

    /// <summary>The images that it learns from.</summary>
    protected abstract ImageSource Source { get; }

    /// <summary>How an image is changed at random each time it is learned from.</summary>
    protected virtual Transform[] Changes => [];

    /// <summary>The network: images to a score for each class.</summary>
    protected abstract Module<Tensor, Tensor> Build(string activation);

    /// <summary>How it learns: by Adam on cross-entropy, with a rate that falls to 0 along a cosine.</summary>
    protected virtual Trainer Learn(Module<Tensor, Tensor> model, TrainingSession session, int steps) => new(
        model, new Adam(model.Parameters(), session.Settings.LearningRate), new CrossEntropy())
    {
        StepSchedule = new CosineSchedule(steps),
        Checkpoints = session.Checkpoints,
    };

    private static string About(Dataset<ClassificationBatch> images) =>
        $"{images.Name}: {images.Count} images [{string.Join(", ", images.SampleShape.ToArray())}] of {images.Classes} classes";

    private static double AccuracyOf(Module<Tensor, Tensor> model, Dataset<ClassificationBatch> images)
    {
        var accuracy = new Accuracy();
        using var test = new DataLoader(images, LargeBatch);
        foreach (var (pixels, labels) in test)
        {
            accuracy.Add(model.Predict(pixels), labels);
        }

        return accuracy.Value;
    }
}
