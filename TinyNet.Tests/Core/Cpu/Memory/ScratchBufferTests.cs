using TinyNet.Core;

namespace TinyNet.Tests.Core;

/// <summary>What a thread keeps for its next piece of work is as much as those of the last steps needed.</summary>
public unsafe class ScratchBufferTests
{
    private const int Large = 3_000_000;

    [Fact]
    public void What_is_needed_in_every_window_stays()
    {
        var buffer = default(ScratchBuffer);
        float* first = buffer.Rent(Large);
        for (int i = 0; i < 5; i++)
        {
            EndWindow();
            Assert.True(buffer.Rent(Large) == first);
        }
    }

    [Fact]
    public void A_large_buffer_that_a_window_did_not_need_is_exchanged_for_a_smaller_one()
    {
        var buffer = default(ScratchBuffer);
        buffer.Rent(Large);
        for (int i = 0; i < 2; i++)
        {
            EndWindow();
            buffer.Rent(1000);
            buffer.Rent(10);
        }

        EndWindow();
        buffer.Rent(10);
        Assert.InRange(buffer.Capacity, 1000, 1100);
    }

    [Fact]
    public void Memory_is_aligned_and_as_long_as_asked_for()
    {
        var buffer = default(ScratchBuffer);
        foreach (int length in new[] { 1, 100, 7, 1000 })
        {
            float* memory = buffer.Rent(length);
            Assert.Equal(0, (nint)memory % 64);
            new Span<float>(memory, length).Fill(1);
        }
    }

    private static void EndWindow()
    {
        var pool = new CpuDevice(1).Pool;
        for (int i = 0; i < BufferPool.Window; i++)
        {
            pool.EndStep();
        }
    }
}
