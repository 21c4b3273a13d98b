using TinyNet.Autograd;
using TinyNet.Core;
using TinyNet.Data;
using TinyNet.Layers;
using TinyNet.Training;

namespace TinyNet.Examples;

/// <summary>Images with classes, in three parts: to learn from, to see how it goes, and to judge by at the end.</summary>
internal sealed record ImageParts(
    Dataset<ClassificationBatch> Train, Dataset<ClassificationBatch> Validation, Dataset<ClassificationBatch> Test)
{
    /// <summary>Takes the validation part from what is known. Images to learn from are changed at random; then all are scaled.</summary>
    public static ImageParts Of(
        (ImageDataset Known, ImageDataset Test) images, double validationFraction, Normalize scale, ulong seed, params Transform[] changes)
    {
        var (train, validation) = images.Known.Split(validationFraction);
        return new ImageParts(
            train.Transform(seed, [.. changes, scale]), validation.Transform(scale), images.Test.Transform(scale));
    }
}

/// <summary>A network that tells what an image shows. An example gives the images, the network and the way it learns.</summary>
internal abstract class ImageExample : Example
{
    // What is only looked at needs no small batches.
    private const int LargeBatch = 250;

    public sealed override Outcome Train(TrainingSession session)
    {
        var settings = session.Settings;
        var images = Load(settings);
        using var train = new DataLoader(images.Train, settings.BatchSize, shuffle: true, seed: settings.Seed);
        using var validation = new DataLoader(images.Validation, LargeBatch);
        using var test = new DataLoader(images.Test, LargeBatch);

        var model = Build(settings.Activation);
        var trainer = Learn(model, session, settings.Epochs * train.Count);
        trainer.Metrics.Add(new Accuracy());
        session.Fit(trainer, train, validation);
        return new Outcome(model, "accuracy", trainer.Evaluate(test)["accuracy"]);
    }

    /// <summary>The images; what is random about them follows from the seed.</summary>
    protected abstract ImageParts Load(TrainingSettings settings);

    /// <summary>The network: images to a score for each class.</summary>
    protected abstract Sequential Build(string activation);

    /// <summary>How it learns: by Adam on cross-entropy, with a rate that falls to 0 along a cosine.</summary>
    protected virtual Trainer Learn(Module<Tensor, Tensor> model, TrainingSession session, int steps) => new(
        model, new Adam(model.Parameters(), session.Settings.LearningRate), new CrossEntropy())
    {
        StepSchedule = new CosineSchedule(steps),
        Checkpoints = session.Checkpoints,
    };
}
