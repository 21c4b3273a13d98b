using System.CommandLine;
using System.Diagnostics;

namespace TinyNet.Bench;

/// <summary><c>hunt</c>: campaigns of random cases that look for what nobody thought of.</summary>
internal static class HuntCommand
{
    private const int ShownCases = 3;

    public static Command Create() => new(
        "hunt", "Look for faults with random cases; a seed finds each again. Exit with 1 if there are any.")
    {
        Numbers(),
        Api(),
        Files(),
    };

    private static Command Numbers()
    {
        var seed = Seed();
        var count = CommonOptions.Count("--count", "The number of cases.", 20_000);
        var only = Only("operations");
        var command = new Command("numbers",
            """
            Compute every operation, activation, loss, normalization and optimizer with operands of extreme magnitudes, mixed signs and
            common offsets, forward and backward, on every width of the registers and on one and two threads, and compare with double
            precision: |found - right| <= 64 u |right| + 32 change, u = 2^-24, where change is what one rounding of the operands does.
            """)
        { seed, count, only };
        command.SetAction(parsed => CommandFailure.Guard(() => RunNumbers(
            parsed.GetValue(seed), parsed.GetValue(count), parsed.GetValue(only))));
        return command;
    }

    private static Command Api()
    {
        var seed = Seed();
        var count = CommonOptions.Count("--count", "The number of calls.", 1_000_000);
        var only = Only("members");
        var progress = new Option<string?>("--progress") { Hidden = true };
        var first = new Option<int>("--first") { Hidden = true };
        var command = new Command("api",
            """
            Call the public members of the libraries with mild and wild arguments (null, nan, sizes beyond memory, dead tensors, other
            devices, failing functions) in a child process. A call may refuse, in words of the library; it may not throw anything else,
            change tensors that it was not given to change, or any if it refuses, leave memory rented, crash or hang.
            """)
        { seed, count, only, progress, first };
        command.SetAction(parsed => CommandFailure.Guard(() => RunApi(
            parsed.GetValue(seed), parsed.GetValue(count), parsed.GetValue(only), parsed.GetValue(progress), parsed.GetValue(first))));
        return command;
    }

    private static Command Files()
    {
        var seed = Seed();
        var count = CommonOptions.Count("--count", "The number of cases.", 100_000);
        var only = Only("readers");
        var command = new Command("files",
            """
            Damage valid files of every format (cut, prolonged, bits flipped, lying lengths, swapped, foreign, compression bombs) and read
            them. A reader may read them, or refuse them by the exceptions meant for that; it may not throw anything else, allocate more
            than the largest dataset needs, or hang.
            """)
        { seed, count, only };
        command.SetAction(parsed => CommandFailure.Guard(() => RunFiles(
            parsed.GetValue(seed), parsed.GetValue(count), parsed.GetValue(only))));
        return command;
    }

    private static Option<int> Seed() => CommonOptions.Count("--seed", "What the random numbers start from.", 1);

    private static Option<string?> Only(string what) => new("--only")
    {
        Description = $"Only the {what} whose name has this in it.",
        HelpName = "NAME",
    };

    private static int RunNumbers(int seed, int count, string? only)
    {
        var rows = Chosen(NumberTable.Rows, only);
        NumberFault[] faults = [.. NumbersCampaign.Run(seed, count, rows).DistinctBy(fault => fault.Seed)];
        foreach (var cases in faults.GroupBy(fault => fault.Subject).OrderByDescending(cases => cases.Count()))
        {
            Console.WriteLine($"{cases.Key}: {cases.Count()} cases");
            foreach (var fault in cases.OrderBy(fault => fault.Operands.Length).Take(ShownCases))
            {
                Console.WriteLine($"  case {fault.Seed}: {fault.What}\n    of {fault.Operands}");
            }
        }

        Console.WriteLine($"{count} cases of {rows.Count} rows, seed {seed}: {faults.Length} with faults");
        return faults.Length == 0 ? 0 : 1;
    }

    private static int RunApi(int seed, int count, string? only, string? progress, int first)
    {
        var members = Chosen(ApiMember.All, only);
        if (progress is not null)
        {
            ApiChild.Run(progress, seed, first, count, members);
            return 0;
        }

        var campaign = new ApiCampaign(seed, members);
        ApiFault[] faults =
        [
            .. campaign.Run(count, (file, next) => ChildProcess.Itself(campaign.ChildArguments(count, only, file, next))),
        ];
        foreach (var kind in faults.GroupBy(fault => fault.Kind).OrderByDescending(calls => calls.Count()))
        {
            Console.WriteLine($"{kind.Key}: {kind.Count()} calls of {kind.DistinctBy(fault => fault.Member).Count()} members");
            foreach (var fault in kind.OrderBy(fault => fault.Call.Length).DistinctBy(fault => fault.Member).Take(ShownCases))
            {
                Console.WriteLine($"  call {fault.Number}: {fault.Member}\n    {fault.Call}");
            }
        }

        Console.WriteLine($"{count} calls of {members.Count} members, seed {seed}: {faults.Length} faults");
        return faults.Length == 0 ? 0 : 1;
    }

    private static int RunFiles(int seed, int count, string? only)
    {
        var rows = Chosen(FileRow.All, only);
        using var campaign = new FilesCampaign();
        FileFault[] faults = [.. campaign.Run(seed, count, rows)];
        foreach (var kind in faults.GroupBy(fault => $"{fault.Row}: {fault.What}").OrderByDescending(cases => cases.Count()))
        {
            Console.WriteLine($"{kind.Key}: {kind.Count()} cases");
            foreach (var fault in kind.Take(ShownCases))
            {
                Console.WriteLine($"  case {fault.Seed}:{fault.Damage}");
            }
        }

        Console.WriteLine($"most memory in a case: {campaign.Largest.Bytes / 1e6:0.0} MB, {campaign.Largest.Case}");
        Console.WriteLine($"slowest: {campaign.Slowest.Time.TotalMilliseconds:0} ms, {campaign.Slowest.Case}");
        Console.WriteLine($"peak memory of the process: {Process.GetCurrentProcess().PeakWorkingSet64 / 1e6:0} MB");
        Console.WriteLine($"{count} cases of {rows.Count} readers, seed {seed}: {campaign.ReadCases} read, {faults.Length} with faults");
        return faults.Length == 0 ? 0 : 1;
    }

    /// <summary>Those whose name has a text in it.</summary>
    private static List<T> Chosen<T>(IEnumerable<T> all, string? only)
    {
        List<T> chosen = [.. all.Where(one => only is null || $"{one}".Contains(only, StringComparison.OrdinalIgnoreCase))];
        return chosen.Count > 0 ? chosen : throw new CommandFailure($"nothing has '{only}' in its name");
    }
}
