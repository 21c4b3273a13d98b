namespace TinyNet.Tests.Architecture;

/// <summary>A type, by its name and the number of its type parameters.</summary>
internal readonly record struct TypeKey(string Name, int Arity)
{
    public override string ToString() => Arity == 0 ? Name : $"{Name}<{new string(',', Arity - 1)}>";
}

/// <summary>Which types a C# source declares, and which it names; and its methods.</summary>
internal sealed class SourceFile
{
    private static readonly HashSet<string> TypeKeywords = ["class", "struct", "interface", "enum", "record", "delegate"];

    // What may stand before the name of a type. After any other word a name is that of a variable, a property or a method.
    private static readonly HashSet<string> KeywordsBefore =
    [
        "abstract", "and", "as", "async", "await", "case", "const", "else", "explicit", "extern", "fixed", "implicit", "in",
        "internal", "is", "new", "not", "operator", "or", "out", "override", "params", "private", "protected", "public",
        "readonly", "ref", "required", "return", "scoped", "sealed", "stackalloc", "static", "switch", "throw", "unsafe", "using",
        "virtual", "volatile", "when", "where", "yield", "event", "partial", "file", "delegate", "this",
    ];

    private readonly SourceCode _code;
    private readonly HashSet<TypeKey> _declared = [];
    private readonly HashSet<string> _nested = [];
    private readonly List<(TypeKey Type, int Line)> _names = [];

    public SourceFile(string path, string source)
    {
        Path = path.Replace('\\', '/');
        _code = new SourceCode(source);
        Methods = new SourceMethods(_code);
        int depth = 0;
        bool isHeader = false;
        for (int i = 0; i < _code.Count; i++)
        {
            string text = _code.Text(i);
            depth += text == "{" ? 1 : text == "}" ? -1 : 0;
            isHeader &= text is not "{" and not ";";
            if (IsDeclaration(i))
            {
                isHeader = true;
                i = Declare(i, depth);
            }
            else if (_code.IsWord(i))
            {
                Name(i, isHeader);
            }
        }
    }

    public string Path { get; }

    /// <summary>The folder, as it is seen from the project; <c>.</c> for a file that is in none.</summary>
    public string Folder => Path.LastIndexOf('/') is var slash and >= 0 ? Path[..slash] : ".";

    /// <summary>The types that are not inside another.</summary>
    public IReadOnlySet<TypeKey> Declared => _declared;

    /// <summary>The methods that it declares and calls.</summary>
    public SourceMethods Methods { get; }

    /// <summary>Every name that may be that of a type, with its line.</summary>
    public IEnumerable<(TypeKey Type, int Line)> Names => _names.Where(name => !_nested.Contains(name.Type.Name));

    /// <summary>Whether a word is a keyword that a name may stand behind, and so no type itself.</summary>
    public static bool IsKeywordBefore(string word) => KeywordsBefore.Contains(word) || TypeKeywords.Contains(word);

    /// <summary>Whether a declaration of a type begins here: after "where T :" the keywords are constraints.</summary>
    private bool IsDeclaration(int at) =>
        TypeKeywords.Contains(_code.Text(at)) && _code.Text(at - 1) is not (":" or "," or "record") && _code.IsWord(at + 1);

    private int Declare(int at, int depth)
    {
        bool isDelegate = _code.Text(at) == "delegate";
        int name = at + 1;
        if (isDelegate)
        {
            // The result comes first; the name stands before the parameters, and the types in the result are names.
            for (; name < _code.Count && _code.Text(_code.AfterArguments(name)) != "("; name++)
            {
                if (_code.IsWord(name))
                {
                    Name(name, isHeader: false);
                }
            }
        }
        else if (_code.Text(at) == "record" && _code.Text(name) is "struct" or "class")
        {
            name++;
        }

        if (depth == 0)
        {
            _declared.Add(new TypeKey(_code.Text(name), Arity(name)));
        }
        else
        {
            _nested.Add(_code.Text(name));
        }

        return name;
    }

    private void Name(int at, bool isHeader)
    {
        string before = _code.Text(at - 1);
        int next = _code.AfterArguments(at);
        string after = _code.Text(next);
        // A member of something, unless what stands before the dot is a namespace.
        bool isMember = before == "." && !IsNamespace(at - 2);
        // A variable, a property or a method that has the name of a type.
        bool isMemberDeclaration = _code.IsWord(at - 1) && !KeywordsBefore.Contains(before);
        // The left of an assignment, or a property in a pattern.
        bool isSet = (after == "=" && _code.Text(next + 1) is not ("=" or ">")) || (after == ":" && _code.Text(next + 1) != ":");
        // A call of a method, unless it makes an object, calls the constructor of a base, or is a pattern.
        bool isCall = after == "(" && !(before is "new" or "is" or "case" or "or" or "and" or "not" || (isHeader && before == ":"));
        if (!isMember && !isMemberDeclaration && !isSet && !isCall)
        {
            _names.Add((new TypeKey(_code.Text(at), Arity(at)), _code.Line(at)));
        }
    }

    private bool IsNamespace(int at) => _code.Text(at - 1) == "." && _code.Text(at - 2) == "TinyNet";

    /// <summary>The number of type arguments or parameters after a name.</summary>
    private int Arity(int at)
    {
        int end = _code.AfterArguments(at), depth = 0, arity = end == at + 1 ? 0 : 1;
        for (int i = at + 1; i < end; i++)
        {
            depth += _code.Text(i) is "<" or "(" or "[" ? 1 : _code.Text(i) is ">" or ")" or "]" ? -1 : 0;
            arity += depth == 1 && _code.Text(i) == "," ? 1 : 0;
        }

        return arity;
    }
}
