using System.CommandLine;
using TinyNet.Core;

namespace TinyNet.Bench;

/// <summary><c>monitor</c>: what it costs a training that its model is watched.</summary>
internal static class MonitorCommand
{
    private static readonly string[] Networks = ["mlp/train/b32", "cnn_mnist/train/b64"];

    public static Command Create()
    {
        var seconds = CommonOptions.Number("--seconds", "How long each network is measured, after warming up.", 20);
        var threads = CommonOptions.Threads();
        var command = new Command(
            "monitor",
            $"""
            Time a training step of {string.Join(" and of ", Networks)} with monitors of gradients and of activations off, off once more
            (what two measurements of the same differ by), attached but not looking at a step, at every 10th and at every step; beside it
            the time that reading what they look at takes at least.
            """)
        {
            seconds, threads,
        };
        command.SetAction(parsed => CommandFailure.Guard(() => Run(
            parsed.GetRequiredValue(seconds), parsed.GetValue(threads) ?? Environment.ProcessorCount)));
        return command;
    }

    private static int Run(double seconds, int threads)
    {
        Device.Default = new CpuDevice(threads);
        foreach (string network in Networks)
        {
            var comparison = new MonitorComparison(Workload.All.Single(workload => workload.Name == network).Prepare());
            comparison.Measure(seconds);
            Console.WriteLine(network);
            Console.Write(comparison.Report());
        }

        return 0;
    }
}
