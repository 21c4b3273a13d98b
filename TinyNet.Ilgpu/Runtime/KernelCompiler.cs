using System.Reflection;
using ILGPU;
using ILGPU.Backends;
using ILGPU.Backends.EntryPoints;
using ILGPU.Backends.OpenCL;
using ILGPU.Backends.PTX;
using ILGPU.Runtime;
using ILGPU.Runtime.CPU;
using ILGPU.Runtime.Cuda;
using ILGPU.Runtime.OpenCL;

namespace TinyNet.Ilgpu;

/// <summary>
/// Compiles jobs. Each has a context of its own, which goes with it: in ILGPU a compilation that fails leaves its context unable to
/// compile anything else.
/// </summary>
// By reflection, as ILGPU wants the methods of kernels.
#pragma warning disable RS0030
internal static class KernelCompiler
{
    private static readonly MethodInfo Entry = typeof(GpuEntry).GetMethod(nameof(GpuEntry.Run))!;

    /// <summary>
    /// A context as all kernels need it. O1: at O2 ILGPU marks branches as uniform on which threads of a warp part, which is undefined.
    /// </summary>
    public static Context CreateContext(Action<Context.Builder>? configure = null)
    {
        var context = Context.Create(builder =>
        {
            builder.Optimize(OptimizationLevel.O1);
            configure?.Invoke(builder);
        });
        GpuIntrinsics.Register(context);
        return context;
    }

    /// <summary>A job compiled for an accelerator.</summary>
    /// <exception cref="InvalidOperationException">ILGPU cannot compile it.</exception>
    public static CompiledKernel Compile<TJob>(Accelerator accelerator) where TJob : struct, IGpuJob
    {
        using var context = CreateContext(builder => _ = accelerator.Device is CPUDevice processor ? builder.CPU(processor) : builder);
        switch (accelerator)
        {
            case CudaAccelerator cuda:
                using (var backend = new PTXBackend(
                    context, cuda.Capabilities, cuda.Architecture, cuda.InstructionSet, cuda.Backend.NvvmAPI))
                {
                    return Compile(backend, typeof(TJob));
                }

            case CLAccelerator cl:
                using (var backend = new CLBackend(context, cl.Capabilities, cl.Vendor, cl.CLStdVersion))
                {
                    return Compile(backend, typeof(TJob));
                }

            default:
                using (var processor = context.CreateCPUAccelerator(0))
                {
                    return Compile(processor.GetBackend(), typeof(TJob));
                }
        }
    }

    /// <summary>The PTX of a job, which needs no GPU.</summary>
    public static string CompileToPtx(Type job, CudaArchitecture architecture, CudaInstructionSet instructions)
    {
        using var context = CreateContext();
        using var backend = new PTXBackend(context, architecture, instructions, null!);
        return ((PTXCompiledKernel)Compile(backend, job)).PTXAssembly;
    }

    /// <summary>A job compiled by a backend, whose context is spoiled where that fails.</summary>
    internal static CompiledKernel Compile(Backend backend, Type job)
    {
        try
        {
            return backend.Compile(
                EntryPointDescription.FromExplicitlyGroupedKernel(Entry.MakeGenericMethod(job)), KernelSpecialization.Empty);
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            throw new InvalidOperationException(
                $"the GPU kernel {job} does not compile: {exception.GetBaseException().Message}", exception);
        }
    }
}
#pragma warning restore RS0030
