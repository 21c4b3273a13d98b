using System.Runtime.InteropServices;
using ILGPU;
using ILGPU.Runtime.Cuda;
using ILGPU.Runtime.Cuda.API;

namespace TinyNet.Ilgpu;

/// <summary>
/// NVIDIA's library of matrix products, where it is installed: in float32, without tensor cores, and without atomics, so that results have
/// the same bits each time.
/// </summary>
internal sealed class Cublas : IDisposable
{
    // What ILGPU knows of versions; a newer library has the same functions.
    private const string Known = "cublas64_12", KnownOnLinux = "libcublas.so.12";

    private readonly CuBlas _library;

    static Cublas() => DriverLibrary.Resolve(typeof(CuBlas).Assembly, static (name, assembly, path) =>
    {
        foreach (string file in FilesOf(name))
        {
            if (NativeLibrary.TryLoad(file, assembly, path, out nint library))
            {
                return library;
            }
        }

        return 0;
    });

    private Cublas(CudaAccelerator accelerator) => _library = new CuBlas(accelerator, CuBlasAPIVersion.V12)
    {
        Stream = (CudaStream)accelerator.DefaultStream,
        MathMode = CuBlasMathMode.DefaultMath,
        AtomicsMode = CuBlasAtomicsMode.NotAllowed,
    };

    /// <summary>The library for a GPU; null where it is not installed or does not run.</summary>
    public static Cublas? TryOpen(ILGPU.Runtime.Accelerator accelerator)
    {
        if (accelerator is not CudaAccelerator cuda)
        {
            return null;
        }

        try
        {
            return new Cublas(cuda);
        }
        catch (Exception exception) when (
            exception is DllNotFoundException or EntryPointNotFoundException or BadImageFormatException or CuBlasException)
        {
            return null;
        }
    }

    /// <summary>Puts a product into the queue.</summary>
    public void Multiply(in CublasCall call, in Place batch)
    {
        // Its matrices are stored by columns: Cᵀ = Bᵀ Aᵀ.
        _library.Gemm(
            OperationOf(call.IsBTransposed), OperationOf(call.IsATransposed), call.Columns, call.Lines, call.Depth, 1f,
            From(call.B.Values, call.B.AtBatch.IndexOf(batch)), call.BStride,
            From(call.A.Values, call.A.AtBatch.IndexOf(batch) + call.A.AtLine.Offset), call.AStride,
            call.Accumulate ? 1f : 0f,
            From(call.C.Values, call.C.AtBatch.IndexOf(batch) + call.C.AtLine.Offset), call.CStride);
    }

    public void Dispose() => _library.Dispose();

    /// <summary>Where a library may be that ILGPU asks for by its name.</summary>
    internal static IEnumerable<string> FilesOf(string name) =>
        name.StartsWith(Known, StringComparison.OrdinalIgnoreCase) ? ["cublas64_13.dll", "cublas64_12.dll"]
        : name.StartsWith(KnownOnLinux, StringComparison.Ordinal) ? ["libcublas.so.13", "libcublas.so.12"]
        : [name];

    private static CuBlasOperation OperationOf(bool isTransposed) =>
        isTransposed ? CuBlasOperation.Transpose : CuBlasOperation.NonTranspose;

    private static ArrayView<float> From(ArrayView<float> values, int start) => values.SubView(start, values.Length - start);
}
