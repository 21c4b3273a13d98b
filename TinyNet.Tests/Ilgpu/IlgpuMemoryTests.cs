using System.Runtime.CompilerServices;
using ILGPU;
using ILGPU.Runtime;
using ILGPU.Runtime.CPU;
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

    // What it makes is garbage when it returns.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void TakeAndForget(DeviceMemory memory) => memory.Take(1000).View<float>().MemSetToZero();
}
