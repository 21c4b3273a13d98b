using System.CommandLine;
using TinyNet.Autograd;
using TinyNet.Core;
using TinyNet.Data;
using TinyNet.Layers;
using TinyNet.Training;

namespace TinyNet.Examples;

/// <summary>An autoencoder of the embedded handwritten digits, beside principal components.</summary>
internal sealed class DigitsAutoencoder : Example
{
    private const int Pixels = Digits.Size * Digits.Size, Hidden = 128, Generated = 256, LargeBatch = 250, Shown = 4;

    private static readonly Option<int> Latent = OwnOption.Count("--latent", "How many numbers tell a digit.", Pixels / 2, 8);

    private static readonly Option<string> Generator = OwnOption.Choice(
        "--generator", "activation", "What follows the first layer of the decoder", Activation.Names, "scaled_tanh");

    public override string Name => "autoencoder";

    public override string Summary => "the same digits told by 8 numbers and drawn again, better than by principal components";

    public override string Description =>
        $"""
        Train an autoencoder on the embedded handwritten digits: 1797 gray images of 8 x 8 pixels.

        {ImageSource.AboutDigits} The encoder makes a few numbers of an image ({Pixels} - {Hidden} - latent), the decoder makes the image of
        these numbers again (latent - {Generated} - {Hidden} - {Pixels}). The first layer of the decoder is that of a generator, with an
        activation by name; the gated ones (gaussian_glu, ..) halve their input, so it is made twice as wide for them. What is measured is
        the mean squared error on the test part, as a share of that of as many principal components: they are the best linear map to so
        many numbers and back.
        """;

    public override TrainingDefaults Defaults => new(Epochs: 150, BatchSize: 32, LearningRate: 2e-3f, Activation: "relu");

    public override IReadOnlyList<Option> OwnOptions => [Latent, Generator];

    public override Outcome Train(TrainingSession session)
    {
        var settings = session.Settings;
        var images = ImageSource.Digits.Load(settings.Data, settings.Seed);
        using var train = new DataLoader(images.Train, settings.BatchSize, shuffle: true, seed: settings.Seed);
        using var validation = new DataLoader(images.Validation, LargeBatch);

        int latent = settings.Value(Latent);
        var model = Build(settings.Activation, latent, settings.Value(Generator)!);

        // The general trainer: the images are what goes in, and what is to come out.
        var trainer = new Trainer<ClassificationBatch, Tensor, Tensor>(
            model, new Adam(model.Parameters(), settings.LearningRate), batch => model.Forward(batch.Features),
            batch => batch.Features.Flatten(1), new MeanSquaredError().Forward)
        {
            StepSchedule = new CosineSchedule(settings.Epochs * train.Count),
            Checkpoints = session.Checkpoints,
        };
        session.Fit(trainer, train, validation);

        float[] test = All(images.Test).ToArray(), drawn = model.Predict(All(images.Test)).ToArray();
        float[] byLines = new PrincipalComponents(All(images.Train).ToArray(), Pixels, latent).Reconstruct(test);
        double error = MeanSquare(test, drawn), linearError = MeanSquare(test, byLines);
        Show(session.Output, test, drawn, byLines);
        session.Output.WriteLine($"mean squared error on {images.Test.Count} test images, each told by {latent} numbers");
        session.Output.WriteLine($"  autoencoder           {error:F5}");
        session.Output.WriteLine($"  principal components  {linearError:F5}");
        return new Outcome(model, "error / PCA's error", error / linearError);
    }

    // Without the layer after the generator's, odd functions such as scaled_tanh end at the error of principal components: where their
    // small initial weights put them they are linear, and nothing of second order leads away.
    private static Sequential Build(string activation, int latent, string generator) => new(
        new Flatten(),
        new Dense(Pixels, Hidden), Activation.FromName(activation),
        new Dense(Hidden, latent),
        new GenerativeLayer(latent, IsGated(generator) ? 2 * Generated : Generated, generator),
        new Dense(Generated, Hidden), Activation.FromName(activation),
        new Dense(Hidden, Pixels));

    private static bool IsGated(string activation) => !TrainingOptions.ActivationNames.Contains(activation);

    private static Tensor All(Dataset<ClassificationBatch> images) =>
        images.Load([.. Enumerable.Range(0, images.Count)]).Features;

    private static double MeanSquare(float[] right, float[] drawn) =>
        right.Zip(drawn, (x, y) => ((double)x - y) * (x - y)).Average();

    /// <summary>Some images beside each other: as they are, and below as they were drawn.</summary>
    private static void Show(TextWriter output, float[] test, float[] drawn, float[] byLines)
    {
        (string Title, float[] Images)[] rows = [("test images", test), ("the autoencoder's", drawn), ("by principal components", byLines)];
        foreach (var (title, images) in rows)
        {
            output.WriteLine(title);
            for (int y = 0; y < Digits.Size; y++)
            {
                var parts = Enumerable.Range(0, Shown)
                    .Select(image => Shades.Row(images.AsSpan(image * Pixels + y * Digits.Size, Digits.Size)));
                output.WriteLine("  " + string.Join("    ", parts).TrimEnd());
            }
        }
    }
}
