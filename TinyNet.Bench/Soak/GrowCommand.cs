using System.CommandLine;
using System.Globalization;
using TinyNet.Autograd;
using TinyNet.Core;

namespace TinyNet.Bench;

/// <summary>
/// <c>grow</c>: needs ever more memory, in scopes and outside, and then little again; under a limit of the heap
/// (<c>DOTNET_GCHeapHardLimit</c>) it shows that what is free is let go.
/// </summary>
internal static class GrowCommand
{
    private const int Million = 1_000_000;

    public static Command Create()
    {
        var from = CommonOptions.Count("--from", "The millions of elements to begin with.", 60);
        var to = CommonOptions.Count("--to", "The most millions of elements.", 120);
        var by = CommonOptions.Count("--by", "The millions of elements from one to the next.", 10);
        var command = new Command("grow", "Need ever more memory, one tensor at a time; a line each of what is kept.") { from, to, by };
        command.SetAction(parsed => Run(parsed.GetRequiredValue(from), parsed.GetRequiredValue(to), parsed.GetRequiredValue(by)));
        return command;
    }

    private static int Run(int from, int to, int by)
    {
        var device = Device.Default = new CpuDevice(threads: 1);
        var one = Tensor.Ones([1]);
        for (int millions = from; millions <= to; millions += by)
        {
            Tensor.Zeros([millions * Million]);
            Report($"{millions} million elements outside of a scope", device);
            using (Tape.NoRecord())
            {
                one.Expand(millions * Million).Copy();
            }

            Report($"{millions} million elements in a scope", device);
        }

        for (int step = 0; step < 2 * BufferPool.Window; step++)
        {
            using var tape = Tape.NoRecord();
            one.Exp();
        }

        Report("small steps", device);
        return 0;
    }

    private static void Report(string what, Device device) => Console.WriteLine(string.Create(
        CultureInfo.InvariantCulture, $"{what}: {(double)device.Pool.FreeElements / Million:F1} million are kept"));
}
