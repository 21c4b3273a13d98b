using TinyNet.Examples;

namespace TinyNet.Tests.Examples;

public class TerminalTextTests
{
    [Fact]
    public void Paragraphs_lose_the_line_breaks_of_the_source_and_stay_apart() => Assert.Equal(
        $"One two three.{Environment.NewLine}{Environment.NewLine}Four five.",
        TerminalText.Paragraphs("One two\nthree.\r\n\r\nFour\nfive."));

    [Theory]
    [InlineData(30)]
    [InlineData(41)]
    [InlineData(80)]
    public void A_table_fits_the_width_and_keeps_all_words(int width)
    {
        (string Name, string Meaning)[] rows =
            [("a", "words of several lengths which do not fit in one line of it"), ("bcdef", "few words"), ("gh", "")];
        using var output = new StringWriter();

        TerminalText.WriteTable(output, rows, width);

        string[] lines = output.ToString().Split(Environment.NewLine)[..^1];
        Assert.All(lines, line => Assert.InRange(line.Length, 1, width - 1));
        Assert.StartsWith("a      words of ", lines[0], StringComparison.Ordinal);
        Assert.Contains("bcdef  few words", lines);
        Assert.Equal(
            rows.SelectMany(row => $"{row.Name} {row.Meaning}".Split(' ', StringSplitOptions.RemoveEmptyEntries)),
            lines.SelectMany(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)));
    }

    [Theory]
    [InlineData("abcdef", null, "abcdef")]
    [InlineData("abcdef", 6, "abcdef")]
    [InlineData("abcdef", 5, "abcd…")]
    [InlineData("", 5, "")]
    public void A_line_loses_its_end_where_that_has_no_room(string line, int? width, string shown) =>
        Assert.Equal(shown, TerminalText.Shortened(line, width));

    [Theory]
    [InlineData("runs/a", "runs/a")]
    [InlineData("my runs/a", "\"my runs/a\"")]
    [InlineData("", "\"\"")]
    public void An_argument_with_spaces_is_in_quotes(string argument, string shown) =>
        Assert.Equal(shown, TerminalText.Argument(argument));

    [Fact]
    public void A_table_without_a_width_has_a_line_a_row()
    {
        using var output = new StringWriter();

        TerminalText.WriteTable(output, [("name", new string('x', 300))], width: null);

        Assert.Equal($"name  {new string('x', 300)}{Environment.NewLine}", output.ToString());
    }
}
