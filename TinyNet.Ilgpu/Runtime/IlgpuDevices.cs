using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using ILGPU.Runtime;
using ILGPU.Runtime.CPU;

namespace TinyNet.Ilgpu;

/// <summary>The GPUs of the machine, as devices <c>cuda</c>, <c>cuda:1</c>, <c>opencl</c> and so on.</summary>
/// <remarks>
/// What is promised is one GPU a process: each name is a device of its own, whose tensors do not mix with those of another.
/// </remarks>
public static class IlgpuDevices
{
    private const string WhyUntrimmed = "ILGPU compiles kernels from IL while the program runs; publish it untrimmed, for the JIT";

    private static readonly Lock Gate = new();
    private static readonly Dictionary<string, IlgpuDevice> Devices = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>
    /// Makes <c>cuda</c> and <c>opencl</c> known to <see cref="Core.Device.Parse"/>. No driver is loaded before one is asked for.
    /// </summary>
    [RequiresUnreferencedCode(WhyUntrimmed)]
    [RequiresDynamicCode(WhyUntrimmed)]
    public static void Register()
    {
        foreach (string kind in new[] { GpuSearch.Cuda, GpuSearch.OpenCl })
        {
            Core.Device.Register(kind, name => Find(kind, name), () => GpuSearch.List(kind));
        }
    }

    /// <summary>
    /// A device on ILGPU's processor accelerator, for tests: it runs kernels as they are written, thread by thread, and proves indices,
    /// barriers and orders. It is slow.
    /// </summary>
    /// <param name="threadsPerWarp">The threads of a warp.</param>
    /// <param name="warps">The largest number of warps in a group.</param>
    /// <param name="mostMemory">The bytes of memory that it has.</param>
    internal static IlgpuDevice OnProcessor(int threadsPerWarp = 16, int warps = 1, long mostMemory = long.MaxValue)
    {
        var context = KernelCompiler.CreateContext(builder => builder.CPU(new CPUDevice(threadsPerWarp, warps, 1)));
        return new IlgpuDevice("ilgpu", context, context.CreateCPUAccelerator(0), mostMemory);
    }

    /// <summary>The device of a name such as <c>cuda</c> or <c>opencl:1</c>.</summary>
    private static IlgpuDevice Find(string kind, string name)
    {
        string place = name.Length == kind.Length ? "0" : name[(kind.Length + 1)..];
        if (!int.TryParse(place, NumberStyles.None, CultureInfo.InvariantCulture, out int number))
        {
            throw new ArgumentException($"no device '{name}': after '{kind}:' stands a number, as in {kind}:0", nameof(name));
        }

        string full = $"{kind}:{number}";
        return Kept(full, () => Create(kind, full, number));
    }

    /// <summary>The device of a name, made at its first use, and anew where somebody has disposed of it.</summary>
    internal static IlgpuDevice Kept(string name, Func<IlgpuDevice> create)
    {
        lock (Gate)
        {
            if (!Devices.TryGetValue(name, out var device) || device.IsDisposed)
            {
                // Not the old one, where no new one can be made.
                Devices.Remove(name);
                Devices[name] = device = create();
            }

            return device;
        }
    }

    private static IlgpuDevice Create(string kind, string name, int number)
    {
        var search = new GpuSearch(kind);
        string problem = search.Missing;
        if (number < search.Found.Count)
        {
            try
            {
                return new IlgpuDevice(name, search.Context, search.Found[number].CreateAccelerator(search.Context));
            }
            catch (AcceleratorException exception)
            {
                problem = $"its driver refuses it: {exception.Message}";
            }
        }
        else if (search.Found.Count > 0)
        {
            problem = $"the last one of kind '{kind}' is {kind}:{search.Found.Count - 1}";
        }

        search.Dispose();
        throw new ArgumentException($"no device '{name}': {problem}", nameof(name));
    }
}
