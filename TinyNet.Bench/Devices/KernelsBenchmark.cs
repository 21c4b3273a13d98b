using System.CommandLine;
using System.Globalization;
using TinyNet.Analysis;
using TinyNet.Autograd;
using TinyNet.Core;

namespace TinyNet.Bench;

/// <summary><c>kernels</c>: one number at a time against registers of each width, TensorPrimitives, and the devices.</summary>
internal sealed class KernelsBenchmark : DeviceBenchmark
{
    private const string Time = "time", Primitives = "TensorPrimitives", Bits = " bits";

    private static readonly string[] QuickNames = ["relu", "quantized_sigmoid", "approximate_tanh", "sum"];
    private static readonly int[] UsualSizes = [1_024, 16_384, 1_000_000], QuickSizes = [1_024];

    private readonly Option<string[]> _names = DeviceOptions.Names(
        "The operations; all by default.", [.. Kernel.All.Select(kernel => kernel.Name)]);

    private readonly Option<int[]> _sizes = DeviceOptions.Sizes(
        $"The numbers of elements; {string.Join(", ", UsualSizes)} by default.");

    public override string Name => "kernels";

    public override string Description =>
        "Time element-wise operations and sums on one thread: one number at a time, in registers of each width that this machine has, and "
        + "by System.Numerics.Tensors.TensorPrimitives; and on each device.";

    public override IReadOnlyList<Option> Options => [_names, _sizes];

    public override IReadOnlyList<Result> Measure(BenchSession session)
    {
        var names = session.Values(_names, [.. Kernel.All.Select(kernel => kernel.Name)], QuickNames);
        BenchDevice[] contestants =
        [
            .. CommonOptions.Widths.Reverse().Select(bits => new BenchDevice(WidthName(bits), new CpuDevice(threads: 1, bits))),
            new BenchDevice(Primitives, new CpuDevice(threads: 1)),
            .. session.Devices,
        ];
        return session.Measure(
            Name,
            from size in session.Values(_sizes, UsualSizes, QuickSizes)
            from device in contestants
            from work in Works(device, size, Kernel.All.Where(kernel => names.Contains(kernel.Name)))
            select work);
    }

    public override IEnumerable<PageBlock> Show(IReadOnlyList<Result> results)
    {
        foreach (var size in results.GroupBy(row => row.Setting))
        {
            string[] contestants = [.. size.Select(row => row.Device).Distinct()];
            var operations = size.GroupBy(row => row.Subject).ToArray();
            double? Of(IEnumerable<Result> rows, string name) => rows.SingleOrDefault(row => row.Device == name)?.Value * 1e3;
            string title = $"µs for {size.Key}";
            string scalar = contestants[0];
            string widest = contestants.Last(name => name == scalar || name.EndsWith(Bits, StringComparison.Ordinal));
            yield return new Table(
                title,
                ["operation", .. contestants, "spread %", $"{scalar} / {widest}", $"{Primitives} / {widest}"],
                [
                    .. operations.Select(rows => (object?[])
                    [
                        rows.Key, .. contestants.Select(name => (object?)Of(rows, name)),
                        Math.Round(rows.Max(row => row.Spread) * 100, 1), Ratio(Of(rows, scalar), Of(rows, widest)),
                        Ratio(Of(rows, Primitives), Of(rows, widest)),
                    ]),
                ]);
            yield return new Figure(title, new Panel(
                "", new Axis("") { Names = [.. operations.Select(rows => rows.Key)] }, new Axis("µs") { IsLog = true },
                [.. contestants.Select(name => new Bars(name, [.. operations.Select(rows => Of(rows, name) ?? double.NaN)]))]));
        }
    }

    private static IEnumerable<TimedWork> Works(BenchDevice device, int size, IEnumerable<Kernel> kernels)
    {
        // Above 0, where all of them are defined; both signs would make nan of log and pow.
        var random = new RandomStream(0);
        string setting = string.Create(CultureInfo.InvariantCulture, $"{size} elements");
        Tensor a = Tensor.Uniform([size], random, 0.1f, 2f, device.Device), b = Tensor.Uniform([size], random, 0.1f, 2f, device.Device);
        if (device.Name != Primitives)
        {
            return kernels.Select(kernel => TimedWork.Whole(kernel.Name, setting, device, Time, () =>
            {
                using var tape = Tape.NoRecord();
                kernel.Ours(a, b);
            }));
        }

        float[] x = a.ToArray(), y = b.ToArray(), result = new float[size];
        return from kernel in kernels
               where kernel.Primitives is not null
               select TimedWork.Whole(kernel.Name, setting, device, Time, () => kernel.Primitives!(x, y, result));
    }

    private static string WidthName(int bits) =>
        CommonOptions.LanesText(bits) is var text && char.IsDigit(text[0]) ? text + Bits : text;

    private static double? Ratio(double? numerator, double? denominator) =>
        numerator / denominator is { } ratio ? Math.Round(ratio, 2) : null;
}
