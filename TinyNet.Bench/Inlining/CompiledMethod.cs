using System.Text.RegularExpressions;

namespace TinyNet.Bench;

/// <summary>A method in a listing of the compiler (x64): its calls, and the registers that its inner loops put into memory.</summary>
/// <param name="Name">The name, with types and parameters.</param>
/// <param name="Calls">The methods that it calls, and whether it does so in a loop.</param>
/// <param name="Spills">How often an inner loop writes a vector register to the stack.</param>
internal sealed partial record CompiledMethod(string Name, IReadOnlyList<(string Callee, bool IsInLoop)> Calls, int Spills)
{
    /// <summary>Reads a listing.</summary>
    public static IEnumerable<CompiledMethod> Read(IEnumerable<string> listing)
    {
        string? name = null;
        List<string> lines = [];
        foreach (string line in listing)
        {
            if (Start().Match(line) is { Success: true } start)
            {
                if (name is not null)
                {
                    yield return Of(name, lines);
                }

                name = start.Groups[1].Value;
                lines.Clear();
            }

            lines.Add(line);
        }

        if (name is not null)
        {
            yield return Of(name, lines);
        }
    }

    private static CompiledMethod Of(string name, List<string> lines)
    {
        var loops = Loops(lines);
        var inner = loops.Where(loop => !loops.Any(other => other != loop && other.Start >= loop.Start && other.End <= loop.End)).ToList();
        var calls = from line in Enumerable.Range(0, lines.Count)
                    let call = Call().Match(lines[line])
                    where call.Success
                    select (call.Groups[1].Value, loops.Exists(loop => loop.Start <= line && line <= loop.End));
        return new(name, [.. calls], inner.Sum(loop => lines[loop.Start..loop.End].Count(line => Spill().IsMatch(line))));
    }

    /// <summary>What lies between a label and a jump back to it.</summary>
    private static List<(int Start, int End)> Loops(List<string> lines)
    {
        var labels = new Dictionary<string, int>();
        var ends = new Dictionary<int, int>();
        for (int i = 0; i < lines.Count; i++)
        {
            if (Label().Match(lines[i]) is { Success: true } label)
            {
                labels[label.Groups[1].Value] = i;
            }
            else if (Jump().Match(lines[i]) is { Success: true } jump && labels.TryGetValue(jump.Groups[1].Value, out int start))
            {
                ends[start] = i;
            }
        }

        return [.. ends.Select(loop => (loop.Key, loop.Value))];
    }

    [GeneratedRegex(@"^; Assembly listing for method (.+) \(")]
    private static partial Regex Start();

    [GeneratedRegex(@"^(G_M\w+):")]
    private static partial Regex Label();

    [GeneratedRegex(@"^\s+j\w+\s+(?:SHORT )?(G_M\w+)")]
    private static partial Regex Jump();

    /// <summary>Calls, and jumps to another method at the end of one.</summary>
    [GeneratedRegex(@"^\s+(?:call|(?:tail\.|rex\.)*jmp)\s+\[?([^\[\s]+:.+?)\]?(?:$|\s;)")]
    private static partial Regex Call();

    [GeneratedRegex(@"^\s+vmov\w+\s+[xyz]mmword ptr \[r[bs]p[^\]]*\], [xyz]mm")]
    private static partial Regex Spill();
}
