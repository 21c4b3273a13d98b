using TinyNet.Autograd;
using TinyNet.Core;

namespace TinyNet.Tests.Core;

/// <summary>
/// Sizes that no array holds are refused by the name of the operation, in scopes and outside, before memory is asked for.
/// </summary>
public class AllocationTests
{
    public static TheoryData<string> Devices => ["cpu", "reference"];

    [Theory]
    [MemberData(nameof(Devices))]
    public void What_no_array_holds_is_refused_in_scopes_and_outside(string name)
    {
        var device = Device.Parse(name);
        Refuse();
        using (Tape.Record())
        {
            Refuse();
        }

        void Refuse()
        {
            Refusal.Of<ShapeException>(() => Tensor.Zeros([int.MaxValue], device), "Tensor.Full", $"{int.MaxValue} elements");
            Refusal.Of<ShapeException>(() => Tensor.Ones([Array.MaxLength], device), "Tensor.Full");
            Refusal.Of<ShapeException>(() => Tensor.Uniform([int.MaxValue], new RandomStream(1), device: device), "Tensor.Uniform");
            Refusal.Of<ShapeException>(() => Tensor.Normal([int.MaxValue], new RandomStream(1), device: device), "Tensor.Normal");
            Refusal.Of<ShapeException>(() => IndexTensor.Range(0, int.MaxValue), "IndexTensor.Range");

            var stretched = Tensor.Ones([1], device).Expand(int.MaxValue);
            Refusal.Of<ShapeException>(() => stretched.Copy(), "Copy", $"[{int.MaxValue}]");
            Refusal.Of<ShapeException>(() => stretched.Exp(), "Exp");
            Refusal.Of<ShapeException>(() => stretched.Keep(), "Keep");
            Refusal.Of<ShapeException>(() => stretched.ToArray(), "ToArray");
            Refusal.Of<ShapeException>(() => stretched.AsTensorSpan().Rank, "ToArray");
            Refusal.Of<ShapeException>(() => Tensor.Ones([1], device).Repeat(int.MaxValue), "Repeat");
            Refusal.Of<ShapeException>(() => Tensor.Ones([1], device).Pad([int.MaxValue - 1, 0]), "Pad");
        }
    }

    [Fact]
    public void A_view_that_no_array_holds_is_shown_by_its_ends() => Assert.Equal(
        $"Tensor [{int.MaxValue}] on cpu: [2.5, 2.5, 2.5, …, 2.5, 2.5, 2.5]", Tensor.FromScalar(2.5f).Expand(int.MaxValue).ToString());

    /// <summary>Where memory runs out, the exception names what it was for; the pool of the device stays in use.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Where_memory_runs_out_the_exception_says_for_what(bool isInScope)
    {
        var pool = new BufferPool(capacity => capacity < 1000 ? new IndexStorage(capacity) : throw new InsufficientMemoryException());
        using var scope = isInScope ? Tape.NoRecord() : null;
        var exception = Refusal.Of<MemoryExhaustedException>(
            () => Allocation.OfResult(pool, [20, 100], "Exp"), "Exp", "[20, 100]", "8000 bytes");
        Assert.Equal("Exp", exception.Operation);
        Assert.Equal(8000, exception.BytesWanted);
        Assert.Null(exception.BytesHeld);
        Refusal.Of<MemoryExhaustedException>(() => Allocation.Collected(pool, [20, 100], "Exp"), "[20, 100]", "8000 bytes");
        Assert.InRange(Allocation.OfResult(pool, [20, 10], "Exp").Capacity, 200, 400);
    }
}
