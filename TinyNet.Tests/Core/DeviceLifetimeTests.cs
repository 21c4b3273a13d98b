using System.Runtime.CompilerServices;
using TinyNet.Core;

namespace TinyNet.Tests.Core;

/// <summary>Outside a scope the garbage collector frees storages: never one that an operation still works with.</summary>
public class DeviceLifetimeTests
{
    // Seen to crash without the device's GC.KeepAlive under DOTNET_TieredCompilation=0; unoptimized code keeps arguments alive anyway.
    [Fact]
    public void An_operand_that_nobody_else_refers_to_lives_through_the_operation()
    {
        var device = new CpuDevice(1, 32);
        bool stop = false;
        var collector = new Thread(() =>
        {
            while (!Volatile.Read(ref stop))
            {
                GC.Collect();
                GC.AllocateArray<float>(1_000_000, pinned: true).AsSpan().Fill(-5);
            }
        });
        collector.Start();
        int wrong = 0;
        for (int i = 0; i < 100; i++)
        {
            var norm = Tensor.Zeros([1], device);
            ReduceTemporary(device, norm);
            wrong += norm.Item() == 1_000_000 ? 0 : 1;
        }

        Volatile.Write(ref stop, true);
        collector.Join();
        Assert.Equal(0, wrong);
    }

    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static void ReduceTemporary(CpuDevice device, Tensor norm) =>
        device.Reduce(new PowerNormReduction(1), Tensor.Ones([1_000_000], device), norm);
}
