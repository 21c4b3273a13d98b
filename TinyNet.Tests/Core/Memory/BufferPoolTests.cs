using TinyNet.Autograd;
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
    public void What_is_rented_at_most_is_counted_with_its_capacity()
    {
        var pool = new CpuDevice(1).Pool;
        var before = pool.Rent(64);
        pool.BeginCount();
        var first = pool.Rent(128);
        var second = pool.Rent(100);
        pool.Return(first);
        var third = pool.Rent(120);

        // Of 100 elements the class has 112; the third takes the place of the first.
        Assert.Equal(64 + 128 + 112, pool.OutstandingElements);
        Assert.Equal(64 + 128 + 112, pool.MostOutstandingElements);
        Assert.Equal(3, pool.Rentals);
        Array.ForEach([before, second, third], pool.Return);
        Assert.Equal(0, pool.OutstandingElements);
        Assert.Equal(64 + 128 + 112, pool.MostOutstandingElements);
        pool.BeginCount();
        Assert.Equal((0, 0), (pool.MostOutstandingElements, pool.Rentals));
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

    [Fact]
    public void A_rent_that_throws_is_not_outstanding()
    {
        var pool = new BufferPool(static _ => throw new InvalidOperationException("planted"));
        Assert.Throws<InvalidOperationException>(() => pool.Rent(100));
        Assert.Equal(0, pool.Outstanding);
    }

    [Fact]
    public void What_no_step_of_a_window_needed_is_let_go()
    {
        var device = new CpuDevice(1);
        Steps(device, 1, 100_000, 100_000, 1000);
        Assert.InRange(device.Pool.FreeElements, 201_000, 300_000);
        Steps(device, 2 * BufferPool.Window, 1000);
        Assert.InRange(device.Pool.FreeElements, 1000, 1250);
    }

    [Fact]
    public void What_every_step_needs_stays()
    {
        int made = 0;
        var pool = new BufferPool(length =>
        {
            made++;
            return new CpuStorage(Device.Cpu, length);
        });
        for (int step = 0; step < 10 * BufferPool.Window; step++)
        {
            var held = pool.Rent(1000);
            for (int i = 0; i < 3; i++)
            {
                pool.Return(pool.Rent(step % BufferPool.Window == 0 ? 5000 : 100));
            }

            pool.Return(held);
            pool.EndStep();
        }

        Assert.Equal(3, made);
    }

    [Fact]
    public void The_steps_that_end_during_a_longer_one_take_nothing_from_it()
    {
        var pool = new CpuDevice(1).Pool;
        Storage held = pool.Rent(100), early = pool.Rent(1000);
        pool.Return(early);
        for (int i = 0; i < 5 * BufferPool.Window; i++)
        {
            pool.EndStep();
        }

        Assert.Same(early, pool.Rent(1000));
        pool.Return(held);
    }

    [Fact]
    public void A_scope_ends_the_step_of_each_pool_that_it_rented_from()
    {
        var device = new CpuDevice(1);
        for (int i = 0; i < 2 * BufferPool.Window; i++)
        {
            using var scope = Tape.NoRecord();
            IndexTensor.Result("test", [10]);
            Tensor.Result("test", [i == 0 ? 100_000 : 10], device);
            Tensor.Result("test", [10], Device.Reference);
        }

        Assert.Equal(64, device.Pool.FreeElements);
    }

    private static void Steps(Device device, int count, params int[] lengths)
    {
        for (int i = 0; i < count; i++)
        {
            using var scope = Tape.NoRecord();
            foreach (int length in lengths)
            {
                Tensor.Result("test", [length], device);
            }
        }
    }
}
