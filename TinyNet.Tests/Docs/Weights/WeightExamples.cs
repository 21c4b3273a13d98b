using TinyNet.Autograd;
using TinyNet.Core;
using TinyNet.Layers;

namespace TinyNet.Tests.Docs.Weights;

// <weights>
/// <summary>Images [N, 3, 8, 8] to scores of classes.</summary>
public sealed class SmallNet : Module<Tensor, Tensor>
{
    private readonly Sequential _features;
    private readonly Dense _head;

    public SmallNet(int classes)
    {
        _features = Child("features", new Sequential(
            new Conv2d(3, 8, 3, padding: 1), new BatchNorm2d(8), new ReLU(), new MaxPool2d(2), new Flatten()));
        _head = Child("head", new Dense(8 * 4 * 4, classes));
    }

    protected override Tensor ForwardCore(Tensor images) => _head.Forward(_features.Forward(images));
}
// </weights>

/// <summary>A layer of one's own, whose weight PyTorch would have as [out, in].</summary>
// <weights>
public sealed class Mix : Module<Tensor, Tensor>
{
    private readonly Parameter _weight;

    public Mix(int inFeatures, int outFeatures) =>
        _weight = AddParameter("weight", Tensor.Zeros([inFeatures, outFeatures]), fileAxes: [1, 0]);

    protected override Tensor ForwardCore(Tensor input) => input.MatMul(_weight);
}
// </weights>

public class WeightExamples
{
    [Fact]
    public void The_page_works()
    {
        using var folder = new TemporaryFolder();
        string path = folder.At("model.safetensors");
        float[] expected = Save(path);
        Assert.Equal(expected, Load(path));
        FineTune(path);
        KeepTheBest();
        Assert.Contains("features.0.weight: F32 [8, 3, 3, 3]", Look(path), StringComparison.Ordinal);

        SaveSmall(path);
        new Mix(2, 3).Save(path);
        using var file = SafetensorsFile.Open(path);
        Assert.Equal("weight: F32 [3, 2]", file.Entries[0].ToString());
    }

    private static float[] Save(string path)
    {
        // <weights>
        var model = new SmallNet(classes: 10);
        // … train it …
        model.Save(path, new Dictionary<string, string> { ["classes"] = "10" });
        // </weights>
        return Output(model);
    }

    private static void SaveSmall(string path)
    {
        var model = new SmallNet(classes: 10);
        // <weights>
        model.Save(path, type: FloatType.BF16);         // half the size; buffers stay F32
        // </weights>
        using var file = SafetensorsFile.Open(path);
        Assert.Contains("features.0.weight: BF16 [8, 3, 3, 3]", file.Entries.Select(entry => entry.ToString()));
    }

    private static float[] Load(string path)
    {
        // <weights>
        var model = new SmallNet(classes: 10);
        var loaded = model.Load(path);
        string classes = loaded.Metadata["classes"];    // "10"
        var scores = model.Predict(Tensor.Full([1, 3, 8, 8], 0.5f));
        // </weights>
        Assert.Equal("10", classes);
        Assert.Equal(Output(model), scores.ToArray());
        return Output(model);
    }

    private static void FineTune(string path)
    {
        // <weights>
        var model = new SmallNet(classes: 3);
        var loaded = model.Load(path, strict: false, rename: name => name.StartsWith("head.") ? null : name);
        // loaded.Missing: head.weight, head.bias
        // </weights>
        Assert.Equal(["head.weight", "head.bias"], loaded.Missing);
    }

    private static void KeepTheBest()
    {
        var model = new SmallNet(classes: 10);
        float[] expected = Output(model);
        // <weights>
        var best = model.Snapshot();
        // … train on, and find that it was better before …
        model.Restore(best);

        var teacher = new SmallNet(classes: 10);
        teacher.CopyFrom(model);
        // </weights>
        Assert.Equal(expected, Output(teacher));
    }

    private static string Look(string path)
    {
        var text = new StringWriter();
        // <weights>
        using var file = SafetensorsFile.Open(path);
        foreach (var entry in file.Entries)
        {
            text.WriteLine(entry);                      // features.0.weight: F32 [8, 3, 3, 3]
        }

        var kernels = file.Read("features.0.weight");   // a tensor
        // </weights>
        Assert.Equal(new Shape(8, 3, 3, 3), kernels.Shape);
        return text.ToString();
    }

    private static float[] Output(SmallNet model)
    {
        model.Evaluate();
        using var scope = Tape.NoRecord();
        return model.Forward(Tensor.Full([1, 3, 8, 8], 0.5f)).ToArray();
    }
}
