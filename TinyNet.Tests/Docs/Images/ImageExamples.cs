using TinyNet.Autograd;
using TinyNet.Bench;
using TinyNet.Data;
using TinyNet.Images;
using TinyNet.Layers;

namespace TinyNet.Tests.Docs.Images;

/// <summary>The code of docs/images.md. It names its files from where it runs, as a program does.</summary>
public sealed class ImageExamples : IDisposable
{
    private static readonly string[] Folders = ["flowers", "birds"], Files = ["rose.jpg", "second.png"];

    public ImageExamples()
    {
        foreach (int i in Enumerable.Range(0, 20))
        {
            Write($"flowers/{NameOf(i)}/{i}.png", i);
            Write($"birds/{(i < 10 ? "train" : "test")}/{NameOf(i)}/{i}.png", i);
        }

        Write("rose.jpg", 1);
    }

    [Fact]
    public void The_page_works()
    {
        var (model, data) = Train(epochs: 8);
        Assert.Equal(1, Guess(model));
        Look(data);
        ClassesOfAnother();
    }

    public void Dispose()
    {
        Array.ForEach(Folders, folder => Directory.Delete(folder, recursive: true));
        Array.ForEach(Files, File.Delete);
    }

    private static (Sequential Model, ImageFolder Data) Train(int epochs)
    {
        // <images>
        var data = new ImageFolder("flowers", height: 64, width: 64);
        var (train, test) = data.Split(0.2, seed: 1);
        using var loader = new DataLoader(train, batchSize: 32, shuffle: true, seed: 1, prefetch: 2);

        var model = new Sequential(
            new Conv2d(3, 16, kernelSize: 3, padding: 1), new ReLU(), new MaxPool2d(4),
            new Conv2d(16, 32, kernelSize: 3, padding: 1), new ReLU(), new GlobalAvgPool(), new Dense(32, data.Classes));
        var optimizer = new Adam(model.Parameters(), learningRate: 1e-2f);
        var loss = new CrossEntropy();
        for (int epoch = 0; epoch < epochs; epoch++)
        {
            foreach (var (images, labels) in loader)
            {
                using var tape = Tape.Record();
                tape.Backward(loss.Forward(model.Forward(images), labels));
                optimizer.Step();
            }
        }
        // </images>

        Assert.Equal((16, 4), (train.Count, test.Count));
        return (model, data);
    }

    private static int Guess(Sequential model)
    {
        // <images>
        var image = ImageFile.Load("rose.jpg", height: 64, width: 64);
        int guess = model.Predict(image.Reshape(1, 3, 64, 64)).ArgMax(axis: 1).ToArray()[0];
        // </images>
        return guess;
    }

    private static void Look(ImageFolder data)
    {
        // <images>
        var (images, _) = data.Load(0, 1, 2);
        ImageFile.Save("second.png", images.Select(0, 1));
        // </images>
        TinyNet.Tests.Images.Samples.AssertNear(images.Select(0, 1).ToArray(), ImageFile.Load("second.png"), (0.5 / 255) + 1e-6);

        // <images>
        var decoded = data.ToMemory();
        // </images>
        Assert.Equal(data.Count, decoded.Count);
    }

    private static void ClassesOfAnother()
    {
        // <images>
        var train = new ImageFolder("birds/train", height: 64, width: 64);
        var test = new ImageFolder("birds/test", height: 64, width: 64, classNames: train.ClassNames);
        // </images>
        Assert.Equal(train.ClassNames.ToArray(), test.ClassNames.ToArray());
    }

    private static string NameOf(int i) => i % 2 == 0 ? "daisy" : "rose";

    /// <summary>A picture, green or red.</summary>
    private static void Write(string path, int i)
    {
        Directory.CreateDirectory(Path.Combine(".", Path.GetDirectoryName(path)!));
        int[] numbers = [.. Enumerable.Range(0, 80 * 70).SelectMany(pixel => new[] { 200 * (i % 2), 200 * ((i + 1) % 2), pixel % 99 })];
        File.WriteAllBytes(path, PngMaker.Make(80, 2, 8, numbers));
    }
}
