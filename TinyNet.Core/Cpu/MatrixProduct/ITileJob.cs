using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace TinyNet.Core;

/// <summary>Work of <see cref="IJob"/> that is written once over the vectors of register tiles, and lanes of the same width.</summary>
internal interface ITileJob
{
    /// <summary>Does one unit.</summary>
    void Run<TOps, TVector, TLane>(int unit)
        where TOps : struct, IProductVector<TVector>
        where TVector : struct
        where TLane : struct, IVectorLane<TLane>;
}

/// <summary>Runs a job, where it lies, on vectors of a width.</summary>
internal readonly unsafe struct TileJob<TJob>(void* job, int laneBits) : IJob where TJob : struct, ITileJob
{
    public void Run(int unit)
    {
        ref var work = ref Unsafe.AsRef<TJob>(job);
        switch (laneBits)
        {
            case 512:
                work.Run<ProductVector512, Vector512<float>, Lane512>(unit);
                break;
            case 256:
                work.Run<ProductVector256, Vector256<float>, Lane256>(unit);
                break;
            case 128:
                work.Run<ProductVector128, Vector128<float>, Lane128>(unit);
                break;
            default:
                work.Run<ProductScalar, float, ScalarLane>(unit);
                break;
        }
    }
}
