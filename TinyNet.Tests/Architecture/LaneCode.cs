namespace TinyNet.Tests.Architecture;

/// <summary>
/// Finds what a kernel on a GPU has not: tests of types, and memory of the stack. It looks at all that any device runs, which is written
/// over a lane of the interface <c>ILane</c>: whole folders, structs of some interfaces, and methods that are generic over a lane.
/// </summary>
/// <param name="folders">The folders.</param>
/// <param name="interfaces">The interfaces.</param>
internal sealed class LaneCode(IReadOnlySet<string> folders, IReadOnlySet<string> interfaces)
{
    /// <summary>The faults of a source, each with its line.</summary>
    public IEnumerable<string> Faults(string path, string source)
    {
        var code = new SourceCode(source);
        bool isWhole = folders.Contains(Path.GetDirectoryName(path)?.Replace('\\', '/') ?? "");
        int end = -1;
        for (int i = 0; i < code.Count; i++)
        {
            if (StartsStruct(code, i) || StartsConstraint(code, i))
            {
                end = Math.Max(end, code.EndOfDeclaration(i));
            }

            if ((isWhole || i <= end) && (code.Text(i) == "stackalloc" || (code.Text(i) == "typeof" && code.Text(i + 1) == "(")))
            {
                yield return $"{path}({code.Line(i)}): {code.Text(i)}";
            }
        }
    }

    /// <summary>The structs of the interfaces that a source declares.</summary>
    public IEnumerable<string> Structs(string source)
    {
        var code = new SourceCode(source);
        return [.. Enumerable.Range(0, code.Count).Where(i => StartsStruct(code, i)).Select(i => code.Text(i + 1))];
    }

    /// <summary>Whether the keyword of a struct is here, and one of the interfaces among its bases.</summary>
    private bool StartsStruct(SourceCode code, int at)
    {
        if (code.Text(at) != "struct" || !code.IsWord(at + 1))
        {
            return false;
        }

        int i = code.AfterArguments(at + 1);
        i = code.Text(i) == "(" ? code.Closing(i) + 1 : i;
        if (code.Text(i) != ":")
        {
            return false;
        }

        while (i < code.Count && code.Text(i) is not ("{" or ";" or "where"))
        {
            if (interfaces.Contains(code.Text(i++)))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Whether a type parameter is bound to a lane here.</summary>
    private static bool StartsConstraint(SourceCode code, int at) =>
        code.Text(at) == "ILane" && code.Text(at - 1) is "," or ":" && code.Text(at + 1) == "<";
}
