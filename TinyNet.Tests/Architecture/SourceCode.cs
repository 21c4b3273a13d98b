namespace TinyNet.Tests.Architecture;

/// <summary>The tokens of a C# source, and what belongs together in them.</summary>
internal sealed class SourceCode(string source)
{
    private readonly IReadOnlyList<SourceToken> _tokens = SourceTokens.Of(source);

    public int Count => _tokens.Count;

    /// <summary>A token; nothing before the first and behind the last.</summary>
    public string Text(int at) => at >= 0 && at < _tokens.Count ? _tokens[at].Text : "";

    public bool IsWord(int at) => at >= 0 && at < _tokens.Count && _tokens[at].IsWord;

    public int Line(int at) => _tokens[at].Line;

    /// <summary>Where it goes on after a name and its type arguments, if those signs are type arguments.</summary>
    public int AfterArguments(int at)
    {
        int depth = 0;
        for (int i = at + 1; i < _tokens.Count; i++)
        {
            string text = Text(i);
            depth += text == "<" ? 1 : text == ">" ? -1 : 0;
            if (depth == 0)
            {
                return text == ">" ? i + 1 : at + 1;
            }

            if (!IsWord(i) && text is not ("<" or ">" or "," or "." or "?" or "[" or "]" or "(" or ")" or "*" or ":"))
            {
                break;
            }
        }

        return at + 1;
    }

    /// <summary>The bracket that closes the one at a place.</summary>
    public int Closing(int at)
    {
        int depth = 0;
        for (int i = at; i < _tokens.Count; i++)
        {
            depth += Depth(i);
            if (depth == 0)
            {
                return i;
            }
        }

        return _tokens.Count;
    }

    /// <summary>The last token of the declaration that a place is in the head of: a semicolon, or the brace that closes its body.</summary>
    public int EndOfDeclaration(int at)
    {
        for (int i = at; i < _tokens.Count; i++)
        {
            if (Text(i) == ";")
            {
                return i;
            }

            if (Depth(i) > 0)
            {
                bool isBody = Text(i) == "{";
                i = Closing(i);
                if (isBody)
                {
                    return i;
                }
            }
        }

        return _tokens.Count;
    }

    private int Depth(int at) => Text(at) is "(" or "[" or "{" ? 1 : Text(at) is ")" or "]" or "}" ? -1 : 0;
}
