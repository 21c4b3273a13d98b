using System.Reflection;
using System.Runtime.InteropServices;
using ILGPU;

namespace TinyNet.Ilgpu;

/// <summary>The libraries of drivers, which belong to the machine.</summary>
internal static class DriverLibrary
{
    // So ILGPU asks for them; a system that has nothing for developers has them under their versions alone.
    private const string Cuda = "cuda", OpenCl = "OpenCL";

    static DriverLibrary() => Resolve(typeof(Context).Assembly, static (name, _, _) =>
        FileOf(name) is { } file && NativeLibrary.TryLoad(file, out nint handle) ? handle : 0);

    /// <summary>The file of the driver for CUDA on this system.</summary>
    public static string CudaFile => OperatingSystem.IsWindows() ? "nvcuda.dll" : "libcuda.so.1";

    /// <summary>The file by which programs find the drivers of OpenCL on this system.</summary>
    public static string OpenClFile => OperatingSystem.IsWindows() ? "OpenCL.dll"
        : OperatingSystem.IsMacOS() ? "/System/Library/Frameworks/OpenCL.framework/OpenCL" : "libOpenCL.so.1";

    /// <summary>Whether a file is there, and made of what this machine runs. ILGPU finds drivers by their files from then on.</summary>
    public static bool IsThere(string file) => NativeLibrary.TryLoad(file, out _);

    /// <summary>Has the native libraries of an assembly found by a function, unless the program has one of its own for them.</summary>
    public static void Resolve(Assembly assembly, DllImportResolver resolver)
    {
        try
        {
            NativeLibrary.SetDllImportResolver(assembly, resolver);
        }
        catch (InvalidOperationException)
        {
            // An assembly has one for the whole process; who set it before knows where the libraries are.
        }
    }

    private static string? FileOf(string name) =>
        name.Contains(OpenCl, StringComparison.OrdinalIgnoreCase) ? OpenClFile
        : name.Contains(Cuda, StringComparison.OrdinalIgnoreCase) ? CudaFile
        : null;
}
