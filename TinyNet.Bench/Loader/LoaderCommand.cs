using System.CommandLine;
using TinyNet.Autograd;
using TinyNet.Core;
using TinyNet.Data;
using TinyNet.Images;
using TinyNet.Layers;

namespace TinyNet.Bench;

/// <summary><c>loader</c>: what it costs a training that its batches come of a loader.</summary>
internal static class LoaderCommand
{
    private const int BatchSize = 64, Images = 60 * BatchSize, Size = 28, Classes = 10;

    /// <summary>How much slower a step may be whose images come from files and are changed at random.</summary>
    private const double MostMore = 0.1;

    public static Command Create()
    {
        var seconds = CommonOptions.Number("--seconds", "How long to measure.", 20);
        var threads = CommonOptions.Threads();
        var data = new Option<string?>("--data")
        {
            Description = "The folder with the files of MNIST; by default that of the environment variable TINYNET_DATA.",
            HelpName = "DIR",
        };
        var command = new Command(
            "loader",
            $"""
            Time a training step of mnist-cnn's network ({BatchSize} images) on a batch in memory and on those of loaders: of arrays, of
            MNIST's files with images that are turned, shifted and normalized, and of a folder with some of them as PNG files. The exit code
            is 1 if the changed images of MNIST's files cost more than {MostMore * 100:F0} %.
            """)
        {
            seconds, threads, data,
        };
        command.SetAction(parsed => CommandFailure.Guard(() => Run(
            parsed.GetRequiredValue(seconds), parsed.GetValue(threads) ?? Environment.ProcessorCount, parsed.GetValue(data))));
        return command;
    }

    private static int Run(double seconds, int threads, string? folder)
    {
        Device.Default = new CpuDevice(threads);
        string pngs = Directory.CreateTempSubdirectory("tinynet-loader-").FullName;
        try
        {
            var comparison = new SourceComparison(Step(ImageWorkloads.MnistNetwork()), [.. Memory(), .. Files(folder, pngs)]);
            comparison.Measure(seconds);
            Console.Write(comparison.Report());
            return comparison.IsWithinLimits ? 0 : 1;
        }
        finally
        {
            Directory.Delete(pngs, recursive: true);
        }
    }

    private static IEnumerable<BatchSource> Memory()
    {
        var data = Synthetic.Clouds(Images, Size * Size, Classes, separation: 0.1f, seed: 1);
        var images = new ArrayDataset("images", data.Features.ToArray(), [1, Size, Size], data.Labels.ToArray(), data.ClassNames.ToArray());
        yield return new("a batch in memory", Enumerable.Repeat(images.Load([.. Enumerable.Range(0, BatchSize)]), int.MaxValue));
        yield return new("loader, from arrays", Endless(images));
    }

    /// <summary>What is read from files; where none was named and none is known, nothing.</summary>
    private static IEnumerable<BatchSource> Files(string? folder, string pngs)
    {
        try
        {
            var (images, _) = Mnist.Load(folder);
            if (images.Count < BatchSize)
            {
                throw new CommandFailure($"the files of MNIST have {images.Count} images for training, which fill no batch of {BatchSize}");
            }

            var augmented = images.Transform(seed: 1, new RandomAffine(degrees: 10, shift: 0.1f), Normalize.Mnist);
            WritePngs(images, pngs);
            return
            [
                new("loader, augmented MNIST", Endless(augmented), MostMore),
                new("loader, PNG files", Endless(new ImageFolder(pngs, Size, Size, channels: 1))),
            ];
        }
        catch (DataNotFoundException exception) when (folder is null)
        {
            Console.Error.WriteLine($"without files: {exception.Message}");
            return [];
        }
        catch (Exception exception) when (exception is DataNotFoundException or DataFormatException)
        {
            throw new CommandFailure($"--data: {exception.Message}");
        }
    }

    /// <summary>Writes the first images as PNG files, one folder a class.</summary>
    internal static void WritePngs(ImageDataset images, string root)
    {
        for (int i = 0; i < Math.Min(Images, images.Count); i++)
        {
            string folder = Path.Combine(root, $"{images.Labels[i]}");
            Directory.CreateDirectory(folder);
            ImageFile.Save(Path.Combine(folder, $"{i}.png"), images.Load(i).Features.Select(0, 0));
        }
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

    private static IEnumerable<ClassificationBatch> Endless(Dataset<ClassificationBatch> images)
    {
        using var loader = new DataLoader(images, BatchSize, shuffle: true, seed: 1, dropLast: true);
        while (true)
        {
            foreach (var batch in loader)
            {
                yield return batch;
            }
        }
    }
}
