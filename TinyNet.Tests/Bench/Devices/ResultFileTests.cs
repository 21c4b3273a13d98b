using TinyNet.Bench;

namespace TinyNet.Tests.Bench.Devices;

public class ResultFileTests
{
    private static readonly ResultFile File = new(
        new Dictionary<string, string> { ["processor"] = "a \"fast\" one", ["threads"] = "2" },
        [
            new("activations", "relu", "a tensor of [2, 3]", "cpu", "total", Result.Milliseconds, 0.1)
            {
                P95 = 0.30000000000000004, Minimum = 1e-9, Spread = 0.25, Samples = 17,
            },
            new("memory", "relu", "[2, 3]", "cpu", "input", Result.Bytes, 24),
        ]);

    [Fact]
    public void What_is_written_as_JSON_is_read_again()
    {
        using var folder = new TemporaryFolder();
        string path = folder.At("results.json");
        ResultFile.Write(path, File.ToJson());
        var read = ResultFile.Read(path);

        Assert.Equal(File.Facts, read.Facts);
        Assert.Equal(File.Results, read.Results);
    }

    [Fact]
    public void A_number_that_is_none_is_written_and_read_too()
    {
        using var folder = new TemporaryFolder();
        string path = folder.At("results.json");
        var odd = File.Results[0] with { Value = double.NaN, Spread = double.PositiveInfinity };
        ResultFile.Write(path, (File with { Results = [odd] }).ToJson());

        Assert.Equal([odd], ResultFile.Read(path).Results);
    }

    [Fact]
    public void A_line_of_CSV_is_a_number()
    {
        Assert.Equal(
            """
            benchmark,subject,setting,device,measure,unit,value,p95,minimum,spread,samples
            activations,relu,"a tensor of [2, 3]",cpu,total,ms,0.1,0.30000000000000004,1E-09,0.25,17
            memory,relu,"[2, 3]",cpu,input,bytes,24,,,0,1

            """.ReplaceLineEndings("\n"), File.ToCsv());
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("""{"facts": {}, "results": null}""")]
    [InlineData("""{"facts": {}, "results": [{"benchmark": "scaling"}]}""")]
    [InlineData("""{"facts": {}, "results": 3}""")]
    public void Another_file_is_refused_by_its_name(string text)
    {
        using var folder = new TemporaryFolder();
        string path = folder.At("other.json");
        System.IO.File.WriteAllText(path, text);

        Assert.Contains($"{path} is not what --json writes", Assert.Throws<CommandFailure>(() => ResultFile.Read(path)).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_has_a_number_twice_is_refused()
    {
        using var folder = new TemporaryFolder();
        string path = folder.At("twice.json");
        System.IO.File.WriteAllText(path, (File with { Results = [File.Results[0], File.Results[0] with { Value = 3 }] }).ToJson());

        string message = Assert.Throws<CommandFailure>(() => ResultFile.Read(path)).Message;
        Assert.Contains(path, message, StringComparison.Ordinal);
        Assert.Contains("relu", message, StringComparison.Ordinal);
        Assert.Contains("twice", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Whether_a_file_can_be_written_is_found_out_without_writing_it()
    {
        using var folder = new TemporaryFolder();
        System.IO.File.WriteAllText(folder.At("old.json"), "old");

        ResultFile.CheckWritable(("--json", folder.At("old.json")), ("--csv", folder.At("new.csv")));

        Assert.Equal([folder.At("old.json")], Directory.GetFiles(folder.Root));
        Assert.Equal("old", System.IO.File.ReadAllText(folder.At("old.json")));
        void Refused(string path, string words) => Assert.Contains(
            words, Assert.Throws<CommandFailure>(() => ResultFile.CheckWritable(("--json", path))).Message, StringComparison.Ordinal);
        Refused("", "--json: a file has a name");
        Refused(folder.Root, "it is a folder");
        Refused(folder.At("none/a.json"), "its folder does not exist");
    }

    [Fact]
    public void Two_options_do_not_name_one_file()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder.At("inner"));
        (string, string)[] files =
            [("--json", folder.At("a")), ("--csv", folder.At("b")), ("--html", folder.At(Path.Combine("inner", "..", "a")))];

        string message = Assert.Throws<CommandFailure>(() => ResultFile.CheckWritable(files)).Message;
        Assert.StartsWith("--json and --html name the same file", message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(folder.Root));
    }

    [Fact]
    public void A_file_that_is_not_there_is_named() => Assert.Contains(
        "no-such.json", Assert.Throws<CommandFailure>(() => ResultFile.Read("no-such.json")).Message, StringComparison.Ordinal);
}
