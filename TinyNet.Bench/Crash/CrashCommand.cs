using System.CommandLine;
using TinyNet.Training;

namespace TinyNet.Bench;

/// <summary>
/// <c>crash</c>: kills a training in another process at random moments, and resumes it, again and again. Each time the newest checkpoint
/// has to be whole, the history must have no epoch twice, and in the end the weights must be those of the run that was never killed.
/// </summary>
internal static class CrashCommand
{
    private const string Name = "crash", ChildName = "child", FolderName = "--folder";

    public static Command Create()
    {
        var kills = CommonOptions.Count("--kills", "How often the process is killed.", 50);
        var seed = CommonOptions.Count("--seed", "Where the random moments start from.", 1);
        var signal = new Option<string>("--signal")
        {
            Description = "What it is killed by: KILL, which no process sees, or TERM or INT, after which it saves and ends by itself.",
            DefaultValueFactory = _ => "KILL",
        };
        signal.AcceptOnlyFromAmong("KILL", "TERM", "INT");
        var command = new Command(
            Name, "Kill a training at random moments, resume it, and compare its weights with those of one that was not.")
        {
            kills, seed, signal,
        };
        command.SetAction(parsed => CommandFailure.Guard(() =>
        {
            var campaign = new CrashCampaign(
                parsed.GetRequiredValue(signal), Console.Out, folder => ChildProcess.Itself(ChildArguments(folder)));
            return campaign.Run(parsed.GetRequiredValue(kills), parsed.GetRequiredValue(seed)).Faults == 0 ? 0 : 1;
        }));

        var folder = new Option<string>(FolderName) { Required = true, Description = "The folder of the run." };
        var child = new Command(ChildName, "The training that is killed.") { Hidden = true };
        child.Add(folder);
        child.SetAction(parsed => Train(parsed.GetRequiredValue(folder)));
        command.Add(child);
        return command;
    }

    /// <summary>What the program is given to be a training.</summary>
    public static string[] ChildArguments(string folder) => [Name, ChildName, FolderName, folder];

    private static int Train(string folder)
    {
        var run = new CrashRun(folder);
        var reason = run.Train(() => Console.WriteLine(CrashChild.Begun));
        Console.WriteLine(reason == StopReason.Completed
            ? CrashChild.HashName + run.Hash()
            : FormattableString.Invariant($"{CrashChild.StopName}{run.Trainer.Step}"));
        return 0;
    }
}
