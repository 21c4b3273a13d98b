using ILGPU;
using ILGPU.Runtime;

namespace TinyNet.Ilgpu;

/// <summary>The compiled jobs of a device.</summary>
internal sealed class KernelCache(Accelerator accelerator)
{
    private static int _jobs;

    private Delegate?[] _launchers = new Delegate?[64];

    /// <summary>Puts a job into the queue, compiled at its first time.</summary>
    public void Launch<TJob>(in TJob job, in KernelConfig config) where TJob : struct, IGpuJob
    {
        int number = Number<TJob>.Value;
        if (number >= _launchers.Length)
        {
            Array.Resize(ref _launchers, Math.Max(number + 1, 2 * _launchers.Length));
        }

        var launcher = _launchers[number] ??= accelerator.LoadKernel(KernelCompiler.Compile<TJob>(accelerator))
            .CreateLauncherDelegate<Action<AcceleratorStream, KernelConfig, TJob>>();
        ((Action<AcceleratorStream, KernelConfig, TJob>)launcher)(accelerator.DefaultStream, config, job);
    }

    /// <summary>The number of a kind of job, by which every device finds what it has compiled of it.</summary>
    private static class Number<TJob>
    {
        public static readonly int Value = Interlocked.Increment(ref _jobs) - 1;
    }
}
