using System.CommandLine;
using System.Globalization;
using TinyNet.Autograd;
using TinyNet.Core;
using TinyNet.Data;
using TinyNet.Layers;

namespace TinyNet.Bench;

/// <summary><c>soak</c>: trains for long and shows that memory stays flat.</summary>
internal static class SoakCommand
{
    private const int Lines = 10, BatchSize = 32;
    private const double Mebibyte = 1024 * 1024, QuietSeconds = 1, LongestWarmUpSeconds = 10;

    public static Command Create()
    {
        var steps = CommonOptions.Count("--steps", "The number of training steps.", 10_000);
        var threads = CommonOptions.Threads();
        var command = new Command(
            "soak", "Train on the handwritten digits for long; a line of resident memory every tenth of the steps.") { steps, threads };
        command.SetAction(parsed => Run(parsed.GetRequiredValue(steps), parsed.GetValue(threads) ?? Environment.ProcessorCount));
        return command;
    }

    private static int Run(int steps, int threads)
    {
        Device.Default = new CpuDevice(threads);
        var (train, _) = Digits.Load();
        var batches = Batches(train);
        var model = new Sequential(new Dense(train.SampleLength, 64), new ReLU(), new Dropout(0.1f), new Dense(64, train.Classes));
        var optimizer = new Adam(model.Parameters());
        var crossEntropy = new CrossEntropy();
        int batch = 0;
        float value = 0;
        void Step()
        {
            var (images, labels) = batches[batch++ % batches.Count];
            using var tape = Tape.Record();
            var loss = crossEntropy.Forward(model.Forward(images), labels);
            tape.Backward(loss);
            optimizer.Step();
            value = loss.Item();
        }

        Step();
        Console.WriteLine(
            string.Create(CultureInfo.InvariantCulture, $"after the first step: resident {Environment.WorkingSet / Mebibyte:F2} MiB"));
        WarmUp.Run(Step, QuietSeconds, LongestWarmUpSeconds);
        Console.WriteLine($"warmed up with {batch} steps");
        long first = 0;
        for (int step = 1; step <= steps; step++)
        {
            Step();
            if (IsTenth(step, steps))
            {
                long resident = Environment.WorkingSet;
                first = first == 0 ? resident : first;
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                    $"step {step}: resident {resident / Mebibyte:F2} MiB, "
                    + $"change {(resident - first) / Mebibyte:+0.00;-0.00;0.00} MiB, loss {value:F4}"));
            }
        }

        return 0;
    }

    private static bool IsTenth(int step, int steps) => (long)step * Lines / steps != (long)(step - 1) * Lines / steps;

    private static List<(Tensor Images, IndexTensor Labels)> Batches(Dataset<ClassificationBatch> data)
    {
        var batches = new List<(Tensor, IndexTensor)>();
        for (int start = 0; start + BatchSize <= data.Count; start += BatchSize)
        {
            var (images, labels) = data.Load([.. Enumerable.Range(start, BatchSize)]);
            batches.Add((images.Reshape(BatchSize, data.SampleLength), labels));
        }

        return batches;
    }
}
