using System.CommandLine;
using TinyNet.Autograd;
using TinyNet.Core;
using TinyNet.Data;
using TinyNet.Layers;

namespace TinyNet.Bench;

/// <summary><c>loader</c>: what it costs a training that its batches come of a loader.</summary>
internal static class LoaderCommand
{
    private const int BatchSize = 64, Images = 60 * BatchSize, Size = 28, Classes = 10;

    public static Command Create()
    {
        var seconds = CommonOptions.Number("--seconds", "How long to measure.", 20);
        var threads = CommonOptions.Threads();
        var command = new Command(
            "loader", $"Time a training step of mnist-cnn's network ({BatchSize} images) on a batch in memory and on those of a loader.")
        {
            seconds, threads,
        };
        command.SetAction(parsed =>
            Run(parsed.GetRequiredValue(seconds), parsed.GetValue(threads) ?? Environment.ProcessorCount));
        return command;
    }

    private static int Run(double seconds, int threads)
    {
        Device.Default = new CpuDevice(threads);
        var data = Synthetic.Clouds(Images, Size * Size, Classes, separation: 0.1f, seed: 1);
        var images = new ArrayDataset("images", data.Features.ToArray(), [1, Size, Size], data.Labels.ToArray(), data.ClassNames.ToArray());
        using var loader = new DataLoader(images, BatchSize, shuffle: true, seed: 1);
        var comparison = new SourceComparison(
            Step(ImageWorkloads.MnistNetwork()),
            new BatchSource("a batch in memory", Enumerable.Repeat(images.Load([.. Enumerable.Range(0, BatchSize)]), int.MaxValue)),
            new BatchSource("loader, from arrays", Endless(loader)));
        comparison.Measure(seconds);
        Console.Write(comparison.Report());
        return 0;
    }

    private static Action<ClassificationBatch> Step(Module<Tensor, Tensor> model)
    {
        var optimizer = new Adam(model.Parameters());
        var crossEntropy = new CrossEntropy();
        return batch =>
        {
            using var tape = Tape.Record();
            tape.Backward(crossEntropy.Forward(model.Forward(batch.Features), batch.Labels));
            optimizer.Step();
        };
    }

    private static IEnumerable<ClassificationBatch> Endless(DataLoader loader)
    {
        while (true)
        {
            foreach (var batch in loader)
            {
                yield return batch;
            }
        }
    }
}
