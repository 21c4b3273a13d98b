using TinyNet.Autograd;
using TinyNet.Bench;
using TinyNet.Core;
using TinyNet.Layers;

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

        Assert.False(bystanders.AreChanged());
        bystanders.Tensor.Fill(1);
        Assert.True(bystanders.AreChanged());
    }

    [Fact]
    public void Changed_indices_show()
    {
        var bystanders = new ApiBystanders();

        bystanders.Indices.CopyFrom([1, 1, 1]);
        Assert.True(bystanders.AreChanged());
    }

    /// <summary>Whatever makes tensors for an argument, one in a record say, is looked at after the call.</summary>
    [Fact]
    public void Operands_inside_of_arguments_are_compared()
    {
        foreach (var type in new[] { typeof(Tensor), typeof(IndexTensor), typeof(Parameter[]), typeof(AttentionInput), typeof(Adam) })
        {
            var arguments = new ApiArguments(new Random(3));
            object? made = null;
            for (int attempt = 0; attempt < 20 && (made is null || arguments.Operands.Count == 0); attempt++)
            {
                made = arguments.Make(type, isWild: false, 0);
            }

            Assert.True(arguments.Operands.Count > 0, $"no operands of {type}");
        }

        var tensor = Tensor.From([0f, float.NaN]);
        var operand = new ApiOperand(tensor);
        operand.Note();
        Assert.False(operand.IsChanged());
        tensor.CopyFrom([-0f, float.NaN]);
        Assert.True(operand.IsChanged());
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
