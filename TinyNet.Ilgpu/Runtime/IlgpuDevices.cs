using System.Globalization;
using System.Reflection;
using System.Runtime.InteropServices;
using ILGPU;
using ILGPU.Runtime;
using ILGPU.Runtime.CPU;
using ILGPU.Runtime.Cuda;
using ILGPU.Runtime.OpenCL;

namespace TinyNet.Ilgpu;

/// <summary>The GPUs of the machine, as devices <c>cuda</c>, <c>cuda:1</c>, <c>opencl</c> and so on.</summary>
public static class IlgpuDevices
{
    private const string Cuda = "cuda", OpenCl = "opencl";

    private static readonly Lock Gate = new();
    private static readonly Dictionary<string, IlgpuDevice> Devices = new(StringComparer.OrdinalIgnoreCase);
    private static bool _isRegistered;

    /// <summary>Makes <c>cuda</c> and <c>opencl</c> known to <see cref="Core.Device.Parse"/>. No driver is loaded before one is asked for.</summary>
    public static void Register()
    {
        lock (Gate)
        {
            if (!_isRegistered)
            {
                NativeLibrary.SetDllImportResolver(typeof(Context).Assembly, Resolve);
                Core.Device.Register(Cuda, name => Find(Cuda, name));
                Core.Device.Register(OpenCl, name => Find(OpenCl, name));
                _isRegistered = true;
            }
        }
    }

    /// <summary>
    /// A device on ILGPU's processor accelerator, for tests: it runs kernels as they are written, thread by thread, and proves indices,
    /// barriers and orders. It is slow.
    /// </summary>
    /// <param name="threadsPerWarp">The threads of a warp.</param>
    /// <param name="warps">The largest number of warps in a group.</param>
    internal static IlgpuDevice OnProcessor(int threadsPerWarp = 16, int warps = 1)
    {
        var context = KernelCompiler.CreateContext(builder => builder.CPU(new CPUDevice(threadsPerWarp, warps, 1)));
        return new IlgpuDevice("ilgpu", context, context.CreateCPUAccelerator(0));
    }

    /// <summary>The device of a name such as <c>cuda</c> or <c>opencl:1</c>, made at its first use and kept.</summary>
    private static IlgpuDevice Find(string kind, string name)
    {
        string place = name.Length == kind.Length ? "0" : name[(kind.Length + 1)..];
        if (!int.TryParse(place, NumberStyles.None, CultureInfo.InvariantCulture, out int number))
        {
            throw new ArgumentException($"no device '{name}': after '{kind}:' stands a number, as in {kind}:0", nameof(name));
        }

        lock (Gate)
        {
            string full = $"{kind}:{number}";
            if (!Devices.TryGetValue(full, out var device))
            {
                Devices[full] = device = Create(kind, full, number);
            }

            return device;
        }
    }

    private static IlgpuDevice Create(string kind, string name, int number)
    {
        var context = KernelCompiler.CreateContext(builder =>
        {
            if (kind == Cuda)
            {
                builder.Cuda();
            }
            else
            {
                builder.OpenCL(IsUsable);
            }
        });
        int count = context.Devices.Length;
        if (number < count)
        {
            return new IlgpuDevice(name, context, context.Devices[number].CreateAccelerator(context));
        }

        context.Dispose();
        throw new ArgumentException($"no device '{name}': {(count == 0 ? Missing(kind) : $"there are {count} of kind '{kind}'")}", nameof(name));
    }

    /// <summary>What a GPU must have: double precision for totals, and pointers that work for any memory, as ILGPU's code wants them.</summary>
    private static bool IsUsable(CLDevice device) => device.Capabilities.Float64 && device.Capabilities.GenericAddressSpace;

    // TODO by who lists devices
    private static string Missing(string kind) => kind;

    /// <summary>Finds OpenCL by the name that a system has it under when nothing for developers is installed.</summary>
    private static nint Resolve(string library, Assembly assembly, DllImportSearchPath? path) =>
        library.Contains("OpenCL", StringComparison.OrdinalIgnoreCase) && NativeLibrary.TryLoad("libOpenCL.so.1", out nint handle) ? handle : 0;
}
