using TinyNet.Core;
using TinyNet.Ilgpu;

namespace TinyNet.Bench;

/// <summary>The devices that commands can be given beside those of Core.</summary>
internal static class Gpus
{
    // ILGPU's processor accelerator: what proves kernels where there is no GPU.
    private const string OnProcessor = "ilgpu";

    private static readonly Lazy<IlgpuDevice> Processor = new(() => IlgpuDevices.OnProcessor());

    /// <summary>Makes them known to <see cref="Device.Parse"/>.</summary>
    public static void Register()
    {
        IlgpuDevices.Register();
        Device.Register(
            OnProcessor, _ => Processor.Value,
            () => [new(OnProcessor, "the kernels of GPUs, thread by thread on the processor, for checks: very slow")]);
    }
}
