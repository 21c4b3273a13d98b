namespace TinyNet.Tests.Architecture;

/// <summary>A word, a number or a sign of a C# source, and the line it stands in.</summary>
internal readonly record struct SourceToken(string Text, int Line)
{
    public bool IsWord => char.IsLetter(Text[0]) || Text[0] == '_';
}

/// <summary>The tokens of a C# source. Comments, directives and the text of strings are left out; the holes of strings are code.</summary>
internal sealed class SourceTokens
{
    private readonly string _source;
    private readonly List<SourceToken> _tokens = [];
    private int _at;
    private int _line = 1;

    private SourceTokens(string source)
    {
        _source = source;
        ReadCode(isHole: false);
    }

    public static IReadOnlyList<SourceToken> Of(string source) => new SourceTokens(source)._tokens;

    /// <summary>Reads to the end, or past the brace that closes the hole of a string.</summary>
    private void ReadCode(bool isHole)
    {
        int depth = 0;
        bool isLineStart = true;
        while (_at < _source.Length)
        {
            char c = _source[_at];
            if (char.IsWhiteSpace(c))
            {
                isLineStart |= c == '\n';
                Skip(1);
                continue;
            }

            if (Starts("//") || (c == '#' && isLineStart))
            {
                SkipPast("\n", isPart: false);
            }
            else if (Starts("/*"))
            {
                SkipPast("*/");
            }
            else if (c == '\'')
            {
                ReadQuoted("'", dollars: 0, isVerbatim: false);
            }
            else if (IsStringStart(out int prefix, out int quotes))
            {
                ReadString(prefix, quotes);
            }
            else if (isHole && depth == 0 && c == '}')
            {
                Skip(1);
                return;
            }
            else
            {
                depth += c == '{' ? 1 : c == '}' ? -1 : 0;
                ReadToken();
            }

            isLineStart = false;
        }
    }

    private bool IsStringStart(out int prefix, out int quotes)
    {
        int at = _at;
        while (at < _source.Length && _source[at] is '$' or '@')
        {
            at++;
        }

        prefix = at - _at;
        while (at < _source.Length && _source[at] == '"')
        {
            at++;
        }

        quotes = at - _at - prefix;
        return quotes > 0;
    }

    private void ReadString(int prefix, int quotes)
    {
        string marks = _source.Substring(_at, prefix);
        int dollars = marks.Count(mark => mark == '$');
        Skip(prefix);
        // Two quotes are an empty string; three or more open a raw one, which as many close.
        ReadQuoted(
            quotes < 3 ? "\"" : new string('"', quotes), dollars, isVerbatim: marks.Contains('@', StringComparison.Ordinal) || quotes >= 3);
    }

    private void ReadQuoted(string quote, int dollars, bool isVerbatim)
    {
        bool isRaw = quote.Length > 1;
        Skip(quote.Length);
        while (_at < _source.Length)
        {
            if (!isRaw && isVerbatim && Starts("\"\""))
            {
                Skip(2);
            }
            else if (Starts(quote))
            {
                Skip(quote.Length);
                return;
            }
            else if (!isVerbatim && _source[_at] == '\\')
            {
                Skip(2);
            }
            else if (!isRaw && dollars > 0 && Starts("{{"))
            {
                Skip(2);
            }
            else if (dollars > 0 && Starts(new string('{', dollars)))
            {
                Skip(dollars);
                _tokens.Add(new SourceToken("(", _line));
                ReadCode(isHole: true);
                _tokens.Add(new SourceToken(")", _line));
                // A hole of a raw string closes with as many braces as it opens with.
                Skip(dollars - 1);
            }
            else
            {
                Skip(1);
            }
        }
    }

    private void ReadToken()
    {
        int start = _at;
        int line = _line;
        bool isWord = IsWordPart(_source[_at]);
        Skip(1);
        while (isWord && _at < _source.Length && IsWordPart(_source[_at]))
        {
            Skip(1);
        }

        _tokens.Add(new SourceToken(_source[start.._at], line));
    }

    private static bool IsWordPart(char c) => char.IsLetterOrDigit(c) || c == '_';

    private bool Starts(string text) => string.CompareOrdinal(_source, _at, text, 0, text.Length) == 0;

    private void SkipPast(string end, bool isPart = true)
    {
        int found = _source.IndexOf(end, _at, StringComparison.Ordinal);
        Skip((found < 0 ? _source.Length : isPart ? found + end.Length : found) - _at);
    }

    private void Skip(int count)
    {
        for (int end = Math.Min(_at + count, _source.Length); _at < end; _at++)
        {
            _line += _source[_at] == '\n' ? 1 : 0;
        }
    }
}
