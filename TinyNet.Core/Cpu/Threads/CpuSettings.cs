using System.Runtime.CompilerServices;

namespace TinyNet.Core;

/// <summary>
/// What kernels are told of the device that they run on: its threads, the width of its registers, and from what size on threads pay.
/// </summary>
/// <param name="threads">The number of threads, the caller's included.</param>
/// <param name="laneBits">The width of the registers in bits.</param>
/// <param name="elementThreshold">From how many elements on threads share an element-wise loop.</param>
/// <param name="productThreshold">From how many multiply-adds on threads share a product.</param>
internal sealed unsafe class CpuSettings(int threads, int laneBits, int elementThreshold, long productThreshold)
{
    public int Threads { get; } = threads;

    public int LaneBits { get; } = laneBits;

    /// <summary>Floats in a register.</summary>
    public int LaneLength => LaneBits / 32;

    public long ProductThreshold { get; } = productThreshold;

    /// <summary>The threads for work that is as much as an element-wise loop over so many elements.</summary>
    public int ThreadsFor(long elements) => elements >= elementThreshold ? Threads : 1;

    /// <summary>The threads for so many multiply-adds.</summary>
    public int ThreadsForProducts(double multiplyAdds) => multiplyAdds >= ProductThreshold ? Threads : 1;

    /// <summary>Runs all units of a job on the device's lanes.</summary>
    public void RunLanes<TJob>(int units, in TJob job, int threads) where TJob : struct, ILaneJob
    {
        fixed (byte* address = &Unsafe.As<TJob, byte>(ref Unsafe.AsRef(in job)))
        {
            var ofWidth = new LaneJob<TJob>(address, LaneBits);
            WorkSplitter.Run(units, ref ofWidth, threads);
        }
    }

    /// <summary>Runs all units of a job on the device's vectors.</summary>
    public void RunVectors<TJob>(int units, in TJob job, int threads) where TJob : struct, IVectorJob
    {
        fixed (byte* address = &Unsafe.As<TJob, byte>(ref Unsafe.AsRef(in job)))
        {
            var ofWidth = new VectorJob<TJob>(address, LaneBits);
            WorkSplitter.Run(units, ref ofWidth, threads);
        }
    }
}

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
