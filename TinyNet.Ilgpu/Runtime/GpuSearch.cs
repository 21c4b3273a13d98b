using System.Globalization;
using ILGPU;
using ILGPU.Runtime.Cuda;
using ILGPU.Runtime.OpenCL;
using TinyNet.Core;

namespace TinyNet.Ilgpu;

/// <summary>
/// A look at the machine for GPUs of a kind: those that are there, and where there is none, the one thing that is missing.
/// </summary>
internal sealed class GpuSearch : IDisposable
{
    public const string Cuda = "cuda", OpenCl = "opencl";

    private readonly string _kind;
    private readonly List<(string Name, string Lack)> _unusable = [];

    /// <summary>Looks for the GPUs of a kind. Without the driver's library nothing is asked.</summary>
    public GpuSearch(string kind)
    {
        _kind = kind;
        HasDriver = DriverLibrary.IsThere(kind == Cuda ? DriverLibrary.CudaFile : DriverLibrary.OpenClFile);
        Context = KernelCompiler.CreateContext(builder =>
        {
            if (HasDriver && kind == Cuda)
            {
                builder.Cuda();
            }
            else if (HasDriver)
            {
                builder.OpenCL(IsUsable);
            }
        });
        Found = [.. Context.Devices.Where(device => device is CudaDevice or CLDevice)];
    }

    /// <summary>The context of all of them; it goes with this, unless a device has taken it.</summary>
    public Context Context { get; }

    /// <summary>The GPUs that can be used, in the order of their numbers.</summary>
    public IReadOnlyList<ILGPU.Runtime.Device> Found { get; }

    private bool HasDriver { get; }

    /// <summary>The one thing that is missing where no GPU of the kind can be used, with what to do about it.</summary>
    public string Missing => (_kind, HasDriver) switch
    {
        (Cuda, false) => $"no library {DriverLibrary.CudaFile}: install the driver of NVIDIA",
        (Cuda, true) => "the driver of NVIDIA is there, but shows no card: nvidia-smi says what is wrong",
        (_, false) => $"no library {DriverLibrary.OpenClFile}: install OpenCL "
            + "(on Debian and Ubuntu ocl-icd-libopencl1) and a driver for it",
        _ when _unusable.Count > 0 => string.Join("; ", _unusable.Select(device => $"{device.Name} {device.Lack}")),
        _ => "OpenCL is there, but no device: install the driver of the card for OpenCL, "
            + "or pocl-opencl-icd, which computes on the processor",
    };

    /// <summary>A line for each GPU, or one that says what is missing.</summary>
    public static IReadOnlyList<DeviceDescription> List(string kind)
    {
        using var search = new GpuSearch(kind);
        return search.Found.Count == 0
            ? [new(kind, search.Missing, IsThere: false)]
            :
            [
                .. search.Found.Select((device, number) => new DeviceDescription($"{kind}:{number}", Describe(device))),
                .. search._unusable.Select(device => new DeviceDescription(kind, $"{device.Name} {device.Lack}", IsThere: false)),
            ];
    }

    public void Dispose() => Context.Dispose();

    /// <summary>
    /// What a GPU must have: double precision for totals, and pointers that work for any memory, as ILGPU's code wants them.
    /// </summary>
    private bool IsUsable(CLDevice device)
    {
        string? lack = !device.Capabilities.Float64 ? "has no double precision, which totals are computed in"
            : !device.Capabilities.GenericAddressSpace ? "has no generic address space (OpenCL 2.0 and later): a newer driver may have it"
            : null;
        if (lack is not null)
        {
            _unusable.Add((device.Name, lack));
        }

        return lack is null;
    }

    private static string Describe(ILGPU.Runtime.Device device)
    {
        string memory = string.Create(CultureInfo.InvariantCulture, $"{device.Name}, {device.MemorySize / (double)(1 << 30):F1} GB");
        return device switch
        {
            CudaDevice { Architecture: { } architecture } cuda =>
                $"{memory}, compute capability {architecture.Major}.{architecture.Minor}, CUDA {cuda.DriverVersion}",
            CLDevice cl => $"{memory}, OpenCL {cl.DeviceVersion}, {cl.PlatformName}",
            _ => memory,
        };
    }
}
