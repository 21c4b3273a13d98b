using System.Text.Json;
using TinyNet.Core;
using TinyNet.Training;

namespace TinyNet.Tests.Training;

/// <summary>The table of a training and its files.</summary>
public class HistoryTests
{
    [Fact]
    public void It_is_a_table()
    {
        var history = Sample();
        Assert.Equal([0.1, double.NaN], history["train_loss"]);
        Assert.Equal(-0.0, history.Rows[1]["a,\"b\""]);
        Assert.Equal(3, history.Rows[1].Epoch);
        Refusal.Of<ArgumentException>(() => history["train_los"], "'train_los'", "'train_loss'");
        Assert.Equal(3, history.ToString().Split('\n').Length);
    }

    [Fact]
    public void People_see_the_digits_that_tell_something()
    {
        var history = new History("a", "b", "c", "d", "e");
        history.Add(1, 0.25, 0.002, 1e-5, 123456, double.PositiveInfinity);
        Assert.Equal("epoch 1: a 0.2500, b 0.00200, c 1.00E-05, d 123456.0, e Infinity", history.Rows[0].ToString());
    }

    [Fact]
    public void Rows_and_columns_are_checked()
    {
        var history = Sample();
        Refusal.Of<ArgumentException>(() => history.Add(3, 1, 2), "epoch 3 after epoch 3");
        Refusal.Of<ArgumentException>(() => history.Add(4, 1), "1 values for 2 columns");
        Assert.Equal(2, history.Rows.Count);
        Refusal.Of<ArgumentException>(() => new History("loss", "loss"), "'loss'");
        Refusal.Of<ArgumentException>(() => new History("epoch"), "'epoch'");
        Refusal.Of<ArgumentException>(() => new History(" "), "' '");
    }

    [Fact]
    public void Csv_has_the_digits_that_numbers_need()
    {
        using var folder = new TemporaryFolder();
        string path = folder.At("history.csv");
        Sample().WriteCsv(path);
        Assert.Equal("epoch,train_loss,\"a,\"\"b\"\"\"\n1,0.1,Infinity\n3,NaN,-0\n", File.ReadAllText(path));
    }

    [Fact]
    public void Csv_is_read_back()
    {
        using var folder = new TemporaryFolder();
        string path = folder.At("history.csv");
        Sample().WriteCsv(path);
        var read = History.ReadCsv(path);
        Assert.Equal(Sample().Columns, read.Columns);
        Assert.Equal([1, 3], read.Rows.Select(row => row.Epoch));
        Assert.Equal([0.1, double.NaN], read["train_loss"]);
        Assert.Equal([double.PositiveInfinity, -0.0], read["a,\"b\""]);
        Assert.True(double.IsNegative(read.Rows[1].Values[1]));

        // As a training that has just begun leaves it.
        new History("train_loss").WriteCsv(path);
        Assert.Equal(["train_loss"], History.ReadCsv(path).Columns);
        Assert.Empty(History.ReadCsv(path).Rows);
    }

    [Theory]
    [InlineData("loss,epoch\n1,1\n", "line 1: expected the column 'epoch' first")]
    [InlineData("epoch,loss,loss\n1,1,1\n", "line 1: expected the history of a training, found 'loss' is no name")]
    [InlineData("epoch,loss\n1,1\n2,low\n", "row 2 after the names, column 'loss': expected a number, found 'low'")]
    [InlineData("epoch,loss\n1.5,1\n", "row 1 after the names, column 'epoch': expected an epoch, found '1.5'")]
    [InlineData("epoch,loss\n2,1\n1,1\n", "row 2 after the names: expected the history of a training, found epoch 1 after epoch 2")]
    [InlineData("epoch,loss\n1\n", "line 2")]
    [InlineData("", "found the end of the file")]
    public void What_is_no_history_is_refused(string text, string problem)
    {
        using var folder = new TemporaryFolder();
        string path = folder.At("history.csv");
        File.WriteAllText(path, text);
        Refusal.Of<DataFormatException>(() => History.ReadCsv(path), path, problem);
        Assert.Throws<FileNotFoundException>(() => History.ReadCsv(folder.At("none.csv")));
    }

    [Fact]
    public void Json_is_read_by_others()
    {
        using var folder = new TemporaryFolder();
        string path = folder.At("history.json");
        Sample().WriteJson(path);
        using var json = JsonDocument.Parse(File.ReadAllText(path));
        Assert.Equal("None", json.RootElement.GetProperty("stopReason").GetString());
        var epochs = json.RootElement.GetProperty("epochs");
        Assert.Equal(0.1, epochs[0].GetProperty("train_loss").GetDouble());
        Assert.Equal("Infinity", epochs[0].GetProperty("a,\"b\"").GetString());
        Assert.Equal(JsonValueKind.Null, epochs[1].GetProperty("train_loss").ValueKind);
    }

    private static History Sample()
    {
        var history = new History("train_loss", "a,\"b\"");
        history.Add(1, 0.1, double.PositiveInfinity);
        history.Add(3, double.NaN, -0.0);
        return history;
    }
}
