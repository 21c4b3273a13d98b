using TinyNet.Bench;

namespace TinyNet.Tests.Bench;

/// <summary>The campaign of calls: what it can call, that it sees what goes wrong, and a short run of it.</summary>
public class ApiTests
{
    private const int Calls = 8000, Seed = 5;

    [Fact]
    public void Every_parameter_of_every_member_has_a_maker()
    {
        string[] missing =
        [
            .. ApiMember.All
                .SelectMany(member => member.Parameters.Select(parameter => (Member: member, parameter.ParameterType)))
                .Where(parameter => !ApiArguments.CanMake(parameter.ParameterType))
                .Select(parameter => $"{parameter.ParameterType} of {parameter.Member}"),
        ];

        Assert.True(ApiMember.All.Count > 1500, $"{ApiMember.All.Count} members");
        Assert.True(missing.Length == 0, string.Join('\n', missing));
    }

    [Fact]
    public void A_call_is_found_again_by_its_number()
    {
        var call = ApiCall.Describe(Seed, 17, ApiMember.All, "what it did");

        Assert.Equal(call, ApiCall.Describe(Seed, 17, ApiMember.All, "what it did"));
        Assert.Equal(call, ApiChild.Parse($"fault\t17\t{call.Member}\twhat it did\t{call.Call}"));
    }

    [Fact]
    public void A_changed_bystander_shows()
    {
        var bystanders = new ApiBystanders();

        Assert.False(bystanders.AreChanged);
        bystanders.Tensor.Fill(1);
        Assert.True(bystanders.AreChanged);
    }

    [Fact]
    public void No_call_does_what_it_should_not()
    {
        string program = Path.Combine(AppContext.BaseDirectory, "TinyNet.Bench.dll");
        var campaign = new ApiCampaign(Seed, ApiMember.All);
        ApiFault[] faults =
        [
            .. campaign.Run(Calls, (file, next) => ("dotnet", [program, .. campaign.ChildArguments(Calls, null, file, next)]))
                .DistinctBy(fault => (fault.Kind, fault.Member)),
        ];

        Assert.True(faults.Length == 0, string.Join('\n', faults.Take(20)));
    }
}
