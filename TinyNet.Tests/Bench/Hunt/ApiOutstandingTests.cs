using System.Reflection;
using TinyNet.Autograd;
using TinyNet.Bench;
using TinyNet.Core;

namespace TinyNet.Tests.Bench;

/// <summary>Calls of the campaign in this process, and what they count as rented; nobody else may rent meanwhile.</summary>
[Collection(GlobalState.Name)]
public class ApiOutstandingTests
{
    /// <summary>Indices rented and not given back count as other tensors do.</summary>
    [Fact]
    public void Rented_indices_are_outstanding()
    {
        int before = ApiCall.Outstanding();
        using (Tape.NoRecord())
        {
            Tensor.From([2f, 1f]).ArgMax();
            Assert.True(IndexTensor.Pool.Outstanding > 0 && ApiCall.Outstanding() > before);
        }

        Assert.Equal(before, ApiCall.Outstanding());
    }

    /// <summary>What an operation is told to change may be changed, but not by one that then refuses.</summary>
    [Theory]
    [InlineData(nameof(Writes), null)]
    [InlineData(nameof(WritesAndRefuses), "an argument was changed, and then the call refused")]
    public void An_argument_that_is_written_before_a_refusal_shows(string name, string? kind)
    {
        ApiMember[] members = [new(GetType().GetMethod(name, BindingFlags.NonPublic | BindingFlags.Static)!)];
        string?[] kinds = [.. Enumerable.Range(0, 30).Select(number => ApiCall.Run(1, number, members)?.Kind).Distinct().Order()];

        Assert.Equal(kind is null ? [null] : [null, kind], kinds);
    }

    private static void Writes(Tensor? destination) => destination?.Fill(9);

    private static void WritesAndRefuses(Tensor? destination)
    {
        destination?.Fill(9);
        destination?.Reshape([12345]);
    }
}
