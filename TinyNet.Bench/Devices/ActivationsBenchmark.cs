using System.CommandLine;
using System.Globalization;
using TinyNet.Analysis;
using TinyNet.Autograd;
using TinyNet.Core;
using TinyNet.Layers;

namespace TinyNet.Bench;

/// <summary><c>activations</c>: what activations take, in a network and alone, forward and backward.</summary>
internal sealed class ActivationsBenchmark : DeviceBenchmark
{
    private const int Batch = 32;
    private const double MostOnALinearAxis = 20;
    private const string Inference = "inference", Forward = "forward", Backward = "backward", Network = "784-256-128-10, batch 32";

    private static readonly string[] QuickNames = ["relu", "sigmoid", "tanh", "softmax"];
    private static readonly Shape[] UsualShapes = [[1000, 1000]], QuickShapes = [[100, 100]];

    private readonly Option<string[]> _names = DeviceOptions.Names(
        "The activations; all by default.", Activation.Names);

    private readonly Option<Shape[]> _shapes = DeviceOptions.Shapes(
        "The shapes of tensors that each activation is measured with alone; 1000x1000 by default.");

    public override string Name => "activations";

    public override string Description =>
        "Time activations, in a network of 784-256-128-10 on 32 samples, and alone on a tensor: forward without recording, forward with "
        + "it, backward, and both together.";

    public override IReadOnlyList<Option> Options => [_names, _shapes];

    public override IReadOnlyList<Result> Measure(BenchSession session) => session.Measure(Name, Works(session));

    public override IEnumerable<PageBlock> Show(IReadOnlyList<Result> results)
    {
        foreach (var setting in results.GroupBy(row => row.Setting))
        {
            foreach (var device in setting.GroupBy(row => row.Device))
            {
                ActivationTimes[] times = [.. device.GroupBy(row => row.Subject).Select(Times).OrderBy(row => row.Total.Value)];
                string title = $"{setting.Key}, on {device.Key}";
                yield return Table(title, times);
                yield return new TextBlock(Sentence(times));
                yield return Figure(title, times);
            }

            if (setting.Select(row => row.Device).Distinct().Count() > 1)
            {
                yield return DeviceFigure(setting.Key, [.. setting.Where(row => row.Measure == Result.Total)]);
            }
        }
    }

    private IEnumerable<TimedWork> Works(BenchSession session)
    {
        var names = session.Values(_names, [.. Activation.Names], QuickNames);
        foreach (var on in session.Devices)
        {
            foreach (var work in names.SelectMany(name => on.Make(() => InNetwork(name, on))))
            {
                yield return work;
            }

            foreach (var shape in session.Values(_shapes, UsualShapes, QuickShapes))
            {
                // They share their operands: otherwise all together would need a lot of memory.
                var random = new RandomStream(0);
                var x = on.Make(() => new Parameter(Tensor.Normal(shape, random)));
                foreach (var work in names.SelectMany(name => on.Make(() => Alone(name, x, on))))
                {
                    yield return work;
                }
            }
        }
    }

    private static TimedWork[] InNetwork(string name, BenchDevice on)
    {
        var random = new RandomStream(0);
        var model = ActivationNetwork.Build(name, random, 784, 256, 128, 10);
        var x = Tensor.Normal([Batch, 784], random);
        var gradient = Tensor.Normal([Batch, 10], random);
        return
        [
            Inferring(name, Network, on, () => model.Forward(x)),
            TimedWork.InPhases(name, Network, on, [Forward, Backward], clock =>
            {
                model.ClearGradients();
                using var tape = Tape.Record();
                clock.Start();
                var y = model.Forward(x);
                clock.Stop(0);
                clock.Start();
                tape.Backward(y, gradient);
                clock.Stop(1);
            }),
        ];
    }

    private static TimedWork[] Alone(string name, Parameter x, BenchDevice on)
    {
        string setting = string.Create(CultureInfo.InvariantCulture, $"a tensor of {x.Shape}, {x.Length * sizeof(float) / 1e6:0.###} MB");
        var activation = Activation.FromName(name);
        using var tape = Tape.NoRecord();
        var gradient = Tensor.Ones(activation.Forward(x).Shape);
        return
        [
            Inferring(name, setting, on, () => activation.Forward(x)),
            TimedWork.InPhases(name, setting, on, [Forward, Backward], clock =>
            {
                x.ClearGradient();
                activation.ClearGradients();
                using var recording = Tape.Record();
                clock.Start();
                var y = activation.Forward(x);
                clock.Stop(0);
                clock.Start();
                recording.Backward(y, gradient);
                clock.Stop(1);
            }),
        ];
    }

    private static TimedWork Inferring(string name, string setting, BenchDevice on, Func<Tensor> forward) =>
        TimedWork.Whole(name, setting, on, Inference, () =>
        {
            using var tape = Tape.NoRecord();
            forward();
        });

    private static ActivationTimes Times(IGrouping<string, Result> activation)
    {
        Result Of(string measure) => activation.Single(row => row.Measure == measure);
        return new ActivationTimes(activation.Key, Of(Inference), Of(Forward), Of(Backward), Of(Result.Total));
    }

    private static Table Table(string title, ActivationTimes[] times) => new(
        title,
        ["activation", "inference ms", "forward ms", "backward ms", "total ms", "p95 ms", "spread %", "x slower"],
        [
            .. times.Select(row => (object?[])
            [
                row.Name, row.Inference.Value, row.Forward.Value, row.Backward.Value, row.Total.Value, row.Total.P95,
                Math.Round(row.Total.Spread * 100, 1), Math.Round(row.Total.Value / times[0].Total.Value, 2),
            ]),
        ]);

    private static string Sentence(ActivationTimes[] times) => times.Length == 1
        ? $"Only {times[0].Name} was measured."
        : string.Create(
            CultureInfo.InvariantCulture, $"Fastest {times[0].Name}, slowest {times[^1].Name}: x {SlowestByFastest(times):F2}.");

    private static double SlowestByFastest(ActivationTimes[] times) => times[^1].Total.Value / times[0].Total.Value;

    private static Figure Figure(string title, ActivationTimes[] times)
    {
        var names = new Axis("") { Names = [.. times.Select(row => row.Name)] };

        // Where some take many times what others do, these would be lines on the floor.
        var milliseconds = SlowestByFastest(times) > MostOnALinearAxis ? new Axis("ms") { IsLog = true } : new Axis("ms") { Minimum = 0 };
        return new Figure(
            title,
            new Panel(
                "forward and backward", names, milliseconds,
                new Bars(Forward, [.. times.Select(row => row.Forward.Value)]),
                new Bars(Backward, [.. times.Select(row => row.Backward.Value)])),
            new Panel("total", names, milliseconds, new Bars(Result.Total, [.. times.Select(row => row.Total.Value)])))
        {
            Columns = 1,
        };
    }

    private static Figure DeviceFigure(string setting, Result[] totals)
    {
        string[] names = [.. totals.Select(row => row.Subject).Distinct()];
        return new Figure($"{setting}: total by device", new Panel(
            "", new Axis("") { Names = names }, new Axis("ms") { IsLog = true },
            [.. totals.GroupBy(row => row.Device).Select(device => new Bars(device.Key, [.. device.Select(row => row.Value)]))]));
    }

    private sealed record ActivationTimes(string Name, Result Inference, Result Forward, Result Backward, Result Total);
}
