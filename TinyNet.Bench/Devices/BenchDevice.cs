using TinyNet.Core;

namespace TinyNet.Bench;

/// <summary>A device that is measured, or what stands in its place.</summary>
/// <param name="Name">What it is called in results: the same in all of them.</param>
/// <param name="Device">The device.</param>
internal sealed record BenchDevice(string Name, Device Device)
{
    /// <summary>A device under its own name; the processor with a number of threads.</summary>
    public static BenchDevice Of(Device device, int threads) =>
        new(device.Name, device is CpuDevice ? new CpuDevice(threads) : device);

    /// <summary>The processor with some number of threads, called by that.</summary>
    public static BenchDevice Processor(int threads) =>
        new($"cpu, {threads} thread{(threads == 1 ? "" : "s")}", new CpuDevice(threads));

    /// <summary>Makes something whose tensors lie on this device by default, as those of modules do.</summary>
    public T Make<T>(Func<T> make)
    {
        var before = Core.Device.Default;
        Core.Device.Default = Device;
        try
        {
            return make();
        }
        finally
        {
            Core.Device.Default = before;
        }
    }
}
