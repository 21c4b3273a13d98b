using TinyNet.Autograd;
using TinyNet.Bench;
using TinyNet.Core;

namespace TinyNet.Tests.Bench;

/// <summary>What the campaign of calls counts as rented; nobody else may rent meanwhile.</summary>
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
}
