using System.CommandLine;
using System.Globalization;
using TinyNet.Analysis;
using TinyNet.Autograd;
using TinyNet.Core;
using TinyNet.Data;
using TinyNet.Layers;
using TinyNet.Training;

namespace TinyNet.Bench;

/// <summary><c>training</c>: what a training takes and comes to with different activations.</summary>
internal sealed class TrainingBenchmark : DeviceBenchmark
{
    private const int Batch = 32;
    private const string Command = "training", Network = "64-128-64-10", Training = "training", Inference = "inference of a sample",
        MeanAccuracy = "mean accuracy", Validation = "validation accuracy", Test = "test accuracy", Epochs = "epochs to ";

    private const double ValidationPart = 0.2, UsualThreshold = 0.9;

    private static readonly string[] UsualNames = ["relu", "leaky_relu", "elu", "selu", "gelu", "silu", "sigmoid", "tanh"];
    private static readonly string[] QuickNames = ["relu", "tanh"];

    private readonly Option<string[]> _names = DeviceOptions.Names(
        $"The activations; {string.Join(", ", UsualNames)} by default.", Activation.Names);

    private readonly Option<int?> _epochs = DeviceOptions.Count("--epochs", "The number of epochs; 10 by default, 2 with --quick.");

    private readonly Option<int?> _runs = DeviceOptions.Count(
        "--runs", "How many trainings there are of each, with different seeds; 5 by default, 2 with --quick.");

    private readonly Option<double?> _threshold = new("--threshold")
    {
        Description = "Told is in which epoch the accuracy on validation data reaches this, above 0 and at most 1; 0.9 by default.",
        HelpName = "A",
        CustomParser = result =>
        {
            double value = CommonOptions.PositiveNumber(result);
            if (value > 1)
            {
                result.AddError($"--threshold must be above 0 and at most 1, not '{result.Tokens[0].Value}'");
            }

            return value;
        },
    };

    public override string Name => Command;

    public override string Description =>
        $"Train {Network} on the embedded digits with different activations, several times each: time, inference time, the epoch in which "
        + "validation data reach a threshold, and the accuracy in the end, on these and on test data that chose nothing.";

    public override IReadOnlyList<Option> Options => [_names, _epochs, _runs, _threshold];

    public override IReadOnlyList<Result> Measure(BenchSession session)
    {
        var names = session.Values(_names, UsualNames, QuickNames);
        int epochs = session.Value(_epochs, 10, 2), runs = session.Value(_runs, 5, 2);
        double threshold = session.Value(_threshold, UsualThreshold, UsualThreshold);
        string setting = $"{Network}, digits, batch {Batch}, {epochs} epochs";
        var (train, test) = Digits.Load();
        var (kept, validation) = train.Split(ValidationPart);
        var parts = new DigitsParts(kept, validation, test);

        var results = new List<Result>();
        foreach (var on in session.Devices)
        {
            // The first training of each activation compiles what the others run.
            var trainings = names.ToDictionary(name => name, _ => new List<MeasuredTraining>());
            foreach (string name in names)
            {
                on.Make(() => Train(name, on, parts, seed: 0, epochs: 1));
            }

            // One activation after the other, and all of it again: what else the machine does meets all.
            for (int run = 0; run < runs; run++)
            {
                foreach (string name in names)
                {
                    trainings[name].Add(on.Make(() => Train(name, on, parts, (ulong)run, epochs)));
                }
            }

            var inference = session.Measure(Name, names.Select(name => InferenceOf(trainings[name][^1].Model, name, setting, on, parts)));
            foreach (string name in names)
            {
                var perBatch = inference.Single(row => row.Subject == name);
                results.AddRange(Results(trainings[name], name, setting, on.Name, threshold));
                results.Add(PerSample(perBatch));
            }
        }

        return results;
    }

    public override IEnumerable<PageBlock> Show(IReadOnlyList<Result> results)
    {
        foreach (var device in results.GroupBy(row => (row.Setting, row.Device)))
        {
            string threshold = device.FirstOrDefault(row => row.Measure.StartsWith(Epochs, StringComparison.Ordinal))?.Measure
                ?? $"{Epochs}the threshold";
            var activations = device.GroupBy(row => row.Subject).ToArray();
            string title = $"{device.Key.Setting}, on {device.Key.Device}";
            double? Of(IEnumerable<Result> rows, string measure) => rows.SingleOrDefault(row => row.Measure == measure)?.Value;
            yield return new Table(
                $"{title}: times and accuracies",
                [
                    "activation", "training s", "spread %", "inference µs", threshold, "mean", "validation", "test", "spread %",
                ],
                [
                    .. activations.Select(rows => (object?[])
                    [
                        rows.Key, Of(rows, Training), Percent(rows, Training), Of(rows, Inference), Of(rows, threshold),
                        Of(rows, MeanAccuracy), Of(rows, Validation), Of(rows, Test), Percent(rows, Test),
                    ]),
                ]);
            var names = new Axis("") { Names = [.. activations.Select(rows => rows.Key)] };
            yield return new Figure(
                title,
                Bars(Training, "s", new Axis("s") { Minimum = 0 }),
                Bars(Inference, "µs", new Axis("µs") { Minimum = 0 }),
                Bars(threshold, "epochs", new Axis("epochs") { Minimum = 0 }),
                Bars(Test, "accuracy", new Axis("accuracy")))
            {
                Columns = 2,
            };

            Panel Bars(string measure, string series, Axis axis) => new(
                measure, names, axis, new Bars(series, [.. activations.Select(rows => Of(rows, measure) ?? double.NaN)]));
        }

        yield return new TextBlock(
            "Medians of trainings that differ in their seed; accuracies that differ by less than their spread do not differ.\n"
            + "Where the number of epochs is empty, at least half of them did not get there.");
    }

    private static double Percent(IEnumerable<Result> rows, string measure) =>
        Math.Round(rows.Single(row => row.Measure == measure).Spread * 100, 1);

    private static MeasuredTraining Train(string name, BenchDevice on, DigitsParts parts, ulong seed, int epochs)
    {
        var random = new RandomStream(seed);
        RandomStream.Reseed(seed);
        var model = new Sequential(new Flatten(), ActivationNetwork.Build(name, random, Digits.Size * Digits.Size, 128, 64, 10));
        using var train = new DataLoader(parts.Train, Batch, shuffle: true, seed: seed);
        using var validation = new DataLoader(parts.Validation, parts.Validation.Count);
        using var test = new DataLoader(parts.Test, parts.Test.Count);
        var trainer = new Trainer(model, new Adam(model.Parameters()), new CrossEntropy()) { Metrics = { new Accuracy() } };
        var clock = new PhaseClock(on.Device.Synchronize, phases: 1);
        clock.Start();
        var history = trainer.Fit(train, validation, epochs);
        clock.Stop();
        return new MeasuredTraining(
            model, new ComparedRun(name, history), clock.Take(1)[0] / 1e3, trainer.Evaluate(test)["accuracy"]);
    }

    private static TimedWork InferenceOf(Sequential model, string name, string setting, BenchDevice on, DigitsParts parts)
    {
        model.Evaluate();
        var images = on.Make(() => parts.Test.Load([.. Enumerable.Range(0, Batch)]).Features);
        return TimedWork.Whole(name, setting, on, Inference, () =>
        {
            using var tape = Tape.NoRecord();
            model.Forward(images);
        });
    }

    private static IEnumerable<Result> Results(
        IReadOnlyList<MeasuredTraining> trainings, string name, string setting, string device, double threshold)
    {
        yield return Of(Training, Result.Seconds, training => training.Seconds);
        string column = "validation_accuracy";
        yield return Of(Validation, Result.None, training => training.Run.History[column][^1]);
        yield return Of(MeanAccuracy, Result.None, training => training.Run.MeanUnderCurve(column));
        yield return Of(Test, Result.None, training => training.TestAccuracy);

        // Those that did not get there count as later than all others; where they are the half, there is no median.
        double[] epochs =
        [
            .. trainings.Select(training => training.Run.FirstEpochAbove(column, threshold) ?? double.MaxValue).Order(),
        ];
        if (epochs[epochs.Length / 2] < double.MaxValue)
        {
            string measure = string.Create(CultureInfo.InvariantCulture, $"{Epochs}{threshold}");
            yield return new Result(Command, name, setting, device, measure, Result.None, SampleStatistics.Quantile(epochs, 0.5))
            {
                Samples = epochs.Length,
            };
        }

        Result Of(string measure, string unit, Func<MeasuredTraining, double> value) => Result.Of(
            Command, name, setting, device, measure, unit,
            SampleStatistics.Of([.. trainings.Select(training => new[] { value(training) })]));
    }

    private static Result PerSample(Result batch) => batch with
    {
        Unit = Result.Microseconds,
        Value = batch.Value * 1e3 / Batch,
        P95 = batch.P95 * 1e3 / Batch,
        Minimum = batch.Minimum * 1e3 / Batch,
    };

    private sealed record DigitsParts(
        Dataset<ClassificationBatch> Train, Dataset<ClassificationBatch> Validation, Dataset<ClassificationBatch> Test);

    private sealed record MeasuredTraining(Sequential Model, ComparedRun Run, double Seconds, double TestAccuracy);
}
