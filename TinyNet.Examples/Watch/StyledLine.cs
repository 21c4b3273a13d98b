using Spectre.Console;
using Spectre.Console.Rendering;

namespace TinyNet.Examples;

/// <summary>A line of texts in their styles; all characters are one column wide.</summary>
internal sealed class StyledLine
{
    private readonly List<(string Text, Style Style)> _parts = [];

    /// <summary>How many columns it has.</summary>
    public int Width { get; private set; }

    /// <summary>Appends a text.</summary>
    public StyledLine Add(string text, Style? style = null)
    {
        _parts.Add((text, style ?? Style.Plain));
        Width += text.Length;
        return this;
    }

    /// <summary>Appends another line after blanks up to a column.</summary>
    public StyledLine AddAt(int column, StyledLine line)
    {
        Add(new string(' ', Math.Max(0, column - Width)));
        line._parts.ForEach(part => Add(part.Text, part.Style));
        return this;
    }

    /// <summary>What Spectre.Console draws of it, with nothing beyond a width.</summary>
    public IRenderable ToRenderable(int width)
    {
        var paragraph = new Paragraph { Overflow = Overflow.Crop };
        int left = width;
        foreach (var (text, style) in _parts)
        {
            paragraph.Append(text[..Math.Min(left, text.Length)], style);
            left = Math.Max(0, left - text.Length);
        }

        // Of nothing at all there would be no line.
        return Width == 0 ? new Text(" ") : paragraph;
    }
}
