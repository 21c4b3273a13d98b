using TinyNet.Core;

namespace TinyNet.Bench;

/// <summary>A case whose numbers are wrong.</summary>
/// <param name="Subject">The operation.</param>
/// <param name="Seed">The seed of the case, by which it is found again.</param>
/// <param name="What">What is wrong.</param>
/// <param name="Operands">The operands, as far as they are short.</param>
internal sealed record NumberFault(string Subject, int Seed, string What, string Operands);

/// <summary>Random operands of all magnitudes through every row of <see cref="NumberTable"/>.</summary>
internal static class NumbersCampaign
{
    private const int ShownElements = 6;

    /// <summary>Runs cases, one after the other through the rows, and yields what is wrong.</summary>
    public static IEnumerable<NumberFault> Run(int seed, int count, IReadOnlyList<NumberRow> rows)
    {
        var devices = Devices();
        for (int i = 0; i < count; i++)
        {
            foreach (var fault in Faults(rows[i % rows.Count], unchecked(seed * 1_000_003 + i), devices))
            {
                yield return fault;
            }
        }
    }

    /// <summary>Runs one case of a row again.</summary>
    public static IEnumerable<NumberFault> Run(NumberRow row, int caseSeed) => Faults(row, caseSeed, Devices());

    private static CpuDevice[] Devices() =>
    [
        .. CommonOptions.Widths.SelectMany(bits => new[] { 1, 2 }.Select(threads => new CpuDevice(threads, bits, alwaysSplit: true))),
    ];

    private static IEnumerable<NumberFault> Faults(NumberRow row, int caseSeed, CpuDevice[] devices)
    {
        var numberCase = row.Make(new Draw(caseSeed));
        return Faults(numberCase, caseSeed, devices)
            .Select(what => new NumberFault(row.Subject, caseSeed, what, Describe(numberCase)));
    }

    private static List<string> Faults(NumberCase numberCase, int seed, CpuDevice[] devices)
    {
        try
        {
            return [.. NumberCheck.Faults(numberCase, seed, devices)];
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            return [$"{exception.GetType().Name}: {exception.Message}"];
        }
    }

    private static string Describe(NumberCase numberCase) => string.Join("; ", numberCase.Operands.Select(operand =>
        $"{operand.Shape} {string.Join(' ', operand.Values.Take(ShownElements))}{(operand.Values.Length > ShownElements ? " .." : "")}"));
}
