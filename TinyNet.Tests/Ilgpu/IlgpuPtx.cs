using ILGPU;
using ILGPU.Backends.PTX;
using ILGPU.Runtime.Cuda;
using TinyNet.Ilgpu;

namespace TinyNet.Tests.Ilgpu;

/// <summary>What ILGPU makes of jobs for an architecture of CUDA, which can be read without a GPU.</summary>
internal sealed class IlgpuPtx(int major, int minor, CudaInstructionSet instructions)
{
    private readonly CudaArchitecture _architecture = new(major, minor);
    private readonly Lock _lock = new();
    private Context? _context;

    /// <summary>Ampere and Hopper, each with the first instructions that know it.</summary>
    public static IReadOnlyList<IlgpuPtx> Architectures { get; } = [new(8, 0, new(7, 0)), new(9, 0, new(7, 8))];

    /// <summary>Asserts that a job has no faults for any architecture, and returns the code for the first.</summary>
    public static string AssertClean(Type job)
    {
        Assert.Empty(Architectures.SelectMany(one => one.Faults(job)));
        return Architectures[0].Compile(job);
    }

    /// <summary>What is wrong with a job: it does not compile, calls what does not exist, or puts a thread's own numbers into memory.</summary>
    public IEnumerable<string> Faults(Type job)
    {
        string ptx;
        try
        {
            ptx = Compile(job);
        }
        catch (InvalidOperationException exception)
        {
            return [$"{this}: {exception.Message}"];
        }

        return new[] { ".extern .func", ".local" }.Where(ptx.Contains).Select(found => $"{this}: {job} has {found}");
    }

    public override string ToString() => $"{_architecture}";

    private string Compile(Type job)
    {
        lock (_lock)
        {
            // One context for all, as it remembers what jobs have in common; a failure spoils it.
            _context ??= KernelCompiler.CreateContext();
            try
            {
                using var backend = new PTXBackend(_context, _architecture, instructions, null!);
                return ((PTXCompiledKernel)KernelCompiler.Compile(backend, job)).PTXAssembly;
            }
            catch (InvalidOperationException)
            {
                _context = null;
                throw;
            }
        }
    }
}
