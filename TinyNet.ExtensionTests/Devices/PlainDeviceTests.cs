using System.Reflection;
using TinyNet.Autograd;
using TinyNet.Bench;
using TinyNet.Core;
using TinyNet.Layers;

namespace TinyNet.ExtensionTests;

/// <summary>
/// A device that was written outside, of what the contract requires alone, replays every recorded case and trains a model.
/// </summary>
public class PlainDeviceTests
{
    /// <summary>All families that there are; one that is not copied here would not be missed otherwise.</summary>
    private static readonly string[] AllFamilies =
    [
        "activation", "attention", "conv", "elementwise", "embedding", "init", "loss", "matmul", "norm", "optimizer", "pool", "recurrent",
        "reduction", "resize", "scheduler", "shape", "training",
    ];

    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "Cases");

    static PlainDeviceTests() => PlainDevice.Register();

    public static TheoryData<string> Families => [.. AllFamilies];

    [Fact]
    public void It_implements_what_is_required_and_nothing_else()
    {
        const BindingFlags declared = BindingFlags.Instance | BindingFlags.NonPublic | BindingFlags.Public | BindingFlags.DeclaredOnly;
        string[] required = [.. Signatures(typeof(Device).GetMethods(declared).Where(method => method.IsAbstract))];

        Assert.Equal(required, Signatures(typeof(PlainDevice).GetMethods(declared).Where(method => method.IsVirtual)));
        Assert.InRange(required.Length, 15, 20);
    }

    [Fact]
    public void Its_reductions_have_the_range_of_doubles()
    {
        var plain = Device.Parse(PlainDevice.Kind);

        Assert.Equal(5e30, Tensor.From([3e30f, -4e30f], plain).Norm().Item(), 1e25);
        Assert.Equal(2e20, Tensor.From([1e20f, 3e20f, 5e20f], plain).StandardDeviation().Item(), 1e15);
        Assert.Equal(3e38, Tensor.From([3e38f, 3e38f], plain).Mean().Item(), 1e33);
        Assert.Equal(0, Tensor.From([3e38f, 3e38f, -3e38f, -3e38f], plain).Sum().Item());
    }

    [Fact]
    public void The_families_are_those_of_the_cases() => Assert.Equal(
        AllFamilies,
        ConformanceRunner.List(Folder).Select(ConformanceRunner.FamilyOf).Distinct().Order(StringComparer.Ordinal));

    // <extending>
    [Theory, MemberData(nameof(Families))]
    public void Every_case_of_a_family_gives_the_recorded_numbers(string family)
    {
        var results = ConformanceRunner.ReplayFolder(Folder, Device.Parse(PlainDevice.Kind), [family]).ToArray();

        Assert.NotEmpty(results);
        Assert.All(results, result => Assert.True(result.Outcome == CaseOutcome.Passed, result.ToString()));
    }
    // </extending>

    [Fact]
    public void A_model_moves_to_it_and_learns_what_it_learns_on_the_processor()
    {
        float[] expected = Trained(Device.Cpu), actual = Trained(Device.Parse(PlainDevice.Kind));

        Assert.All(expected.Zip(actual), pair => Assert.Equal(pair.First, pair.Second, 1e-4f));
    }

    [Fact]
    public void Random_numbers_are_those_of_the_processor()
    {
        var plain = Device.Parse(PlainDevice.Kind);

        Assert.Equal(
            Tensor.Uniform([5, 7], new RandomStream(3), -1, 2, Device.Cpu).ToArray(),
            Tensor.Uniform([5, 7], new RandomStream(3), -1, 2, plain).ToArray());
        float[] expected = Tensor.Normal([5, 7], new RandomStream(3), 1, 2, Device.Cpu).ToArray();
        float[] actual = Tensor.Normal([5, 7], new RandomStream(3), 1, 2, plain).ToArray();
        Assert.All(expected.Zip(actual), pair => Assert.Equal(pair.First, pair.Second, 1e-5f));
    }

    private static IEnumerable<string> Signatures(IEnumerable<MethodInfo> methods) => methods
        .Select(method => $"{method.Name}({string.Join(", ", method.GetParameters().Select(parameter => parameter.Name))})")
        .Order(StringComparer.Ordinal);

    /// <summary>The weights of a small network with a bit of everything after five steps.</summary>
    private static float[] Trained(Device device)
    {
        var random = new RandomStream(11);
        var model = new Sequential(
            new Conv2d(2, 4, kernelSize: 3, padding: 1, random: random), new BatchNorm2d(4), new ReLU(), new AvgPool2d(2), new Flatten(),
            new Dense(4 * 3 * 3, 5, random: random), new LayerNorm(5));
        model.To(device);
        Tensor images = Tensor.Normal([6, 2, 6, 6], random, device: Device.Cpu).Keep(device);
        var labels = IndexTensor.From(0, 1, 2, 3, 4, 0);
        var optimizer = new SGD(model.Parameters(), learningRate: 0.05f);
        var crossEntropy = new CrossEntropy();
        for (int step = 0; step < 5; step++)
        {
            using var tape = Tape.Record();
            crossEntropy.Forward(model.Forward(images), labels).Backward();
            optimizer.Step();
        }

        return [.. model.Parameters().SelectMany(parameter => parameter.ToArray())];
    }
}
