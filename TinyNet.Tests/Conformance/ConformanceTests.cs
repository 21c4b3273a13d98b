using TinyNet.Bench;
using TinyNet.Core;
using TinyNet.Tests.Architecture;

namespace TinyNet.Tests.Conformance;

/// <summary>
/// Replays the recorded cases on the reference device and on the processor, at every width of registers that the machine has.
/// </summary>
public class ConformanceTests
{
    /// <summary>The families of which every operation is there, in every form.</summary>
    private static readonly string[] CompleteFamilies =
        [
            "elementwise", "activation", "reduction", "matmul", "shape", "optimizer", "scheduler", "init", "loss", "conv", "pool",
            "resize", "norm", "recurrent", "embedding", "attention", "training",
        ];

    private static readonly string Folder = Path.Combine(Repository.Root, "TinyNet.Tests", "Conformance", "Cases");

    private static readonly Dictionary<string, Device> Devices = AllDevices().ToDictionary(named => named.Name, named => named.Device);

    public static TheoryData<string> Cases => [.. ConformanceRunner.List(Folder)];

    [Theory, MemberData(nameof(Cases))]
    public void A_case_gives_the_recorded_numbers_on_every_device(string file)
    {
        foreach (var (name, device) in Devices)
        {
            var result = ConformanceRunner.Replay(Folder, file, device);

            Assert.True(result.Outcome != CaseOutcome.Failed, $"{name}: {result}");
            Assert.True(result.Outcome == CaseOutcome.Passed || !CompleteFamilies.Contains(result.Family), $"{name}: {result}");
        }
    }

    [Fact]
    public void The_complete_families_have_cases()
    {
        var families = ConformanceRunner.List(Folder).Select(ConformanceRunner.FamilyOf).ToHashSet();

        Assert.All(CompleteFamilies, family => Assert.Contains(family, families));
    }

    [Theory]
    [InlineData("linear")]
    [InlineData("conv2d")]
    [InlineData("batch_norm1d")]
    [InlineData("batch_norm2d")]
    [InlineData("layer_norm")]
    [InlineData("relu")]
    [InlineData("tanh")]
    [InlineData("gelu")]
    [InlineData("sigmoid")]
    [InlineData("silu")]
    [InlineData("max_pool2d")]
    [InlineData("avg_pool2d")]
    [InlineData("flatten")]
    [InlineData("rnn")]
    [InlineData("gru")]
    [InlineData("lstm")]
    [InlineData("last_step")]
    [InlineData("mean_time")]
    [InlineData("transformer_encoder_layer")]
    [InlineData("embedding")]
    public void Every_layer_type_of_the_format_is_trained_in_a_case(string type) =>
        Assert.Contains(type, TrainingCases.SelectMany(attributes => attributes.Element("layers").EnumerateArray())
            .Select(layer => new CaseAttributes(layer).Text("type")));

    [Fact]
    public void Every_optimizer_of_the_format_trains_in_a_case() =>
        Assert.Equal(
            new[] { "adadelta", "adagrad", "adam", "adamax", "adamw", "momentum", "nadam", "nesterov", "radam", "rmsprop", "sgd" },
            TrainingCases.Select(attributes => attributes.Text("optimizer")).Distinct().Order(StringComparer.Ordinal));

    private static IEnumerable<CaseAttributes> TrainingCases => ConformanceRunner.List(Folder)
        .Where(file => ConformanceRunner.FamilyOf(file) == "training")
        .Select(file => ConformanceCase.Parse(File.ReadAllBytes(Path.Combine(Folder, file))).Attributes);

    private static IEnumerable<(string Name, Device Device)> AllDevices()
    {
        yield return ("reference", Device.Reference);
        foreach (int bits in TestDevices.Widths)
        {
            yield return ($"cpu, lanes of {bits} bits", new CpuDevice(threads: 1, bits));
        }

        yield return ("cpu, every block on another thread", new CpuDevice(threads: 3, laneBits: null, alwaysSplit: true));
    }
}
