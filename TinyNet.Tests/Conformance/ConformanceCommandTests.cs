using TinyNet.Bench;
using TinyNet.Tests.Architecture;

namespace TinyNet.Tests.Conformance;

/// <summary>The options of <c>conformance</c> that choose a device.</summary>
[Collection(GlobalState.Name)]
public class ConformanceCommandTests
{
    [Theory]
    [InlineData("device reference, lanes double, threads 1", "--device", "reference", "--threads", "1")]
    [InlineData("device cpu, lanes scalar, threads 3", "--lanes", "scalar", "--threads", "3")]
    public void Cases_are_replayed_on_the_device_that_was_chosen(string line, params string[] options)
    {
        var (exitCode, output, _) = Run(options);

        Assert.Equal(0, exitCode);
        Assert.StartsWith(line, output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--threads is for the device cpu, and not for reference: leave it out", "--device", "reference", "--threads", "2")]
    [InlineData("--lanes is for the device cpu, and not for reference: leave it out", "--device", "reference", "--lanes", "scalar")]
    public void What_a_device_does_not_have_is_refused(string words, params string[] options)
    {
        var (exitCode, _, errors) = Run(options);

        Assert.Equal(2, exitCode);
        Assert.Contains(words, errors, StringComparison.Ordinal);
    }

    [Fact]
    public void A_device_that_is_not_there_is_refused_in_words() => Assert.StartsWith(
        "--device: no device 'refrence'",
        Assert.Single(ConformanceCommand.Create().Parse([Cases, "--device", "refrence"]).Errors).Message,
        StringComparison.Ordinal);

    private static string Cases => Path.Combine(Repository.Root, "TinyNet.Tests", "Conformance", "Cases");

    private static (int ExitCode, string Output, string Errors) Run(string[] options)
    {
        var (output, error) = (Console.Out, Console.Error);
        using StringWriter written = new(), errors = new();
        Console.SetOut(written);
        Console.SetError(errors);
        try
        {
            return (ConformanceCommand.Create().Parse([Cases, "embedding", .. options]).Invoke(), written.ToString(), errors.ToString());
        }
        finally
        {
            Console.SetOut(output);
            Console.SetError(error);
        }
    }
}
