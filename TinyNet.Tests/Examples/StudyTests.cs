using System.Text.RegularExpressions;
using TinyNet.Analysis;
using TinyNet.Autograd;
using TinyNet.Data;
using TinyNet.Images;
using static TinyNet.Tests.Examples.CommandRun;

namespace TinyNet.Tests.Examples;

/// <summary>The studies of <c>analyze</c> and <c>report</c>: a page, and its tables in 80 columns.</summary>
[Collection(nameof(TrainCommandTests))]
public class StudyTests
{
    [Fact]
    public void Activations_are_shown_with_slopes_and_statistics()
    {
        using var folder = new TemporaryFolder();
        string page = folder.At("a.html");

        string[] lines = Output("analyze", "activations", "--names", "relu,softmax", "--out", page);

        Assert.Matches(@"^relu +0\.5 +0\.5 +1 +0\.5 +0 +5$", lines.Last(line => line.StartsWith("relu", StringComparison.Ordinal)));
        Assert.Single(lines, line => line.StartsWith("softmax ", StringComparison.Ordinal)); // It has statistics, and no slopes.
        Check(lines, page, "Landscape of activations", "relu");
        Assert.DoesNotContain("Families", File.ReadAllText(page), StringComparison.Ordinal);
    }

    [Fact]
    public void Activations_without_names_come_with_their_families()
    {
        using var folder = new TemporaryFolder();
        string page = folder.At("a.html");
        Check(Output("analyze", "activations", "--out", page), page,
            ActivationFigures.Classic().Title, ActivationFigures.RectifierFamily().Title, ActivationFigures.SmoothFamilyWithSlopes().Title);
    }

    [Fact]
    public void Flow_is_the_product_of_slopes()
    {
        using var folder = new TemporaryFolder();
        string page = folder.At("flow.html");

        string[] lines = Output("analyze", "flow", "--names", "identity,scaled_tanh,sigmoid", "--depth", "3", "--out", page);

        Assert.Matches("^activation +after 1 layer +after 2 +after 3 +factor a layer$", lines[1]);
        Assert.Matches("^identity +1 +1 +1 +1$", lines[2]);
        Check(lines, page, "Gradient through activations alone");
        Assert.Equal(
            "flow: 'softmax' looks at several numbers at once: --names takes activations of one number",
            Error(1, "analyze", "flow", "--names", "softmax", "--out", page));
    }

    [Fact]
    public void Vanishing_gradients_are_found_and_others_are_not()
    {
        using var folder = new TemporaryFolder();
        string page = folder.At("v.html");

        string[] lines = Output("analyze", "vanishing", "--names", "relu,sigmoid", "--depth", "20", "--out", page);

        Assert.Equal(3, lines.Count(line => Regex.IsMatch(line, @"^sigmoid, \w+: 0\.weight, and \d+ more: its gradient vanishes")));
        Assert.Contains("kaiming: gradients reach all layers with relu", lines);
        Check(lines, page, "Gradients of weights", "relu, lecun");
    }

    [Fact]
    public void Features_of_a_trained_network_are_shown_for_test_images_and_files()
    {
        using var folder = new TemporaryFolder();
        Output("train", "digits-cnn", "--epochs", "1", "--out", folder.At("run"));
        var test = Digits.Load().Test.Load(3);
        ImageFile.Save(folder.At("x.png"), test.Features.Select(0, 0));
        string page = folder.At("f.html");

        string[] ofTest = Output("analyze", "features", folder.At("run"), "--test-image", "3", "--out", page);
        Check(ofTest, page, $"test image 3: {test.Labels.Item()}", "Output of 0", "The first 16 of 64 features.");
        string[] ofFile = Output("analyze", "features", folder.At("run"), folder.At("x.png"), "--layer", "12", "--out", page);
        Check(ofFile, page, "x.png", "Output of 12");

        // The file has 8 bits of what the test data have.
        Assert.Matches(@"^0 +Conv2d +32 +16 ", ofTest[2]);
        Assert.Matches(@"^12 +Dense +10 +10 ", ofFile[2]);
        Assert.Contains("--layer: no module 'x'; there are 0, 1", Refused("features", "--layer", "x"), StringComparison.Ordinal);
        Assert.Contains("test images, from 0 on, and no 1797", Refused("features", "--test-image", "1797"), StringComparison.Ordinal);
        Assert.Contains("maps of attention are vit, attention", Refused("attention"), StringComparison.Ordinal);

        string[] step = Output("analyze", "gradients", folder.At("run"), "--out", page);
        Check(step, page, "Gradients of parameters in the newest step", "Distributions of outputs");
        Assert.Contains(step, line => Regex.IsMatch(line, @"^12\.weight +\[128, 10\] "));
        Assert.DoesNotContain("update / weight", string.Join('\n', step), StringComparison.Ordinal); // There is none in one step.

        string Refused(string study, params string[] options) =>
            Error(1, ["analyze", study, folder.At("run"), .. options, "--out", folder.At("none.html")]);
    }

    [Theory]
    [InlineData("attention", "attention: 10 queries, 10 keys", 3)]
    [InlineData("vit", "encoder.layers.3.self_attn: 16 queries, 16 keys", 24)]
    public void Attention_is_shown_on_test_data(string example, string title, int rows)
    {
        using var folder = new TemporaryFolder();
        Output("train", example, "--epochs", "1", "--out", folder.At("run"));
        string page = folder.At("a.html");

        string[] lines = Output("analyze", "attention", folder.At("run"), "--out", page);

        Check(lines, page, title);
        Assert.Contains(title, lines);
        Assert.Equal(rows, lines.Count(line => Regex.IsMatch(line, @"^(\d|mean|head) ")));
    }

    [Theory]
    [InlineData("analyze")]
    [InlineData("report")]
    public void Runs_are_laid_over_each_other(string command)
    {
        using var folder = new TemporaryFolder();
        Write("one", "epoch,train_loss,validation_loss,validation_accuracy,seconds\n1,2,1,0.5,3\n2,1,0.5,0.75,3\n");
        Write("parts/a", "epoch,train_loss,learning_rate,seconds\n1,0.125,0.01,2\n");
        Write("parts/b", "epoch,train_loss,learning_rate,seconds\n1,0.25,0.02,2\n");
        string page = folder.At("c.html");

        string[] lines = Output(command, "compare", folder.At("one"), folder.At("parts"), "--threshold", "0.75", "--out", page);

        Check(lines, page, "Comparison of runs", "learning rate");
        Assert.Matches(@"^one +2 +1 +0\.5 +0\.75 +0\.75", lines[2]);
        Assert.Matches(@"^a +1 +0\.125$", lines[3]);
        Assert.Contains(lines, line => Regex.IsMatch(line, @"^run .*epochs to accuracy 0\.75"));
        Assert.Equal(["one", "a", "b"], Regex.Matches(File.ReadAllText(page), "<input type=\"checkbox\"[^>]*value=\"([^\"]*)\"")
            .Select(match => match.Groups[1].Value));

        // A name of two runs is their paths.
        Write("more/a", "epoch,train_loss,seconds\n1,0.5,2\n");
        string[] paths = Output(command, "compare", folder.At("parts"), folder.At("more/a"), "--out", page);
        Assert.Contains(paths, line => line.StartsWith(folder.At("more/a"), StringComparison.Ordinal));

        Assert.Contains("no folder '", Error(1, command, "compare", folder.At("nothing")), StringComparison.Ordinal);
        Directory.CreateDirectory(folder.At("empty"));
        Assert.Contains("no history.csv in '", Error(1, command, "compare", folder.At("empty")), StringComparison.Ordinal);
        Assert.Contains("no run has 'f1'; they have loss, accuracy, seconds",
            Error(1, command, "compare", folder.At("one"), "--metric", "f1"), StringComparison.Ordinal);
        Write("bad", "epoch,train_loss,seconds\n1,low,2\n");
        Assert.Contains("expected a number, found 'low'", Error(1, command, "compare", folder.At("bad")), StringComparison.Ordinal);
        Write("begun", "epoch,train_loss,seconds\n");
        Assert.Contains("run 'begun' has no epoch", Error(1, command, "compare", folder.At("begun")), StringComparison.Ordinal);

        void Write(string run, string history)
        {
            Directory.CreateDirectory(folder.At(run));
            File.WriteAllText(folder.At($"{run}/history.csv"), history);
        }
    }

    [Fact]
    public void What_makes_no_sense_is_said_in_a_line()
    {
        Assert.StartsWith("analyze: say which study; known are: activations, flow, ", Error(2, "analyze"), StringComparison.Ordinal);
        Assert.Equal("report: no study 'compar' (did you mean 'compare'?); known are: compare", Error(2, "report", "compar"));
        Assert.Equal("--depth: '0' is not a whole number from 1 to 1000", Error(2, "analyze", "flow", "--depth", "0"));
        Assert.Equal("--threshold: 'x' is not a number", Error(2, "report", "compare", ".", "--threshold", "x"));
        Assert.Contains("no option '--dept'", Error(2, "analyze", "flow", "--dept", "3"), StringComparison.Ordinal);
    }

    /// <summary>The page has the texts, its path is the last line, and all lines fit 80 columns.</summary>
    private static void Check(string[] lines, string page, params string[] texts)
    {
        Assert.Equal($"page {page}", lines[^1]);
        Assert.All(lines[..^1], line => Assert.True(line.Length <= 80, line));
        string html = File.ReadAllText(page);
        Assert.StartsWith("<!DOCTYPE html>", html, StringComparison.OrdinalIgnoreCase);
        Assert.All(texts, text => Assert.Contains(text, html, StringComparison.Ordinal));
    }
}
