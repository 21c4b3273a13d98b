using TinyNet.Bench;

namespace TinyNet.Tests.Bench;

/// <summary>A short run of the campaign that kills trainings.</summary>
[Collection(GlobalState.Name)]
public class CrashTests
{
    [Theory]
    [InlineData("KILL", 2)]
    [InlineData("TERM", 1)]
    public void A_training_that_is_killed_goes_on_as_if_it_had_not_been(string signal, int kills)
    {
        if (signal != "KILL" && OperatingSystem.IsWindows())
        {
            Assert.Skip("there is no such signal");
        }

        string program = Path.Combine(AppContext.BaseDirectory, "TinyNet.Bench.dll");
        using var output = new StringWriter();
        var campaign = new CrashCampaign(signal, output, folder => ("dotnet", [program, .. CrashCommand.ChildArguments(folder)]));
        Assert.True(campaign.Run(kills, seed: 3).Faults == 0, output.ToString());
    }
}
