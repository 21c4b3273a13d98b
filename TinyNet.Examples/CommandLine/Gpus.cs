#if GPU
using System.Diagnostics.CodeAnalysis;
using TinyNet.Ilgpu;
#else
using TinyNet.Core;
#endif

namespace TinyNet.Examples;

/// <summary>The GPUs as devices, in a build that has them: its project file decides.</summary>
internal static class Gpus
{
#if GPU
    /// <summary>Makes <c>cuda</c> and <c>opencl</c> known.</summary>
    [UnconditionalSuppressMessage("Trimming", "IL2026", Justification = "a trimmed build is none with GPUs")]
    [UnconditionalSuppressMessage("AOT", "IL3050", Justification = "a build of machine code is none with GPUs")]
    public static void Register() => IlgpuDevices.Register();
#else
    private const string Missing = "this build has no GPU support, as it is trimmed or machine code; "
        + "publish it with -p:PublishTrimmed=false, as docs/gpu.md says, or run it by dotnet run";

    /// <summary>Makes <c>cuda</c> and <c>opencl</c> known as what this build has not.</summary>
    public static void Register()
    {
        foreach (string kind in new[] { "cuda", "opencl" })
        {
            Device.Register(
                kind,
                name => throw new ArgumentException($"no device '{name}': {Missing}", nameof(name)),
                () => [new(kind, Missing, IsThere: false)]);
        }
    }
#endif
}
