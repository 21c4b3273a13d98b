using System.Runtime.CompilerServices;
using ILGPU;
using ILGPU.Runtime;
using ILGPU.Runtime.CPU;
using TinyNet.Autograd;
using TinyNet.Core;
using TinyNet.Ilgpu;

namespace TinyNet.Tests.Ilgpu;

/// <summary>Memory of the GPU device.</summary>
public class IlgpuMemoryTests
{
    [Fact]
    public void What_was_collected_is_used_again_as_it_was()
    {
        using var context = KernelCompiler.CreateContext(builder => builder.CPU(new CPUDevice(16, 1, 1)));
        using var accelerator = context.CreateCPUAccelerator(0);
        var memory = new DeviceMemory(accelerator);
        TakeAndForget(memory);
        GC.Collect();
        GC.WaitForPendingFinalizers();
        Assert.Equal(memory.BytesTaken, memory.BytesKept);

        var again = memory.Take(1000);

        Assert.Equal(0, memory.BytesKept);
        Assert.False(((IArrayView)again.View<float>()).Buffer.IsDisposed);
    }

    [Fact]
    public void Where_memory_runs_out_the_exception_says_how_much_was_asked_for_and_held()
    {
        using var device = IlgpuDevices.OnProcessor(mostMemory: 1 << 20);
        var held = Tensor.Zeros([100_000], device);
        long? inUse = device.MemoryInUse;
        Assert.InRange(inUse!.Value, 400_000, 600_000);

        var exception = Refusal.Of<MemoryExhaustedException>(
            () => Tensor.Zeros([200, 1000], device), "[200, 1000]", "800000 bytes", $"beside {inUse} bytes in use");

        Assert.Equal((800_000, inUse), (exception.BytesWanted, exception.BytesHeld));
        Assert.Equal(0, held.Sum().Item());

        // What a step has given back makes room.
        using (Tape.NoRecord())
        {
            Tensor.Zeros([50_000], device);
        }

        Assert.Equal([0f], Tensor.Zeros([60_000], device)[..1].ToArray());
        device.Synchronize();
        GC.KeepAlive(held);
    }

    [Fact]
    public void A_device_that_nobody_refers_to_goes_with_its_tensors()
    {
        MakeDeviceAndForget();
        GC.Collect();

        // An exception of a finalizer would end the process.
        GC.WaitForPendingFinalizers();
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void MakeDeviceAndForget() => Assert.Equal([1f, 1f], Tensor.Ones([2], IlgpuDevices.OnProcessor()).ToArray());

    // What it makes is garbage when it returns.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void TakeAndForget(DeviceMemory memory) => memory.Take(1000).View<float>().MemSetToZero();
}
