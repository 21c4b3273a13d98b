using System.CommandLine;
using TinyNet.Analysis;
using TinyNet.Autograd;
using TinyNet.Core;

namespace TinyNet.Bench;

/// <summary><c>memory</c>: the bytes of an operation, forward and backward.</summary>
internal sealed class MemoryBenchmark : DeviceBenchmark
{
    private const string Element = "element", Input = "input", Output = "output", Kept = "kept for backward",
        PeakInference = "peak, inference", PeakTraining = "peak, forward and backward", Rentals = "tensors rented, forward and backward",
        Managed = "managed, forward and backward";

    // Pools and the tape make what they need in the first steps.
    private const int WarmUpSteps = 40, ManagedSteps = 100;

    private static readonly string[] QuickNames = ["relu", "sigmoid", "matmul"];
    private static readonly Shape[] UsualShapes = [[1000, 1000]], QuickShapes = [[100, 100]];

    private readonly Option<string[]> _names = DeviceOptions.Names(
        $"Activations, or {string.Join(", ", NamedOperation.OtherNames)}; all by default.", NamedOperation.Names);

    private readonly Option<Shape[]> _shapes = DeviceOptions.Shapes("The shapes of the tensors; 1000x1000 by default.");

    public override string Name => "memory";

    public override string Description =>
        "Count the bytes of operations: what goes in, what comes out, what the tape keeps for the backward pass, how much of the device's "
        + "memory is rented at most, and what the garbage collector gets.";

    public override IReadOnlyList<Option> Options => [_names, _shapes];

    public override string? Refuse(BenchSession session) => Names(session).Contains(NamedOperation.MatrixProduct)
        ? Shapes(session)
            .Where(shape => shape.Rank < 2 || shape[-1] != shape[-2])
            .Select(shape => $"{NamedOperation.MatrixProduct} multiplies a tensor with itself: a square --shape is needed, not {shape}")
            .FirstOrDefault()
        : null;

    public override IReadOnlyList<Result> Measure(BenchSession session) =>
    [
        .. from device in session.Devices
           from shape in Shapes(session)
           from name in Names(session)
           from result in device.Make(() => Measure(name, shape, device).ToArray())
           select result,
    ];

    public override IEnumerable<PageBlock> Show(IReadOnlyList<Result> results)
    {
        foreach (var setting in results.GroupBy(row => (row.Setting, row.Device)))
        {
            var operations = setting.GroupBy(row => row.Subject).ToArray();
            double Of(IEnumerable<Result> rows, string measure) => rows.Single(row => row.Measure == measure).Value;
            string title = $"bytes, {setting.Key.Setting}, on {setting.Key.Device}";
            yield return new Table(
                title,
                ["operation", "type", "in", "out", "peak, inference", "kept", "peak, both", "rented", "managed"],
                [
                    .. operations.Select(rows => (object?[])
                    [
                        rows.Key, Of(rows, Element) == sizeof(float) ? "float32" : "float64", (long)Of(rows, Input),
                        (long)Of(rows, Output), (long)Of(rows, PeakInference), (long)Of(rows, Kept), (long)Of(rows, PeakTraining),
                        (long)Of(rows, Rentals), (long)Of(rows, Managed),
                    ]),
                ]);
            var names = new Axis("") { Names = [.. operations.Select(rows => rows.Key)] };
            yield return new Figure(title, new Panel(
                "", names, new Axis("MB") { Minimum = 0 },
                [
                    .. new[] { Output, Kept, PeakTraining }.Select(measure =>
                        new Bars(measure, [.. operations.Select(rows => Of(rows, measure) / 1e6)])),
                ]));
        }
    }

    private IReadOnlyList<string> Names(BenchSession session) => session.Values(_names, NamedOperation.Names, QuickNames);

    private IReadOnlyList<Shape> Shapes(BenchSession session) => session.Values(_shapes, UsualShapes, QuickShapes);

    private IEnumerable<Result> Measure(string name, Shape shape, BenchDevice on)
    {
        // Each operation begins with nothing that another has left free: a larger piece than it needs would count.
        BufferPool.MakeRoom();
        var operation = NamedOperation.Find(name, shape[-1]);
        var random = new RandomStream(0);
        var x = new Parameter(Tensor.Normal(shape, random));
        var pool = on.Device.Pool;
        double element = on.Device is ReferenceDevice ? sizeof(double) : sizeof(float);
        var counted = new Counted();
        Tensor gradient;
        using (Tape.NoRecord())
        {
            var y = operation.Run(x);
            counted.Output = y.Length;
            gradient = Tensor.Ones(y.Shape);
        }

        void Step()
        {
            using var tape = Tape.Record();
            long before = pool.OutstandingElements;
            pool.BeginCount();
            var y = operation.Run(x);
            counted.Kept = pool.OutstandingElements - before;
            tape.Backward(y, gradient);
            on.Device.Synchronize();
            (counted.Peak, counted.Rentals) = (pool.MostOutstandingElements - before, pool.Rentals);
            x.ClearGradient();
            operation.Module?.ClearGradients();
        }

        for (int i = 0; i < WarmUpSteps; i++)
        {
            Step();
        }

        long allocated = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < ManagedSteps; i++)
        {
            Step();
        }

        double managed = (GC.GetAllocatedBytesForCurrentThread() - allocated) / (double)ManagedSteps;
        long inference;
        using (Tape.NoRecord())
        {
            long before = pool.OutstandingElements;
            pool.BeginCount();
            operation.Run(x);
            inference = pool.MostOutstandingElements - before;
        }

        Result Of(string measure, string unit, double value) => new(Name, name, shape.ToString(), on.Name, measure, unit, value);
        return
        [
            Of(Element, Result.Bytes, element),
            Of(Input, Result.Bytes, x.Length * element),
            Of(Output, Result.Bytes, counted.Output * element),
            Of(PeakInference, Result.Bytes, inference * element),
            Of(Kept, Result.Bytes, counted.Kept * element),
            Of(PeakTraining, Result.Bytes, counted.Peak * element),
            Of(Rentals, Result.None, counted.Rentals),
            Of(Managed, Result.Bytes, Math.Round(managed)),
        ];
    }

    private sealed class Counted
    {
        public long Output { get; set; }

        public long Kept { get; set; }

        public long Peak { get; set; }

        public long Rentals { get; set; }
    }
}
