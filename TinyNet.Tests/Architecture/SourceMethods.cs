namespace TinyNet.Tests.Architecture;

/// <summary>Which methods a C# source declares, extensions apart from others, and which it calls on something.</summary>
internal sealed class SourceMethods
{
    private readonly SourceCode _code;
    private readonly HashSet<string> _extensions = [], _others = [];
    private readonly List<(string Name, int Line)> _calls = [];

    public SourceMethods(SourceCode code)
    {
        _code = code;
        // The block of extensions that the place is in, and the depth of its members.
        int endOfBlock = -1, depth = 0, depthOfMembers = -1;
        for (int i = 0; i < code.Count; i++)
        {
            depth += code.Text(i) == "{" ? 1 : code.Text(i) == "}" ? -1 : 0;
            if (i > endOfBlock && IsExtensionBlock(i, out int opening))
            {
                (endOfBlock, depthOfMembers) = (code.Closing(opening), depth + 1);
                i = opening - 1;
            }
            else if (IsDeclaration(i))
            {
                bool isExtension = (i < endOfBlock && depth == depthOfMembers) || code.Text(code.AfterArguments(i) + 1) == "this";
                (isExtension ? _extensions : _others).Add(code.Text(i));
            }
            else if (code.IsWord(i) && code.Text(i - 1) == "." && code.Text(code.AfterArguments(i)) == "(")
            {
                _calls.Add((code.Text(i), code.Line(i)));
            }
        }
    }

    /// <summary>The extension methods, of blocks and with <c>this</c>.</summary>
    public IReadOnlySet<string> Extensions => _extensions;

    /// <summary>All other methods.</summary>
    public IReadOnlySet<string> Others => _others;

    /// <summary>What stands behind a dot and before arguments, with its line.</summary>
    public IReadOnlyList<(string Name, int Line)> Calls => _calls;

    private bool IsExtensionBlock(int at, out int opening)
    {
        int receiver = _code.AfterArguments(at);
        opening = _code.Text(at) == "extension" && _code.Text(receiver) == "(" ? _code.Closing(receiver) + 1 : -1;
        return opening >= 0 && _code.Text(opening) == "{";
    }

    /// <summary>Whether a method is declared here: a type, the name, parameters, and a body or none.</summary>
    private bool IsDeclaration(int at)
    {
        int parameters = _code.AfterArguments(at);
        if (!_code.IsWord(at) || _code.Text(parameters) != "(")
        {
            return false;
        }

        int next = _code.Closing(parameters) + 1;
        bool hasBody = _code.Text(next) is "{" or "where" || (_code.Text(next) == "=" && _code.Text(next + 1) == ">");
        return _code.IsWord(at - 1)
            ? !SourceFile.IsKeywordBefore(_code.Text(at - 1)) && (hasBody || _code.Text(next) == ";")
            : _code.Text(at - 1) is ">" or "]" or "?" or "*" or ")" && hasBody;
    }
}
