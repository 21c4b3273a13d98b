using System.Runtime.CompilerServices;

namespace TinyNet.Core;

/// <summary>
/// What kernels are told of the device that they run on: its threads, the width of its registers, and from what size on threads pay.
/// </summary>
/// <param name="threads">The number of threads, the caller's included.</param>
/// <param name="laneBits">The width of the registers in bits.</param>
/// <param name="elementThreshold">From how many elements on threads share an element-wise loop.</param>
/// <param name="productThreshold">From how many multiply-adds on threads share a product.</param>
internal sealed class CpuSettings(int threads, int laneBits, int elementThreshold, long productThreshold)
{
    public int Threads { get; } = threads;

    public int LaneBits { get; } = laneBits;

    /// <summary>Floats in a register.</summary>
    public int LaneLength => LaneBits / 32;

    public long ProductThreshold { get; } = productThreshold;

    /// <summary>The threads for work that is as much as an element-wise loop over so many elements.</summary>
    public int ThreadsFor(long elements) => elements >= elementThreshold ? Threads : 1;

    /// <summary>The threads for so many multiply-adds.</summary>
    public int ThreadsForProducts(double multiplyAdds) => Threads > 1 && WorkSplitter.Pays(multiplyAdds, ProductThreshold) ? Threads : 1;

    /// <summary>Runs all units of a job on the device's lanes.</summary>
    public void RunLanes<TJob>(int units, in TJob job, int threads) where TJob : struct, ILaneJob
    {
        var ofWidth = new LaneJob<TJob>(job, LaneBits);
        WorkSplitter.Run(units, ofWidth, threads);
    }

    /// <summary>Runs all units of a job on the device's vectors.</summary>
    public void RunVectors<TJob>(int units, in TJob job, int threads) where TJob : struct, IVectorJob
    {
        var ofWidth = new VectorJob<TJob>(job, LaneBits);
        WorkSplitter.Run(units, ofWidth, threads);
    }
}

/// <summary>Runs a job on vectors of a width.</summary>
internal struct VectorJob<TJob>(TJob job, int laneBits) : IJob where TJob : struct, IVectorJob
{
    private TJob _job = job;

    public void Run(int unit) => VectorWidth.Run(ref _job, unit, laneBits);
}

/// <summary>Runs a job on lanes of a width.</summary>
internal struct LaneJob<TJob>(TJob job, int laneBits) : IJob where TJob : struct, ILaneJob
{
    private OnLanes _job = new(job);

    public void Run(int unit) => VectorWidth.Run(ref _job, unit, laneBits);

    private struct OnLanes(TJob job) : IVectorJob
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Run<TOps, TVector, TLane>(int unit)
            where TOps : struct, IProductVector<TVector>
            where TVector : struct
            where TLane : struct, IFloatLane<TLane> =>
            job.Run<TLane>(unit);
    }
}
