using TinyNet.Core;

namespace TinyNet.Data;

/// <summary>
/// Cuts a text into rows of fields. A field in quotes may have delimiters, line breaks and, doubled, quotes in it; others lose blanks at
/// their ends. Empty lines are passed over.
/// </summary>
/// <param name="file">What the file is called in messages.</param>
/// <param name="text">The text.</param>
/// <param name="delimiter">What is between fields.</param>
internal sealed class CsvParser(string file, string text, char delimiter)
{
    private int _at;
    private int _line = 1;

    /// <summary>The line in which the row of the last call began, from 1.</summary>
    public int Line { get; private set; }

    /// <summary>Reads a row into a list; false at the end of the text.</summary>
    /// <exception cref="DataFormatException">A quote is not closed, or something follows the closing one.</exception>
    public bool ReadRow(List<string> fields)
    {
        fields.Clear();
        while (_at < text.Length && text[_at] is '\n' or '\r')
        {
            EndLine();
        }

        if (_at == text.Length)
        {
            return false;
        }

        Line = _line;
        while (true)
        {
            fields.Add(_at < text.Length && text[_at] == '"' ? Quoted(fields.Count) : Plain());
            if (_at == text.Length)
            {
                return true;
            }

            if (text[_at] != delimiter)
            {
                EndLine();
                return true;
            }

            _at++;
        }
    }

    private string Plain()
    {
        int start = _at;
        while (_at < text.Length && text[_at] != delimiter && text[_at] is not ('\n' or '\r'))
        {
            _at++;
        }

        return text.AsSpan(start, _at - start).Trim().ToString();
    }

    private string Quoted(int column)
    {
        int start = ++_at, line = _line;
        bool isDoubled = false;
        while (true)
        {
            int length = text.AsSpan(_at).IndexOf('"');
            if (length < 0)
            {
                throw new DataFormatException(file, $"line {line}, column {column + 1}", "a closing quote", "the end of the file");
            }

            _line += Lines(text.AsSpan(_at, length));
            _at += length + 1;
            if (_at == text.Length || text[_at] != '"')
            {
                break;
            }

            isDoubled = true;
            _at++;
        }

        if (_at < text.Length && text[_at] != delimiter && text[_at] is not ('\n' or '\r'))
        {
            throw new DataFormatException(
                file, $"line {_line}, column {column + 1}", "a delimiter or the end of the line after a quoted field", $"'{text[_at]}'");
        }

        string field = text[start..(_at - 1)];
        return isDoubled ? field.Replace("\"\"", "\"", StringComparison.Ordinal) : field;
    }

    private void EndLine()
    {
        _at += text[_at] == '\r' && _at + 1 < text.Length && text[_at + 1] == '\n' ? 2 : 1;
        _line++;
    }

    /// <summary>How many lines end in a text; \r\n counts once.</summary>
    private static int Lines(ReadOnlySpan<char> part) => part.Count('\n') + part.Count('\r') - part.Count("\r\n");
}
