using System.Globalization;
using TinyNet.Analysis;
using TinyNet.Autograd;
using TinyNet.Core;

namespace TinyNet.Bench;

/// <summary><c>break-even</c>: from which size on one device is faster than another.</summary>
internal sealed class BreakEvenBenchmark : DeviceBenchmark
{
    private const string Time = "time", Even = "even";

    // What each piece of work is, and the sizes that it is measured at.
    private static readonly Study[] Studies =
    [
        new("tanh, forward", "elements", [256, 1_024, 4_096, 16_384, 65_536, 262_144, 1_048_576, 4_194_304], Tanh),
        new("matmul", "side", [16, 32, 64, 128, 256, 512, 1_024], MatrixProduct),
        new("784-256-128-10, a training step", "batch", [1, 4, 16, 64, 256, 1_024], Training),
    ];

    private const int QuickSizes = 3;

    public override string Name => "break-even";

    public override string Description =>
        "Time an activation, a matrix product and a training step at many sizes on each device, and tell which is faster from which size "
        + "on. Where only cpu is named, one thread is compared with all. Data stay on the device.";

    public override string? Refuse(BenchSession session) => session.Devices switch
    {
        { Count: > 1 } => null,
        [{ Device: CpuDevice }] when session.Threads > 1 => null,
        [{ Device: CpuDevice }] => "break-even compares: name two devices, or let cpu have more than one thread",
        [var only, ..] => $"break-even compares: name another --device beside {only.Name}, as cpu",
        _ => "break-even compares: name two devices",
    };

    public override IReadOnlyList<Result> Measure(BenchSession session)
    {
        var devices = Contestants(session);
        return session.Measure(
            Name,
            from study in Studies
            from size in session.IsQuick ? study.Sizes.Take(QuickSizes) : study.Sizes
            from device in devices
            let run = device.Make(() => study.Prepare(size))
            select TimedWork.Whole(study.Name, Setting(study, size), device, Time, run));
    }

    public override IEnumerable<PageBlock> Show(IReadOnlyList<Result> results)
    {
        foreach (var study in results.GroupBy(row => row.Subject))
        {
            string[] devices = [.. study.Select(row => row.Device).Distinct()];
            SizeTimes[] sizes = [.. study.GroupBy(row => row.Setting).Select(size => new SizeTimes(size.Key, [.. size]))];
            string unit = sizes[0].Setting.Split(' ')[0];
            yield return new Table(
                study.Key,
                [unit, .. devices.Select(device => $"{device}: µs"), "noise %", "faster", "by x"],
                [
                    .. sizes.Select(size => (object?[])
                    [
                        (int)size.Size, .. size.Rows.Select(row => (object?)(row.Value * 1e3)), Math.Round(size.Noise * 100, 1),
                        size.Fastest, Math.Round(size.Ratio, 2),
                    ]),
                ]);
            yield return new TextBlock($"{study.Key}: {Sentence(sizes, unit)}");
            yield return new Figure(study.Key, new Panel(
                "", new Axis(unit) { IsLog = true }, new Axis("µs") { IsLog = true },
                [
                    .. devices.Select((device, i) => new Line(
                        device, [.. sizes.Select(size => size.Size)], [.. sizes.Select(size => size.Rows[i].Value * 1e3)])
                    {
                        HasMarkers = true,
                    }),
                ]));
        }
    }

    private static IReadOnlyList<BenchDevice> Contestants(BenchSession session) => session.Devices.Count > 1
        ? session.Devices
        : [BenchDevice.Processor(1), BenchDevice.Processor(session.Threads)];

    /// <summary>Who is the fastest over which range of sizes.</summary>
    private static string Sentence(SizeTimes[] sizes, string unit)
    {
        var parts = new List<string>();
        for (int first = 0; first < sizes.Length;)
        {
            int last = first;
            while (last + 1 < sizes.Length && sizes[last + 1].Fastest == sizes[first].Fastest)
            {
                last++;
            }

            string range = first == last
                ? string.Create(CultureInfo.InvariantCulture, $"at {sizes[first].Size:#,0}")
                : string.Create(CultureInfo.InvariantCulture, $"from {sizes[first].Size:#,0} to {sizes[last].Size:#,0}");
            parts.Add($"{(sizes[first].Fastest == Even ? "no difference" : $"{sizes[first].Fastest} is faster")} {range}");
            first = last + 1;
        }

        return $"{string.Join(", ", parts)} ({unit}).";
    }

    private static string Setting(Study study, int size) => string.Create(CultureInfo.InvariantCulture, $"{study.Unit} {size}");

    private static Action Tanh(int elements)
    {
        var x = Tensor.Normal([elements], new RandomStream(0));
        return () =>
        {
            using var tape = Tape.NoRecord();
            x.Tanh();
        };
    }

    private static Action MatrixProduct(int side) => Workload.MatrixProduct(side).Run;

    private static Action Training(int batch) => Workload.Training(batch).Run;

    private sealed record Study(string Name, string Unit, int[] Sizes, Func<int, Action> Prepare);

    /// <summary>What the devices took at a size.</summary>
    private sealed record SizeTimes(string Setting, Result[] Rows)
    {
        public double Size => double.Parse(Setting.Split(' ')[1], CultureInfo.InvariantCulture);

        /// <summary>The second best over the best.</summary>
        public double Ratio => Sorted[1].Value / Sorted[0].Value;

        public double Noise => Sorted[0].Spread + Sorted[1].Spread;

        /// <summary>The fastest by more than the noise of both.</summary>
        public string Fastest => Ratio > 1 + Noise ? Sorted[0].Device : Even;

        private Result[] Sorted => [.. Rows.OrderBy(row => row.Value)];
    }
}
