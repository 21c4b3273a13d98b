using System.Runtime.CompilerServices;
using ILGPU;
using ILGPU.Runtime;
using ILGPU.Runtime.CPU;
using ILGPU.Runtime.Cuda;
using ILGPU.Runtime.OpenCL;
using TinyNet.Autograd;
using TinyNet.Core;
using TinyNet.Ilgpu;
using Device = TinyNet.Core.Device;

namespace TinyNet.Tests.Ilgpu;

/// <summary>Memory of the GPU device.</summary>
public class IlgpuMemoryTests
{
    [Fact]
    public void What_was_collected_is_used_again_as_it_was() => WithAccelerator(accelerator =>
    {
        var memory = new DeviceMemory(accelerator);
        TakeAndForget(memory);
        GC.Collect();
        GC.WaitForPendingFinalizers();
        Assert.Equal(memory.BytesTaken, memory.BytesKept);

        var again = memory.Take(1000);

        Assert.Equal(0, memory.BytesKept);
        Assert.False(((IArrayView)again.View<float>()).Buffer.IsDisposed);
    });

    [Fact]
    public void Small_scratch_memory_stays_and_large_goes_after_the_operation() => WithAccelerator(accelerator =>
    {
        var memory = new DeviceMemory(accelerator);
        using var scratch = new ScratchMemory(memory);
        scratch.Take<double>(1000).Dispose();
        Assert.Equal((8192, 0), (memory.BytesTaken, memory.BytesKept));
        scratch.Take<double>(2000).Dispose();
        Assert.Equal(8192, memory.BytesKept);
        long inUse = memory.BytesTaken - memory.BytesKept;

        using (var large = scratch.Take<double>(ScratchMemory.MostKept / sizeof(double) + 1))
        {
            Assert.Equal(ScratchMemory.MostKept / sizeof(double) + 1, large.View.Length);
            Assert.True(memory.BytesTaken - memory.BytesKept > inUse + ScratchMemory.MostKept);
        }

        Assert.Equal(inUse, memory.BytesTaken - memory.BytesKept);
        var exception = Refusal.Of<MemoryExhaustedException>(() => scratch.Take<double>(1L << 40).Dispose(), "between launches");
        Assert.Equal(8L << 40, exception.BytesWanted);
    });

    [Fact]
    public void Numbers_travel_in_pieces_and_what_runs_full_grows() => WithAccelerator(accelerator =>
    {
        var staging = new Staging(accelerator, leastBytes: 64, mostBytes: 256);
        using var memory = accelerator.Allocate1D<double>(100);
        ArrayView<double> view = memory.View;
        double[] numbers = [.. Enumerable.Range(0, 100)], back = new double[100];
        var sizes = new List<long>();
        foreach (var (start, count) in new[] { (0, 5), (5, 2), (7, 7), (14, 86) })
        {
            staging.Upload<double>(numbers.AsSpan(start, count), view.SubView(start, count));
            sizes.Add(staging.Size);
        }

        Assert.Equal([64, 64, 128, 256], sizes);
        staging.Download(view, back.AsSpan());
        Assert.Equal(numbers, back);
        Assert.Equal(256, staging.Size);
    });

    [Theory]
    [InlineData(CLError.CL_MEM_OBJECT_ALLOCATION_FAILURE, true), InlineData(CLError.CL_OUT_OF_RESOURCES, true)]
    [InlineData(CLError.CL_INVALID_CONTEXT, false), InlineData(CLError.CL_INVALID_VALUE, false)]
    public void Only_errors_of_memory_say_that_it_ran_out(CLError error, bool isExhaustion)
    {
        Assert.Equal(isExhaustion, DeviceMemory.IsExhaustion(new CLException(error)));
        Assert.False(DeviceMemory.IsExhaustion(new CudaException("CUDA_ERROR_LAUNCH_FAILED")));
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
    public void Temporaries_of_a_step_serve_its_next_operation()
    {
        using var device = IlgpuDevices.OnProcessor();
        Tensor Random(Shape shape) => Tensor.From(Tensor.Normal(shape, new RandomStream(1), device: Device.Cpu).ToArray(), shape, device);
        Tensor x = Random([40, 50]).Transpose(), weight = Random([80]).Slice(0, 0, 80, 2), to = Random([40, 50]).Transpose();
        Tensor means = Random([2, 50]), scales = Random([50]), sum = Random([80]).Slice(0, 0, 80, 2);
        Tensor moments = Random([2, 1, 40]), factors = Random([4, 1, 40]), parameter = Random([50, 40]);
        using (Tape.NoRecord())
        {
            RunAll();
            long? inUse = device.MemoryInUse;
            RunAll();
            RunAll();
            Assert.Equal(inUse, device.MemoryInUse);
        }

        void RunAll()
        {
            device.LayerNorm(x, weight, weight, 1e-5, means, scales, to);
            device.LayerNormGradient(x, weight, means, scales, x, to, sum, sum);
            device.ChannelFactors(moments, moments, 1e-5, weight, weight, factors);
            device.Update(default(SGD.SGDUpdate), parameter, x, null, null, null);
        }
    }

    [Fact]
    public void What_a_device_has_freed_is_made_anew_under_its_name()
    {
        const string name = "freed:0";
        var first = IlgpuDevices.Kept(name, () => IlgpuDevices.OnProcessor());
        Assert.Same(first, IlgpuDevices.Kept(name, () => IlgpuDevices.OnProcessor()));

        first.Dispose();
        first.Dispose();

        using var second = IlgpuDevices.Kept(name, () => IlgpuDevices.OnProcessor());
        Assert.Equal([1f, 1f], Tensor.Ones([2], second).ToArray());
    }

    [Fact]
    public void A_device_that_nobody_refers_to_goes_with_its_tensors()
    {
        MakeDeviceAndForget();
        GC.Collect();

        // An exception of a finalizer would end the process.
        GC.WaitForPendingFinalizers();
    }

    private static void WithAccelerator(Action<Accelerator> test)
    {
        using var context = KernelCompiler.CreateContext(builder => builder.CPU(new CPUDevice(16, 1, 1)));
        using var accelerator = context.CreateCPUAccelerator(0);
        test(accelerator);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void MakeDeviceAndForget() => Assert.Equal([1f, 1f], Tensor.Ones([2], IlgpuDevices.OnProcessor()).ToArray());

    // What it makes is garbage when it returns.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void TakeAndForget(DeviceMemory memory) => memory.Take(1000).View<float>().MemSetToZero();
}
