using System.CommandLine;
using System.Globalization;
using TinyNet.Core;
using TinyNet.Ilgpu;

namespace TinyNet.Bench;

/// <summary><c>conformance DIR</c>: replays a folder of cases and says which fail.</summary>
internal static class ConformanceCommand
{
    public static Command Create()
    {
        var folder = new Argument<string>("DIR") { Description = "The folder: FAMILY/NAME.json, with or without an index.json." };
        var families = new Argument<string[]>("FAMILY")
        {
            Description = "The families to replay; all by default.",
            Arity = ArgumentArity.ZeroOrMore,
        };
        var device = new Option<Device>("--device")
        {
            Description = "Where to compute: one of those that the command devices lists.",
            HelpName = "NAME",
            CustomParser = result => CommonOptions.ParseDevice(result, result.Tokens[0].Value),
            DefaultValueFactory = _ => Device.Cpu,
        };
        var lanes = CommonOptions.Lanes(
            "The width of the registers on cpu, in bits; the widest by default. No fallback: a width that the machine lacks is an error.",
            ArgumentArity.ExactlyOne);
        var threads = CommonOptions.Threads();
        var command = new Command(
            "conformance",
            "Replay recorded cases (format tinynet-conformance/1) and compare results and gradients.")
            {
                folder,
                families,
                device,
                lanes,
                threads,
            };
        command.SetAction(parsed => CommandFailure.Guard(() => Run(
            parsed.GetRequiredValue(folder),
            parsed.GetValue(families) ?? [],
            Configured(parsed.GetRequiredValue(device), parsed.GetValue(lanes), parsed.GetValue(threads)))));
        return command;
    }

    private static Device Configured(Device device, int[]? lanes, int? threads)
    {
        CommonOptions.CheckThreads([device], threads);
        int? bits = lanes is [var width] ? width : null;
        if (device is CpuDevice)
        {
            return (bits, threads) == (null, null) ? device : new CpuDevice(threads, bits);
        }

        return bits is null
            ? device
            : throw new CommandFailure($"--lanes is for the device cpu, and not for {device.Name}: leave it out");
    }

    private static int Run(string folder, string[] chosen, Device device)
    {
        var files = Files(folder);
        string[] known = [.. files.Select(ConformanceRunner.FamilyOf).Distinct()];
        if (chosen.Except(known).FirstOrDefault() is { } unknown)
        {
            throw new CommandFailure(
                $"no family \"{unknown}\"{Suggestion.For(unknown, known)} in {folder}; there are {string.Join(", ", known)}");
        }

        Console.WriteLine(device switch
        {
            CpuDevice cpu => $"device cpu, lanes {CommonOptions.LanesText(cpu.LaneBits)}, threads {cpu.Threads}",
            IlgpuDevice gpu => $"device {gpu.Name}, {gpu.Description}",
            _ => $"device {device.Name}, lanes double, threads 1",
        });
        var all = new Tally();
        foreach (var family in files.GroupBy(ConformanceRunner.FamilyOf).Where(family => chosen.Length == 0 || chosen.Contains(family.Key)))
        {
            var tally = new Tally();
            foreach (string file in family)
            {
                var result = ConformanceRunner.Replay(folder, file, device);
                tally.Add(result);
                all.Add(result);
                if (result.Outcome == CaseOutcome.Failed)
                {
                    Console.WriteLine($"FAILED {result}");
                }
            }

            Console.WriteLine($"{family.Key}: {tally}{tally.WorstErrorIfAny}");
        }

        Console.WriteLine(all);
        return all.Failed > 0 ? 1 : 0;
    }

    private static IReadOnlyList<string> Files(string folder)
    {
        try
        {
            return ConformanceRunner.List(folder) is { Count: > 0 } files ? files : throw new CommandFailure($"no cases in {folder}");
        }
        catch (Exception e) when (e is IOException or FormatException or UnauthorizedAccessException)
        {
            throw new CommandFailure(e.Message);
        }
    }

    private sealed class Tally
    {
        private int _passed, _skipped;
        private double _worstError;

        public int Failed { get; private set; }

        /// <summary>How near the tolerance the worst result came, to see trouble before it fails.</summary>
        public string WorstErrorIfAny =>
            _passed + Failed == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $"; worst error {_worstError:G2} of the tolerance");

        public void Add(CaseResult result)
        {
            _passed += result.Outcome == CaseOutcome.Passed ? 1 : 0;
            Failed += result.Outcome == CaseOutcome.Failed ? 1 : 0;
            _skipped += result.Outcome == CaseOutcome.Skipped ? 1 : 0;
            _worstError = Math.Max(_worstError, result.WorstError);
        }

        public override string ToString() => $"{_passed} passed, {Failed} failed, {_skipped} skipped";
    }
}
