using TinyNet.Autograd;
using TinyNet.Core;
using TinyNet.Data;
using TinyNet.Layers;
using TinyNet.Training;

namespace TinyNet.ExtensionTests;

/// <summary>The page of recipes, but for its threads.</summary>
public class RecipeTests
{
    private static Tensor Images => Digits.LoadAll().Load([.. Enumerable.Range(0, 32)]).Features;

    [Fact]
    public void A_model_is_summarized_and_its_parts_captured()
    {
        var images = Images;
        // <recipes>
        var model = new Sequential(
            new Conv2d(1, 8, kernelSize: 3, padding: 1), new ReLU(), new MaxPool2d(2), new Flatten(), new Dense(128, 10));
        Console.WriteLine(model.Summarize(1, 1, 8, 8));
        // </recipes>
        string page = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "recipes.md"));
        Assert.Contains("```\n" + model.Summarize(1, 1, 8, 8).ToString().TrimEnd() + "\n```", page, StringComparison.Ordinal);

        // <recipes>
        var summary = model.Summarize(1, 1, 8, 8);
        var largest = summary.Rows.Where(row => row.Path.Length > 0).MaxBy(row => row.MultiplyAdds)!;
        Console.WriteLine($"{largest.Path} makes {largest.MultiplyAdds} of {summary.MultiplyAdds} multiply-adds");
        // </recipes>
        Assert.Equal(("0", 4608), (largest.Path, largest.MultiplyAdds));

        // <recipes>
        Tensor pooled = model.Capture("2", images);          // [32, 8, 4, 4]: what the third module makes of these images

        using var capture = model.Capture("2");              // or of whatever runs from here on
        var scores = model.Predict(images);
        Tensor again = capture.Output;
        // </recipes>
        Assert.Equal(new Shape(32, 8, 4, 4), pooled.Shape);
        Assert.Equal(pooled.ToArray(), again.ToArray());
        Assert.Equal(new Shape(32, 10), scores.Shape);
    }

    [Fact]
    public void Hooks_look_at_activations_gradients_and_updates()
    {
        // <recipes>
        var (images, labels) = Digits.LoadAll().Load([.. Enumerable.Range(0, 32)]);
        var random = new RandomStream(1);
        var model = new Sequential(new Flatten(), new Dense(64, 32, random: random), new ReLU(), new Dense(32, 10, random: random));
        var optimizer = new Adam(model.Parameters(), learningRate: 1e-2f);
        var crossEntropy = new CrossEntropy();

        var log = new List<string>();
        var hooks = new List<HookHandle>();
        foreach (var (path, module) in model.NamedModules())
        {
            if (module is ReLU)
            {
                hooks.Add(module.OnOutput((_, _, y) => log.Add($"{path}: {y.IsEqual(0).Mean().Item():P0} are 0")));
                hooks.Add(module.OnOutputGradient((_, _, g) => log.Add($"{path}: gradient of norm {g.Norm().Item():G3}")));
            }
        }

        foreach (var (name, parameter) in model.NamedParameters())
        {
            hooks.Add(parameter.OnGradient(gradient => gradient.Clamp(-1, 1)));     // takes the gradient's place
        }

        hooks.Add(optimizer.AfterUpdate(parameter => log.Add($"{parameter.Name}: norm {parameter.Norm().Item():G3}")));

        using (var tape = Tape.Record())
        {
            tape.Backward(crossEntropy.Forward(model.Forward(images), labels));
            optimizer.Step();
        }

        hooks.ForEach(hook => hook.Dispose());               // from here on nothing is called
        // </recipes>
        Assert.Equal(6, log.Count);
        Assert.StartsWith("2: ", log[0], StringComparison.Ordinal);
        Assert.StartsWith("2: gradient of norm ", log[1], StringComparison.Ordinal);
        Assert.StartsWith("1.weight: norm ", log[2], StringComparison.Ordinal);
        model.Predict(images);
        Assert.Equal(6, log.Count);
    }

    [Fact]
    public void An_anomaly_is_named()
    {
        // <recipes>
        var x = Tensor.From([-1, 1]);
        var weight = new Parameter(Tensor.From([1f, 1f]), "weight");
        string message = "";
        using var tape = Tape.Record(detectAnomalies: true);
        try
        {
            tape.Backward((weight * x).Log().Sum());
        }
        catch (AnomalyException anomaly)
        {
            message = anomaly.Message;                       // names Log, which first made a nan, and the shape
        }
        // </recipes>
        Assert.Contains("Log", message, StringComparison.Ordinal);
        Assert.Contains("[2]", message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_masked_counts_for_nothing()
    {
        var random = new RandomStream(1);
        var encoder = new TransformerEncoderLayer(8, heads: 2, hidden: 16, dropout: 0, random: random);
        var head = new Dense(8, 4, random: random);
        var x = random.Normal([3, 5, 8]);
        // <recipes>
        var lengths = IndexTensor.From(5, 2, 3);             // of three sequences, padded to 5 steps
        var isToken = lengths.LengthMask(steps: 5);          // [3, 5]: 1 for a token, 0 for padding
        var encoded = encoder.Forward(new EncoderInput(x) { KeyMask = isToken });
        var mean = encoded.MaskedMean(lengths);              // [3, 8]: of the tokens alone
        // </recipes>
        var other = x + random.Normal([3, 5, 8]) * (1 - isToken).Unsqueeze(-1);
        Assert.NotEqual(x.ToArray(), other.ToArray());
        Assert.Equal(mean.ToArray(), encoder.Forward(new EncoderInput(other) { KeyMask = isToken }).MaskedMean(lengths).ToArray());

        var targets = IndexTensor.From([1, 2, 3, 1, 2, 3, 1, 0, 0, 0, 2, 2, 1, 0, 0], [3, 5]);
        // <recipes>
        var crossEntropy = new CrossEntropy(ignoreIndex: 0);                        // 0 is the padding of the targets
        var loss = crossEntropy.Forward(head.Forward(encoded).Transpose(1, 2), targets);    // scores [3, classes, 5]
        // </recipes>
        var scores = head.Forward(encoded).LogSoftmax();
        double sum = 0;
        for (int i = 0; i < 15; i++)
        {
            sum -= targets.ToArray()[i] == 0 ? 0 : scores[i / 5, i % 5, targets.ToArray()[i]];
        }

        Assert.Equal(sum / 10, loss.Item(), 1e-5);

        // <recipes>
        var window = Tensor.Ones([5, 5]).LowerTriangle().UpperTriangle(-2);         // a step sees itself and the two before
        var local = encoder.Forward(new EncoderInput(x) { Mask = window, KeyMask = isToken });
        var causal = encoder.Forward(new EncoderInput(x) { IsCausal = true });      // itself and all before

        var masked = x.MaskedFill(isToken.IsEqual(0).Unsqueeze(-1), 0);             // numbers in the padding become 0
        // </recipes>
        Assert.Equal([1, 1, 1, 0, 0], window[2, ..].ToArray());
        Assert.Equal([0, 0, 1, 1, 1], window[4, ..].ToArray());
        Assert.NotEqual(local.ToArray(), causal.ToArray());
        Assert.Equal(new float[8], masked[1, 2, ..].ToArray());
    }

    [Fact]
    public void The_map_of_an_attention()
    {
        var attention = new MultiHeadAttention(8, heads: 2);
        var x = new RandomStream(1).Normal([3, 5, 8]);
        // <recipes>
        var input = new AttentionInput(x) { Weights = AttentionWeights.PerHead };   // x is [3, 5, 8], and there are 2 heads
        var (output, weights) = attention.Forward(input);    // [3, 5, 8] and [3, 2, 5, 5]
        // </recipes>
        Assert.Equal(new Shape(3, 5, 8), output.Shape);
        Assert.Equal(new Shape(3, 2, 5, 5), weights!.Shape);
        Assert.All(weights.Sum(-1).ToArray(), sum => Assert.Equal(1, sum, 1e-5));
    }

    [Fact]
    public void A_text_is_generated_with_a_cache()
    {
        // <recipes>
        const string text = "to be, or not to be, that is the question";
        char[] letters = [.. text.Distinct().Order()];
        int[] tokens = [.. text.Select(letter => Array.IndexOf(letters, letter))];
        using var loader = new DataLoader<WindowBatch>(
            new TokenWindows("question", tokens, length: 32, stride: 1), batchSize: 8, shuffle: true, seed: 1);

        var model = new LetterModel(letters.Length, places: 32, features: 32, new RandomStream(1));
        var trainer = new Trainer<WindowBatch, Tensor, IndexTensor>(
            model, new Adam(model.Parameters(), learningRate: 5e-3f),
            batch => model.Forward(batch.Tokens).Transpose(1, 2), batch => batch.Targets, new CrossEntropy().Forward);
        trainer.Fit(loader, epochs: 150);

        int[] generated = model.Generate(tokens[..6], count: 26, new RandomStream(2));
        Console.WriteLine(string.Concat(generated.Select(token => letters[token])));     // to be, or not to be, that is the
        // </recipes>
        Assert.Equal("to be, or not to be, that is the", string.Concat(generated.Select(token => letters[token])));
        Assert.Equal(generated, WithoutCache(model, tokens[..6], 26, new RandomStream(2)));
    }

    [Fact]
    public void A_run_goes_on_where_it_was()
    {
        string folder = Directory.CreateTempSubdirectory("tinynet-recipe-").FullName;
        try
        {
            Assert.Equal(2, Train(folder, 2, resumes: false).Epoch);
            Assert.Equal(2, Train(folder, 2, resumes: true).Epoch);
            var resumed = Train(folder, 4, resumes: true);
            Assert.Equal(4, resumed.History!.Rows.Count);
            var whole = Train(Path.Combine(folder, "other"), 4, resumes: false);
            Assert.Equal(whole.History!["train_loss"], resumed.History["train_loss"]);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static Trainer Train(string folder, int epochs, bool resumes)
    {
        var data = Digits.LoadAll().Subset("part", [.. Enumerable.Range(0, 200)]);
        using var train = new DataLoader(data, batchSize: 32, shuffle: true, seed: 1);
        var model = new Sequential(new Flatten(), new Dense(64, 10, random: new RandomStream(1)));
        // <recipes>
        var trainer = new Trainer(model, new Adam(model.Parameters()), new CrossEntropy())
        {
            Checkpoints = new CheckpointFolder(folder),
        };
        bool goesOn = trainer.TryResume();                   // false for the first run
        trainer.Fit(train, epochs: epochs);                  // up to this epoch, counted from the first run on
        // </recipes>
        Assert.Equal(goesOn, resumes);
        return trainer;
    }

    private static int[] WithoutCache(LetterModel model, int[] start, int count, RandomStream random)
    {
        List<int> tokens = [.. start];
        for (int i = 0; i < count; i++)
        {
            tokens.AddRange(model.Predict(IndexTensor.From([.. tokens], [1, tokens.Count])).Select(1, -1).Categorical(random).ToArray());
        }

        return [.. tokens];
    }
}
