using TinyNet.Autograd;
using TinyNet.Core;
using TinyNet.Layers;

namespace TinyNet.Tests.Layers;

/// <summary>Weights that PyTorch trained give its outputs here, and are written as it wrote them.</summary>
public class PyTorchWeightTests
{
    private static readonly Device[] Devices = [.. TestDevices.OfEachWidth(), Device.Reference];

    public static TheoryData<string> Names => [.. PyTorchModels.All.Keys];

    [Theory, MemberData(nameof(Names))]
    public void Outputs_are_those_of_PyTorch(string name)
    {
        foreach (var device in Devices)
        {
            var model = PyTorchModels.All[name]();
            model.To(device);
            var loaded = model.Load(PyTorchModels.File(name), rename: InModel(name));
            model.Evaluate();
            var (inputs, expected) = PyTorchModels.Recorded(name, device);
            using var scope = Tape.NoRecord();
            float[] output = model.Forward(inputs).ToArray();

            Assert.Equal(name, loaded.Metadata["model"]);
            Assert.Equal(expected.Length, output.Length);
            Assert.All(expected.Zip(output), pair => Assert.Equal(pair.First, pair.Second, 1e-5f));
        }
    }

    [Theory, MemberData(nameof(Names))]
    public void What_is_saved_has_the_names_shapes_and_numbers_of_PyTorch(string name)
    {
        using var folder = new TemporaryFolder();
        var model = PyTorchModels.All[name]();
        model.Load(PyTorchModels.File(name), rename: InModel(name));
        model.Save(folder.At("saved.safetensors"));
        using SafetensorsFile expected = SafetensorsFile.Open(PyTorchModels.File(name)),
            saved = SafetensorsFile.Open(folder.At("saved.safetensors"));

        var inModel = InModel(name) ?? (file => file);
        Assert.Equal(
            expected.Entries.Select(entry => $"{inModel(entry.Name)}: {string.Join(", ", entry.Shape)}"),
            saved.Entries.Select(entry => $"{entry.Name}: {string.Join(", ", entry.Shape)}"));
        foreach (var entry in expected.Entries)
        {
            Assert.Equal(expected.Read(entry.Name).ToArray(), saved.Read(inModel(entry.Name)!).ToArray());
        }
    }

    [Fact]
    public void Running_statistics_and_the_count_of_batches_come_along()
    {
        var norm = new BatchNorm2d(8);
        norm.Load(PyTorchModels.File("cnn"), rename: name => name.StartsWith("1.", StringComparison.Ordinal) ? name[2..] : null);

        Assert.NotEqual(new float[8], norm.RunningMean!.ToArray());
        Assert.Equal(5, norm.NamedBuffers().Single(named => named.Name == "num_batches_tracked").Buffer.Item());
    }

    /// <summary>The file has a layer alone, the model one that it holds.</summary>
    private static Func<string, string?>? InModel(string name) => name == "transformer" ? file => "layer." + file : null;
}
