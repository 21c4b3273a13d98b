using ILGPU.Backends.PTX;
using ILGPU.Runtime.Cuda;
using TinyNet.Core;
using TinyNet.Ilgpu;

namespace TinyNet.Tests.Ilgpu;

/// <summary>What ILGPU makes of jobs for CUDA, which can be read without a GPU.</summary>
internal static class IlgpuPtx
{
    // Ampere and Hopper, each with the first instructions that know it.
    private static readonly (CudaArchitecture Architecture, CudaInstructionSet Instructions)[] Targets =
        [(new(8, 0), new(7, 0)), (new(9, 0), new(7, 8))];

    // The last two are what ILGPU makes of (c ? 1 : 0) as a floating-point number: the bits of the integer.
    private const string BitsOfOne = "0f00000001";
    private static readonly string[] Bad = [".extern .func", ".local", "0d0000000000000001", BitsOfOne];

    /// <summary>Asserts that a job has no faults, and returns its code for the first architecture.</summary>
    public static string AssertClean(Type job)
    {
        Assert.Empty(Faults([job]));
        return KernelCompiler.CompileToPtx(job, Targets[0].Architecture, Targets[0].Instructions);
    }

    /// <summary>
    /// What is wrong with jobs: they do not compile, call what does not exist, or put a thread's own numbers into memory.
    /// </summary>
    public static IReadOnlyList<string> Faults(IReadOnlyCollection<Type> jobs)
    {
        // A context remembers what jobs have in common, and of a job all but the code of one architecture; a failure spoils it.
        var faults = new List<string>();
        var context = KernelCompiler.CreateContext();
        foreach (var job in jobs)
        {
            foreach (var (architecture, instructions) in Targets)
            {
                try
                {
                    using var backend = new PTXBackend(context, architecture, instructions, null!);
                    string ptx = ((PTXCompiledKernel)KernelCompiler.Compile(backend, job)).PTXAssembly;
                    var found = Bad.Where(bad => ptx.Contains(bad, StringComparison.Ordinal) && !IsMeant(bad, job));
                    faults.AddRange(found.Select(bad => $"{architecture}: {job} has {bad}"));
                }
                catch (InvalidOperationException exception)
                {
                    faults.Add($"{architecture}: {exception.Message}");
                    context.Dispose();
                    context = KernelCompiler.CreateContext();
                }
            }
        }

        context.Dispose();
        return faults;
    }

    /// <summary>Whether an operation has the smallest float as a constant of its own.</summary>
    private static bool IsMeant(string bad, Type job) => bad == BitsOfOne && job.GenericTypeArguments.Contains(typeof(ScaleRootMap));
}
