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
