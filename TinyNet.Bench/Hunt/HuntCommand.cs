using System.CommandLine;

namespace TinyNet.Bench;

/// <summary><c>hunt</c>: campaigns of random cases that look for what nobody thought of.</summary>
internal static class HuntCommand
{
    public static Command Create() => new(
        "hunt", "Look for faults with random cases; a seed finds each again. Exit with 1 if there are any.")
    {
        Numbers(),
    };

    private static Command Numbers()
    {
        var seed = CommonOptions.Count("--seed", "What the random numbers start from.", 1);
        var count = CommonOptions.Count("--count", "The number of cases.", 20_000);
        var only = new Option<string?>("--only") { Description = "Only the operations whose name has this in it.", HelpName = "NAME" };
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

    private static int RunNumbers(int seed, int count, string? only)
    {
        NumberRow[] rows =
        [
            .. NumberTable.Rows.Where(row => only is null || row.Subject.Contains(only, StringComparison.OrdinalIgnoreCase)),
        ];
        if (rows.Length == 0)
        {
            throw new CommandFailure($"no operation has '{only}' in its name");
        }

        NumberFault[] faults = [.. NumbersCampaign.Run(seed, count, rows).DistinctBy(fault => fault.Seed)];
        foreach (var cases in faults.GroupBy(fault => fault.Subject).OrderByDescending(cases => cases.Count()))
        {
            Console.WriteLine($"{cases.Key}: {cases.Count()} cases");
            foreach (var fault in cases.OrderBy(fault => fault.Operands.Length).Take(3))
            {
                Console.WriteLine($"  case {fault.Seed}: {fault.What}\n    of {fault.Operands}");
            }
        }

        Console.WriteLine($"{count} cases of {rows.Length} rows, seed {seed}: {faults.Length} with faults");
        return faults.Length == 0 ? 0 : 1;
    }
}
