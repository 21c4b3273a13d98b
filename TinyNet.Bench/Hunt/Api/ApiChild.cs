using System.IO.MemoryMappedFiles;

namespace TinyNet.Bench;

/// <summary>
/// The side of the campaign that calls: it leaves the number of each call in a file before it makes it, so that the side that watches knows
/// which one ended the process, or does not end.
/// </summary>
internal static class ApiChild
{
    /// <summary>Makes calls and writes what is wrong to the standard output, a line each.</summary>
    public static void Run(string progressFile, int seed, int first, int end, IReadOnlyList<ApiMember> members)
    {
        using var file = MemoryMappedFile.CreateFromFile(progressFile, FileMode.Open);
        using var progress = file.CreateViewAccessor(0, sizeof(int));
        var bystanders = new ApiBystanders();
        for (int number = first; number < end; number++)
        {
            progress.Write(0, number);
            if (ApiCall.Run(seed, number, members) is { } fault)
            {
                Console.WriteLine(Line(fault));
            }

            if (bystanders.AreChanged())
            {
                Console.WriteLine(Line(ApiCall.Describe(seed, number, members, "what it was not given was changed")));
                bystanders = new ApiBystanders();
            }
        }

        progress.Write(0, end);
    }

    /// <summary>The fault in a line; null if it is another one.</summary>
    public static ApiFault? Parse(string line) => line.Split('\t') is ["fault", var number, var member, var kind, var call]
        ? new ApiFault(int.Parse(number, System.Globalization.CultureInfo.InvariantCulture), member, kind, call)
        : null;

    private static string Line(ApiFault fault) => string.Join(
        '\t', new[] { "fault", FormattableString.Invariant($"{fault.Number}"), fault.Member, fault.Kind, fault.Call }.Select(OneLine));

    private static string OneLine(string text) => string.Concat(text.Select(letter => char.IsControl(letter) ? ' ' : letter));
}
