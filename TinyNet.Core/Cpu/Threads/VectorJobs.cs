using System.Runtime.CompilerServices;

namespace TinyNet.Core;

/// <summary>Runs a job, where it lies, on vectors of a width.</summary>
internal readonly unsafe struct VectorJob<TJob>(void* job, int laneBits) : IJob where TJob : struct, IVectorJob
{
    public void Run(int unit) => VectorWidth.Run(ref Unsafe.AsRef<TJob>(job), unit, laneBits);
}

/// <summary>Runs a job, where it lies, on lanes of a width.</summary>
internal readonly unsafe struct LaneJob<TJob>(void* job, int laneBits) : IJob where TJob : struct, ILaneJob
{
    public void Run(int unit)
    {
        var onLanes = new OnLanes(job);
        VectorWidth.Run(ref onLanes, unit, laneBits);
    }

    private readonly struct OnLanes(void* job) : IVectorJob
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Run<TOps, TVector, TLane>(int unit)
            where TOps : struct, IProductVector<TVector>
            where TVector : struct
            where TLane : struct, IFloatLane<TLane> =>
            Unsafe.AsRef<TJob>(job).Run<TLane>(unit);
    }
}
