using System.CommandLine;
using System.Security.Cryptography;
using System.Text;
using TinyNet.Autograd;
using TinyNet.Core;
using TinyNet.Data;
using TinyNet.Layers;
using TinyNet.Training;

namespace TinyNet.Examples;

/// <summary>A transformer that writes a text on, character by character.</summary>
internal sealed class CharacterGpt : Example, IPredictor
{
    private const string CharactersKey = "characters", Separator = "----------";
    private const int StepsPerEpoch = 200, LargeBatch = 64;
    private const double TestFraction = 0.1, MinRatio = 0.1;

    // In each epoch every so many windows of the test part are looked at; at the end all are.
    private const int LookedAtOf = 8;

    private const int WarmupSteps = 100, SampleLength = 400;
    private const float WeightDecay = 0.1f, Beta2 = 0.99f, ClipNorm = 1, Temperature = 0.8f;

    private static readonly Option<string?> Text =
        OwnOption.Path("--text", "FILE", "Any text file in UTF-8 instead of the embedded one.");

    public override string Name => "gpt";

    public override string Summary => "a transformer that learns to write Shakespeare (embedded) or any text, character by character";

    public override string Description =>
        $"""
        Train a transformer to predict each next character of a text: Tiny Shakespeare, 1,115,394 characters, which are embedded, or a file.

        It learns from the first {1 - TestFraction:P0} of the text, and is tested on the rest, in windows of {GptNetwork.Places} characters.
        The network has {GptNetwork.Layers} layers of {GptNetwork.Features} features with {GptNetwork.Heads} heads, the norm first, GELU, no
        biases and no dropout; the vectors of characters also score the next one. This and its training are the recipe that nanoGPT gives
        for a processor (A. Karpathy, github.com/karpathy/nanoGPT): {10 * StepsPerEpoch} steps of 12 windows from random places by AdamW,
        with gradients clipped to norm {ClipNorm}, a warm-up of {WarmupSteps} steps, and a cosine down to a tenth of the rate.
        An epoch here is {StepsPerEpoch} steps. The loss is in nats for each character. Beside it is that of counting: a trigram model of
        the same text.
        """;

    public override TrainingDefaults Defaults => new(Epochs: 10, BatchSize: 12, LearningRate: 1e-3f)
    {
        AboutEpochs = $"How often it makes {StepsPerEpoch} steps.",
    };

    public override IReadOnlyList<Option> OwnOptions => [Text];

    public string Inputs => "texts to write on";

    public string SampleInput => "\"ROMEO:\"";

    public override Outcome Train(TrainingSession session)
    {
        var settings = session.Settings;
        string text = settings.Value(Text) is { } file ? TrainingText.Read(file) : TrainingText.Shakespeare();
        session.Identify("text sha256", Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text))));
        var alphabet = Alphabet.Of(text);
        int[] all = alphabet.Encode(text);
        int testLength = (int)(all.Length * TestFraction);
        if (testLength <= GptNetwork.Places)
        {
            throw new CommandException($"--text: {all.Length} characters are too few: a tenth has to be more than {GptNetwork.Places}");
        }

        int[] learned = all[..^testLength], tested = all[^testLength..];
        var windows = new RandomWindows("text", learned, GptNetwork.Places, StepsPerEpoch * settings.BatchSize, settings.Seed);
        using var train = new DataLoader<WindowBatch>(windows, settings.BatchSize);
        using var validation = new DataLoader<WindowBatch>(
            new TokenWindows("text/validation", tested, GptNetwork.Places, stride: LookedAtOf * GptNetwork.Places), LargeBatch);
        using var test = new DataLoader<WindowBatch>(new TokenWindows("text/test", tested, GptNetwork.Places), LargeBatch);

        var model = new GptNetwork(alphabet.Count);
        var optimizer = new AdamW(ParameterGroup.SplitByDecay(
            model.Parameters(),
            new AdamWOptions { LearningRate = settings.LearningRate, Beta2 = Beta2, WeightDecay = WeightDecay }));

        // The general trainer: each place of each window is a sample of the loss.
        var trainer = new Trainer<WindowBatch, Tensor, IndexTensor>(
            model, optimizer, batch => model.Forward(batch.Tokens).Flatten(0, 1),
            batch => batch.Targets.Reshape([batch.Targets.Length]), new CrossEntropy().Forward)
        {
            StepSchedule = new WarmupCosineSchedule(WarmupSteps, settings.Epochs * StepsPerEpoch, MinRatio),
            ClipNorm = ClipNorm,
            Checkpoints = session.Checkpoints,
        };
        session.Fit(trainer, train, validation);

        double loss = trainer.Evaluate(test).Loss;
        session.Output.WriteLine();
        session.Output.WriteLine("what it writes now:");
        session.Output.WriteLine(Continue(model, alphabet, "", new RandomStream(settings.Seed)));
        session.Output.WriteLine();
        session.Output.WriteLine($"loss of a trigram model {new TrigramModel(learned, alphabet.Count).Loss(tested):F4}");
        return new Outcome(model, "loss", loss)
        {
            Metadata = new Dictionary<string, string> { [CharactersKey] = alphabet.ToString() },
        };
    }

    public void Predict(SavedModel saved, IReadOnlyList<string> inputs, TextWriter output, TextWriter warnings)
    {
        var alphabet = Alphabet.Of(saved.Text(CharactersKey));
        var model = saved.LoadInto(new GptNetwork(alphabet.Count));
        for (int i = 0; i < inputs.Count; i++)
        {
            if (i > 0)
            {
                output.WriteLine(Separator);
            }

            output.WriteLine(Continue(model, alphabet, inputs[i], new RandomStream(0)));
        }
    }

    public Outcome Test(SavedModel saved) =>
        throw new CommandException($"the text that '{saved.File}' was tested on is not saved with it: --test is for the other examples");

    /// <summary>A text, and what the model writes after it: after no text as if a line or a word were over.</summary>
    private static string Continue(GptNetwork model, Alphabet alphabet, string beginning, RandomStream random)
    {
        List<int> text = [.. beginning.Length == 0 ? [0] : alphabet.Encode(beginning)];
        var cache = new KeyValueCache();
        int seen = 0;
        for (int i = 0; i < SampleLength; i++)
        {
            if (text.Count - seen + cache.Length > GptNetwork.Places)
            {
                // There is no place left: what follows sees no more than the half of them.
                cache.Clear();
                seen = text.Count - GptNetwork.Places / 2;
            }

            using var scope = Tape.NoRecord();
            var unseen = IndexTensor.From(text[seen..].ToArray(), [1, text.Count - seen]);
            var scores = model.Next(unseen, cache).Select(1, -1);
            seen = text.Count;
            text.Add((scores * (1 / Temperature)).Categorical(random).Item());
        }

        return alphabet.Decode(text);
    }
}
