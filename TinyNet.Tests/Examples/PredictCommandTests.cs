using System.Text.RegularExpressions;
using TinyNet.Autograd;
using TinyNet.Data;
using TinyNet.Examples;
using TinyNet.Images;
using TinyNet.Layers;
using TinyNet.Training;

namespace TinyNet.Tests.Examples;

[Collection(nameof(TrainCommandTests))]
public class PredictCommandTests
{
    [Theory]
    [InlineData("digits")]
    [InlineData("digits-cnn")]
    public void A_saved_model_gives_the_accuracy_of_its_training(string example)
    {
        using var folder = new TemporaryFolder();
        string trained = CommandRun.Output("train", example, "--epochs", "1", "--activation", "tanh", "--out", folder.At("run"))[^1];
        string accuracy = Regex.Match(trained, @"test accuracy \d\.\d{4}").Value;

        Assert.Equal([$"{accuracy} ({example})"], CommandRun.Output("predict", folder.At("run"), "--test"));
        Assert.Equal([$"{accuracy} ({example})"], CommandRun.Output("predict", folder.At("run/weights.safetensors"), "--test"));
    }

    [Fact]
    public void Image_files_are_classified_as_the_images_of_the_test_data_are()
    {
        using var folder = new TemporaryFolder();
        CommandRun.Output("train", "digits", "--epochs", "2", "--out", folder.At("run"));
        var test = Digits.Load().Test.Load(0, 7, 100, 358).Features;
        Directory.CreateDirectory(folder.At("images"));
        string[] files = ["a.png", "b.PNG", "c.png", "d.png"];
        for (int i = 0; i < files.Length; i++)
        {
            ImageFile.Save(folder.At(Path.Combine("images", files[i])), test.Select(0, i));
        }

        File.WriteAllText(folder.At("images/notes.txt"), "no image");
        File.WriteAllText(folder.At("images/._a.png"), "hidden");
        var model = new Sequential(
            new Flatten(), new Dropout(0), new Dense(64, 256), new ReLU(), new Dropout(0), new Dense(256, 256), new ReLU(), new Dropout(0),
            new Dense(256, 10));
        model.Load(folder.At("run/weights.safetensors"));
        var shares = model.Predict(test).Softmax();
        int[] classes = shares.ArgMax(axis: 1).ToArray();

        string[] lines = CommandRun.Output("predict", folder.At("run"), folder.At("images"));

        Assert.Equal(files.Length, lines.Length);
        for (int i = 0; i < files.Length; i++)
        {
            // 8 bits hold a 16th of the ink to 1/510.
            var (name, guess, share) = Parts(lines[i]);
            Assert.Equal(files[i], Path.GetFileName(name));
            Assert.Equal(classes[i], guess);
            Assert.Equal(shares[i, classes[i]], share, 0.02);
        }

        Assert.Equal(lines[2], Assert.Single(CommandRun.Output("predict", folder.At("run"), folder.At("images/c.png"))));

        // Dark on light, of 8 bits too: 255 less what was there.
        ImageFile.Save(folder.At("images/c.png"), 1 - ImageFile.Load(folder.At("images/c.png"), channels: 1));
        var (_, dark, warning) = CommandRun.Run("predict", folder.At("run"), folder.At("images"));
        Assert.NotEqual(lines[2], dark[2]);
        Assert.Equal($"warning: {folder.At("images/c.png")} looks dark on light, not light on dark as what was learned: try --invert",
            Assert.Single(warning));
        string inverted = Assert.Single(CommandRun.Output("predict", folder.At("run"), folder.At("images/c.png"), "--invert"));
        Assert.Equal(lines[2], inverted);
    }

    [Fact]
    public void What_cannot_be_predicted_is_said_in_a_line()
    {
        using var folder = new TemporaryFolder();
        CommandRun.Output("train", "digits", "--epochs", "1", "--out", folder.At("run"));
        new Dense(2, 3).Save(folder.At("other.safetensors"));
        var metadata = new Dictionary<string, string> { ["example"] = "digits", ["activation"] = "relu" };
        new Dense(2, 3).Save(folder.At("wrong.safetensors"), metadata);
        File.WriteAllText(folder.At("text.png"), "no image");
        Directory.CreateDirectory(folder.At("empty"));
        string checkpoint = new CheckpointFolder(folder.At("run/checkpoints")).Newest!;
        foreach (string stopped in (string[])["stopped", "parts/fold-0"])
        {
            Directory.CreateDirectory(folder.At($"{stopped}/checkpoints"));
            File.Copy(checkpoint, folder.At($"{stopped}/checkpoints/checkpoint-000000001.safetensors"));
        }

        (string Line, string[] Args)[] cases =
        [
            ("no file '", [folder.At("nothing"), "x.png"]),
            ("does not say its example", [folder.At("other.safetensors"), "x.png"]),
            ("network than 'digits' has here: 2.weight: not in the file; 2.bias: not in the file; …",
                [folder.At("wrong.safetensors"), folder.At("text.png")]),
            ($"'{folder.At("run/checkpoints")}' has the checkpoints of a run: give", [folder.At("run/checkpoints"), "x.png"]),
            ($"'{checkpoint}' is a checkpoint: give the folder of the run", [checkpoint, "x.png"]),
            ($"the run in '{folder.At("stopped")}' has not ended", [folder.At("stopped"), "x.png"]),
            ($"the run in '{folder.At("parts")}' has not ended", [folder.At("parts"), "a sentence"]),
            ("say what to ask: the model of 'digits' takes image files", [folder.At("run")]),
            ("no file or folder 'x.png'", [folder.At("run"), "x.png"]),
            ("expected a PNG or a JPEG file", [folder.At("run"), folder.At("text.png")]),
            ("has no files .png", [folder.At("run"), folder.At("empty")]),
        ];
        foreach (var (line, args) in cases)
        {
            Assert.Contains(line, CommandRun.Error(1, ["predict", .. args]), StringComparison.Ordinal);
        }

        Assert.Contains("MODEL", CommandRun.Error(2, "predict"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("activation", "step", "its activation is 'step', which no training has")]
    [InlineData("activation", "gaussian_glu", "its activation is 'gaussian_glu', which no training has")]
    [InlineData("activation", "", "does not say its activation")]
    [InlineData("classes", "0\n1", "names 2 classes, and its network has 10")]
    [InlineData("classes", "", "does not say its classes")]
    [InlineData("example", "digits-cnn", "has the weights of another network")]
    [InlineData("example", "gpt", "does not say its characters")]
    [InlineData("example", "attention", "answers no questions")]
    public void Texts_that_do_not_fit_the_weights_are_refused_in_a_line(string key, string text, string line)
    {
        using var folder = new TemporaryFolder();
        var model = new Sequential(
            new Flatten(), new Dropout(0), new Dense(64, 256), new ReLU(), new Dropout(0), new Dense(256, 256), new ReLU(), new Dropout(0),
            new Dense(256, 10));
        var metadata = new Dictionary<string, string>
        {
            ["example"] = "digits",
            ["activation"] = "relu",
            ["classes"] = string.Join('\n', Enumerable.Range(0, 10)),
            [key] = text,
        };
        model.Save(folder.At("weights.safetensors"), metadata);
        ImageFile.Save(folder.At("a.png"), Digits.Load().Test.Load(0).Features.Select(0, 0));

        string error = CommandRun.Error(1, "predict", folder.At("weights.safetensors"), folder.At("a.png"));

        Assert.Contains(line, error, StringComparison.Ordinal);
    }

    [Fact]
    public void Digits_are_seen_as_light_on_dark_and_their_opposites_as_dark_on_light()
    {
        var (train, test) = Digits.Load();
        foreach (var data in new[] { train, test })
        {
            for (int i = 0; i < data.Count; i++)
            {
                float[] digit = data.Load(i).Features.ToArray();
                Assert.False(ImageInput.IsDarkOnLight(digit, Digits.Size));
                Assert.True(ImageInput.IsDarkOnLight([.. digit.Select(ink => 1 - ink)], Digits.Size));
            }
        }
    }

    private static (string File, int Guess, float Share) Parts(string line)
    {
        string[] parts = line.Split("  ");
        string[] guess = parts[1].Split(' ');
        Assert.Equal("%", guess[2]);
        return (parts[0], int.Parse(guess[0]), float.Parse(guess[1]) / 100);
    }
}
