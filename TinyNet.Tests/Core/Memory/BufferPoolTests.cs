using TinyNet.Core;

namespace TinyNet.Tests.Core;

/// <summary>Storages that steps give back are rented again, never too small and never much too large.</summary>
public class BufferPoolTests
{
    [Fact]
    public void A_size_class_holds_its_lengths_and_wastes_at_most_a_quarter()
    {
        foreach (int length in Enumerable.Range(0, 5000).Concat([1 << 20, (1 << 20) + 1, 123_456_789, int.MaxValue - 1000]))
        {
            int capacity = BufferPool.ClassCapacity(BufferPool.SizeClass(length));
            Assert.InRange(capacity, Math.Min(length, Array.MaxLength - 64), Math.Max(64, (long)length * 5 / 4 + 1));
            Assert.Equal(BufferPool.SizeClass(length), BufferPool.SizeClass(capacity));
        }
    }

    [Fact]
    public void What_was_given_back_is_rented_again_under_a_new_generation()
    {
        var pool = new CpuDevice(1).Pool;
        var first = pool.Rent(100);
        int generation = first.Generation;
        Assert.Equal(1, pool.Outstanding);
        pool.Return(first);
        Assert.Equal(0, pool.Outstanding);
        Assert.Same(first, pool.Rent(90));
        Assert.NotEqual(generation, first.Generation);
    }

    [Fact]
    public void A_buffer_that_is_too_small_or_far_too_large_is_not_taken()
    {
        var pool = new CpuDevice(1).Pool;
        var small = pool.Rent(100);
        var large = pool.Rent(10_000);
        pool.Return(small);
        pool.Return(large);
        var rented = pool.Rent(1000);
        Assert.NotSame(small, rented);
        Assert.NotSame(large, rented);
        Assert.InRange(rented.Capacity, 1000, 2000);
    }
}
