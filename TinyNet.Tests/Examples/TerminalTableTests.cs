using TinyNet.Analysis;
using TinyNet.Examples;

namespace TinyNet.Tests.Examples;

/// <summary>Tables in the width of a terminal.</summary>
public class TerminalTableTests
{
    private static readonly Table Sample = new("title", ["name", "first", "second"], [["a", 1, 20], ["long name", 2, null]]);

    [Theory]
    [InlineData(80, "title|name       first  second|a              1      20|long name      2")]
    [InlineData(24, "title|name       first  second|a              1      20|long name      2")]
    [InlineData(23, "title|name       first|a              1|long name      2|name       second|a              20|long name")]
    [InlineData(1, "title|name       first|a              1|long name      2|name       second|a              20|long name")]
    public void Columns_without_room_follow_below(int width, string expected)
    {
        using var output = new StringWriter();
        TerminalTable.Write(output, Sample, width);
        Assert.Equal(expected.Split('|'), CommandRun.Lines(output));
    }

    [Fact]
    public void Columns_without_values_can_be_left_out()
    {
        var table = new Table("t", ["a", "b", "epochs to 1"], [[1.0, double.NaN, null], [2.0, null, null]]);
        Assert.Equal(["a"], table.WithoutEmptyColumns().Columns);
        Assert.Equal(["a", "epochs to 1"], table.WithoutEmptyColumns("epochs to").Columns);
        Assert.Equal([2.0, null], table.Without("b").Rows[1]);
    }
}
