using TinyNet.Core;
using static TinyNet.Tests.Examples.CommandRun;

namespace TinyNet.Tests.Examples;

/// <summary>The command <c>devices</c>, and what is said of devices that are not there.</summary>
public class DevicesCommandTests
{
    [Fact]
    public void It_lists_what_there_is_and_of_the_rest_what_is_missing()
    {
        string[] lines = Output("devices");

        string cpu = $"cpu         {Device.Cpu.Threads} threads, registers of ";
        Assert.Contains(lines, line => line.StartsWith(cpu, StringComparison.Ordinal));
        Assert.Contains(lines, line => line.StartsWith("reference   ", StringComparison.Ordinal));
        foreach (string kind in new[] { "cuda", "opencl" })
        {
            Assert.Contains(lines, line => line.StartsWith(kind, StringComparison.Ordinal));
        }
    }

    [Theory]
    [InlineData("cuda")]
    [InlineData("opencl")]
    public void Who_asks_for_one_that_is_not_there_reads_the_same_words(string kind)
    {
        string line = Output("devices").First(line => line.StartsWith(kind, StringComparison.Ordinal));

        // Where there is one, it is the hundredth that is missing.
        string why = line.Contains("not there: ", StringComparison.Ordinal)
            ? line.Split("not there: ")[1] : $"the last one of kind '{kind}' is {kind}:";

        Assert.StartsWith(
            $"--device: no device '{kind}:99': {why}", Error(2, "train", "digits", "--device", $"{kind}:99"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_number_is_asked_for() =>
        Assert.Contains("after 'cuda:' stands a number", Error(2, "train", "digits", "--device", "cuda:x"), StringComparison.Ordinal);
}
