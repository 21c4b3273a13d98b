using TinyNet.Ilgpu;

namespace TinyNet.Tests.Ilgpu;

/// <summary>The device that GPU tests compute on where there is no GPU: ILGPU's processor accelerator, one for all of them.</summary>
internal static class IlgpuTestDevice
{
    /// <summary>The device. A launch takes about 2 ms: cases are few and small.</summary>
    public static IlgpuDevice Instance { get; } = IlgpuDevices.OnProcessor();
}
