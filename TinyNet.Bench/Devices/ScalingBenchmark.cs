using System.CommandLine;
using System.Globalization;
using TinyNet.Analysis;
using TinyNet.Autograd;
using TinyNet.Core;

namespace TinyNet.Bench;

/// <summary><c>scaling</c>: how the time of an operation grows with its size.</summary>
internal sealed class ScalingBenchmark : DeviceBenchmark
{
    private const string Command = "scaling", Time = "time", PerElement = "time an element", Exponent = "exponent",
        Misfit = "misfit of the exponent";

    private static readonly string[] UsualNames = ["relu", "sigmoid", "tanh", "softmax"], QuickNames = ["relu", "softmax"];
    private static readonly int[] UsualSizes = [100, 200, 500, 1000, 2000], QuickSizes = [50, 100, 200];

    private readonly Option<string[]> _names = DeviceOptions.Names(
        $"Activations, or {string.Join(", ", NamedOperation.OtherNames)}; {string.Join(", ", UsualNames)} by default.",
        NamedOperation.Names);

    private readonly Option<int[]> _sizes = DeviceOptions.Sizes(
        $"The sides of square tensors, three at least; {string.Join(", ", UsualSizes)} by default.");

    public ScalingBenchmark() => _sizes.Validators.Add(result =>
    {
        if (result.GetValue(_sizes) is { Length: < 3 })
        {
            result.AddError($"{_sizes.Name}: an exponent with its misfit takes three sizes at least");
        }
    });

    public override string Name => Command;

    public override string Description =>
        "Time the forward pass of operations on square tensors of several sizes: the time of an element in nanoseconds, and the exponent p "
        + "of time = c · elements^p, fitted by least squares of the logarithms, with the misfit of that line.";

    public override IReadOnlyList<Option> Options => [_names, _sizes];

    public override IReadOnlyList<Result> Measure(BenchSession session)
    {
        var sizes = session.Values(_sizes, UsualSizes, QuickSizes);
        var names = session.Values(_names, UsualNames, QuickNames);
        var times = session.Measure(Name, session.Devices.SelectMany(on => Works(on, names, sizes)));
        var results = new List<Result>();
        foreach (var curve in times.GroupBy(row => (row.Subject, row.Device)))
        {
            foreach (var time in curve)
            {
                results.Add(time);
                results.Add(time with
                {
                    Measure = PerElement,
                    Unit = Result.NanosecondsAnElement,
                    Value = time.Value * 1e6 / Elements(time),
                    P95 = time.P95 * 1e6 / Elements(time),
                    Minimum = time.Minimum * 1e6 / Elements(time),
                });
            }

            var fit = LogFit.Of([.. curve.Select(Elements)], [.. curve.Select(row => row.Value)]);
            string setting = string.Create(CultureInfo.InvariantCulture, $"{Side(curve.First())} to {Side(curve.Last())}");
            results.Add(new Result(Name, curve.Key.Subject, setting, curve.Key.Device, Exponent, Result.None, fit.Exponent));
            results.Add(new Result(Name, curve.Key.Subject, setting, curve.Key.Device, Misfit, Result.None, fit.Misfit));
        }

        return results;
    }

    public override IEnumerable<PageBlock> Show(IReadOnlyList<Result> results)
    {
        foreach (var device in results.GroupBy(row => row.Device))
        {
            yield return new Table(
                $"time over size, on {device.Key}",
                ["operation", "side", "elements", "µs", "spread %", "ns an element", "elements x", "time x"],
                [.. device.Where(row => row.Measure == Time).GroupBy(row => row.Subject).SelectMany(curve => Rows([.. curve], results))]);
            yield return new Table(
                $"time = c elements^p, on {device.Key}",
                ["operation", "p", "misfit", "verdict"],
                [.. device.Where(row => row.Measure == Exponent).Select(row => FitRow(row, results))]);
        }

        foreach (string sentence in Explanations([.. results.Select(row => row.Subject).Distinct()]))
        {
            yield return new TextBlock(sentence);
        }

        var perElement = results.Where(row => row.Measure == PerElement).GroupBy(row => (row.Subject, row.Device)).ToArray();
        bool hasSeveral = results.Select(row => row.Device).Distinct().Count() > 1;
        yield return new Figure("Time of an element over size", new Panel(
            "", new Axis("elements") { IsLog = true }, new Axis("ns") { IsLog = true },
            [
                .. perElement.Select(curve => new Line(
                    hasSeveral ? $"{curve.Key.Subject}, {curve.Key.Device}" : curve.Key.Subject,
                    [.. curve.Select(Elements)], [.. curve.Select(row => row.Value)])
                {
                    HasMarkers = true,
                }),
            ]));
    }

    private static IEnumerable<TimedWork> Works(BenchDevice on, IReadOnlyList<string> names, IReadOnlyList<int> sizes)
    {
        foreach (int size in sizes)
        {
            var random = new RandomStream(0);
            var x = on.Make(() => Tensor.Normal([size, size], random));
            foreach (string name in names)
            {
                var operation = on.Make(() => NamedOperation.Find(name, size));
                yield return TimedWork.Whole(name, size.ToString(CultureInfo.InvariantCulture), on, Time, () =>
                {
                    using var tape = Tape.NoRecord();
                    operation.Run(x);
                });
            }
        }
    }

    private static IEnumerable<object?[]> Rows(Result[] curve, IReadOnlyList<Result> results) => curve.Select(row => (object?[])
    [
        row.Subject, Side(row), (long)Elements(row), row.Value * 1e3, Math.Round(row.Spread * 100, 1),
        results.Single(other => other.Key == (row with { Measure = PerElement }).Key).Value,
        Math.Round(Elements(row) / Elements(curve[0]), 2), Math.Round(row.Value / curve[0].Value, 2),
    ]);

    private static object?[] FitRow(Result exponent, IReadOnlyList<Result> results)
    {
        double misfit = results.Single(row => row.Key == (exponent with { Measure = Misfit }).Key).Value;
        int points = results.Count(row => (row.Subject, row.Device, row.Measure) == (exponent.Subject, exponent.Device, Time));
        var fit = new LogFit(exponent.Value, misfit, points);
        return [exponent.Subject, Math.Round(fit.Exponent, 3), Math.Round(fit.Misfit, 3), fit.Verdict()];
    }

    /// <summary>Why exponents are what they are, of what was measured.</summary>
    private static IEnumerable<string> Explanations(string[] operations)
    {
        if (operations.Any(name => name != NamedOperation.MatrixProduct))
        {
            yield return "Of a fixed number of steps an element, less than linear: calls have a fixed cost, or larger ones use more "
                + "threads. More than linear: larger ones leave the caches.";
        }

        if (operations.Contains(NamedOperation.MatrixProduct))
        {
            yield return $"{NamedOperation.MatrixProduct} takes s^3 steps for s^2 elements: p is 1.5 where all steps take the same time.";
        }
    }

    private static int Side(Result row) => int.Parse(row.Setting, CultureInfo.InvariantCulture);

    private static double Elements(Result row) => (double)Side(row) * Side(row);
}
