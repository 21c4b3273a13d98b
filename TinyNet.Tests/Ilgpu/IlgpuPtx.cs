using ILGPU.Runtime.Cuda;
using TinyNet.Ilgpu;

namespace TinyNet.Tests.Ilgpu;

/// <summary>What ILGPU makes of jobs for CUDA, which can be read without a GPU.</summary>
internal static class IlgpuPtx
{
    /// <summary>Asserts that jobs compile without calls of what does not exist and without memory of a thread's own, and returns the code.</summary>
    public static string AssertClean(Type job)
    {
        string newer = KernelCompiler.CompileToPtx(job, new CudaArchitecture(9, 0), new CudaInstructionSet(7, 8));
        string ptx = KernelCompiler.CompileToPtx(job, new CudaArchitecture(8, 0), new CudaInstructionSet(7, 0));
        Assert.All([ptx, newer], code =>
        {
            Assert.DoesNotContain(".extern .func", code, StringComparison.Ordinal);
            Assert.DoesNotContain(".local", code, StringComparison.Ordinal);
        });
        return ptx;
    }
}
