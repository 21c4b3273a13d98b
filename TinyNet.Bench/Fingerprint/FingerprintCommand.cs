using System.CommandLine;
using TinyNet.Core;

namespace TinyNet.Bench;

/// <summary>
/// <c>fingerprint DIR</c>: one hash over the bits of all results, by which a change of the code shows that it moved none.
/// </summary>
internal static class FingerprintCommand
{
    public static Command Create()
    {
        var folder = new Argument<string>("DIR") { Description = "The folder of conformance cases: FAMILY/NAME.json." };
        var lanes = CommonOptions.Lanes(
            "The widths of the registers, in bits; all that the machine has by default.", ArgumentArity.OneOrMore);
        var threads = CommonOptions.Threads();
        threads.Description = "The number of threads; 1 and then 2 by default.";
        var cases = new Option<string?>("--cases")
        {
            Description = "Write the hash of each case and workload into a file.",
            HelpName = "FILE",
        };
        var command = new Command("fingerprint",
            """
            Print a SHA-256 over the bits of results and gradients of all cases and of one run of each workload of 'peer', at each width and
            number of threads; of the cases on the reference device, too. What is random starts from one seed.
            """)
        { folder, lanes, threads, cases };
        command.SetAction(parsed => CommandFailure.Guard(() => Run(
            parsed.GetRequiredValue(folder),
            parsed.GetValue(lanes) is { Length: > 0 } widths ? widths : [.. CommonOptions.Widths],
            parsed.GetValue(threads) is { } count ? [count] : [1, 2],
            parsed.GetValue(cases))));
        return command;
    }

    private static int Run(string folder, int[] widths, int[] threads, string? file)
    {
        using var cases = file is null ? TextWriter.Null : new StreamWriter(file);
        using var all = new BitHash();
        Report("reference", ResultHashes.OfCases(folder, Device.Reference), cases, all);
        foreach (int bits in widths)
        {
            foreach (int count in threads)
            {
                var device = new CpuDevice(count, bits);
                var hashes = ResultHashes.OfCases(folder, device).Concat(ResultHashes.OfWorkloads(device));
                Report($"lanes {CommonOptions.LanesText(bits)} threads {count}", hashes, cases, all);
            }
        }

        Console.WriteLine($"fingerprint {all.Take()}");
        return 0;
    }

    /// <summary>Prints the hash of each family, and then that of all.</summary>
    private static void Report(string where, IEnumerable<ResultHash> hashes, TextWriter cases, BitHash all)
    {
        var total = new List<ResultHash>();
        foreach (var family in hashes.GroupBy(hash => hash.Family))
        {
            foreach (var hash in family)
            {
                cases.WriteLine($"{where} {hash.Family}/{hash.Name} {hash.Hash}");
                total.Add(hash);
            }

            Console.WriteLine($"{where} {family.Key} {ResultHashes.Total(family)}");
        }

        string sum = ResultHashes.Total(total);
        Console.WriteLine($"{where} total {sum}");
        all.Add($"{where} {sum}");
    }
}
