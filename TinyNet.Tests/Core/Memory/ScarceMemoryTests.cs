using System.Diagnostics;
using TinyNet.Autograd;
using TinyNet.Bench;
using TinyNet.Core;

namespace TinyNet.Tests.Core;

/// <summary>Where memory runs out, all pools let go of what is free before anything fails.</summary>
[Collection(GlobalState.Name)]
public class ScarceMemoryTests
{
    [Fact]
    public void What_is_free_goes_before_a_tensor_fails()
    {
        BufferPool other = new CpuDevice(1).Pool, pool = null!;
        pool = new BufferPool(length => pool.FreeElements + other.FreeElements == 0
            ? new CpuStorage(Device.Cpu, length)
            : throw new InsufficientMemoryException("planted"));
        pool.Return(pool.Rent(100));
        other.Return(other.Rent(100));

        using (Tape.NoRecord())
        {
            Allocation.OfResult(pool, [1000], "Exp");
            Assert.Equal(1, pool.Outstanding);
        }

        Assert.Equal(0, pool.Outstanding);
        Assert.Equal(50, Allocation.Collected(pool, [50], "Exp").Capacity);
        Assert.Equal(0, pool.FreeElements);
    }

    /// <summary>Arrays on the host too: all memory is asked for twice.</summary>
    [Fact]
    public void What_is_free_goes_before_anything_fails()
    {
        var pool = new CpuDevice(1).Pool;
        pool.Return(pool.Rent(100));
        Assert.Equal("made", Allocation.Try(pool, static string (pool) => pool.FreeElements == 0 ? "made" : throw NoMemory()));
        Assert.Null(Allocation.Try(pool, static string (_) => throw NoMemory()));

        static InsufficientMemoryException NoMemory() => new("planted");
    }

    [Fact]
    public void Where_there_is_nothing_to_let_go_the_rent_fails_and_is_not_outstanding()
    {
        var pool = new BufferPool(static _ => throw new InsufficientMemoryException("planted"));
        Assert.Throws<InsufficientMemoryException>(() => pool.Rent(100));
        Assert.Equal(0, pool.Outstanding);
    }

    /// <summary>Together these need five times the limit, each alone at most two thirds of it.</summary>
    [Fact]
    public void Scopes_that_need_more_and_more_run_under_a_limit_of_the_heap()
    {
        string program = Path.ChangeExtension(typeof(GrowCommand).Assembly.Location, ".dll");
        var start = new ProcessStartInfo("dotnet", [program, "grow", "--from", "15", "--to", "39", "--by", "3"])
        {
            RedirectStandardOutput = true,
            Environment = { ["DOTNET_GCHeapHardLimit"] = "0x10000000" },
        };
        using var process = Process.Start(start)!;
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();

        Assert.True(process.ExitCode == 0, output);
        Assert.EndsWith("small steps: 0.0 million are kept", output.TrimEnd(), StringComparison.Ordinal);
    }
}
