using System.Globalization;
using TinyNet.Data;
using static TinyNet.Tests.Examples.CommandRun;

namespace TinyNet.Tests.Examples;

[Collection(nameof(TrainCommandTests))]
public class AdaptiveRegressionTests
{
    [Fact]
    public void Each_function_is_learned_to_a_tenth_of_the_error_of_the_mean()
    {
        string[] output = Output("train", "adaptive");

        foreach (string name in (string[])["sum-of-squares", "sine-plus-cosine", "sine-and-cosine"])
        {
            string row = output.Last(line => line.StartsWith(name, StringComparison.Ordinal));
            string[] texts = row.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1..];
            double[] cells = [.. texts.Select(text => double.Parse(text, CultureInfo.InvariantCulture))];
            Assert.InRange(cells[^1], 0, 0.1);
            // The printed loss by that of the mean is the printed share.
            Assert.Equal(cells[^1], cells[2] / cells[3], 0.01 * cells[^1] + 1e-4);
        }

        Assert.All(output.Where(line => !line.StartsWith("epoch ", StringComparison.Ordinal)), line => Assert.InRange(line.Length, 0, 80));
    }

    [Fact]
    public void The_path_of_the_parameters_is_in_a_file_and_in_a_table()
    {
        using var folder = new TemporaryFolder();
        string[] output = Output("train", "adaptive", "--epochs", "3", "--out", folder.At("run"));

        var path = CsvTable.Load(folder.At("run/sine-and-cosine/path.csv"));
        Assert.Equal(["epoch", "train_loss", "1.a", "1.b", "1.c"], path.ColumnNames.ToArray());
        Assert.Equal(["1", "2", "3"], path.Texts("epoch"));
        Assert.All(path.Numbers("1.a"), a => Assert.InRange(a, 0.5f, 0.9999f));
        string[] rows = [.. output.SkipWhile(line => !line.EndsWith("1.a   1.b   1.c", StringComparison.Ordinal)).Skip(1).Take(3)];
        Assert.Equal(
            path.Numbers("1.c").Select(c => c.ToString("F2", CultureInfo.InvariantCulture)), rows.Select(row => row.Split(' ')[^1]));

        var mixes = CsvTable.Load(folder.At("run/sum-of-squares/path.csv"));
        Assert.Equal(
            ["epoch", "train_loss", "1.a0", "1.a1", "1.a2", "1.a3", "1.b0", "3.a0", "3.a1", "3.a2", "3.a3", "3.b0"],
            mixes.ColumnNames.ToArray());
    }

    [Theory]
    [InlineData("epoch,x\n1,2\n", "has other columns than train_loss, 1.a0, ")]
    [InlineData(
        "epoch,train_loss,1.a0,1.a1,1.a2,1.a3,1.b0,3.a0,3.a1,3.a2,3.a3,3.b0\n1,abc,0,0,0,0,0,0,0,0,0,0\n",
        "expected a number, found 'abc'")]
    [InlineData("", "expected rows")]
    public void A_damaged_path_is_refused_in_a_line(string text, string line)
    {
        using var folder = new TemporaryFolder();
        string[] options = ["train", "adaptive", "--epochs", "1", "--batch-size", "1000", "--out", folder.At("run")];
        Output(options);
        File.WriteAllText(folder.At("run/sum-of-squares/path.csv"), text);

        Assert.Contains(line, Error(1, [.. options, "--resume"]), StringComparison.Ordinal);
    }
}
