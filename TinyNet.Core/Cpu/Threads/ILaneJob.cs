using System.Runtime.CompilerServices;

namespace TinyNet.Core;

/// <summary>Work of <see cref="IJob"/> that is written once over the lane type.</summary>
internal interface ILaneJob
{
    /// <summary>Does one unit.</summary>
    void Run<TLane>(int unit) where TLane : struct, IVectorLane<TLane>;
}

/// <summary>Runs a job, where it lies, on lanes of a width.</summary>
internal readonly unsafe struct LaneJob<TJob>(void* job, int laneBits) : IJob where TJob : struct, ILaneJob
{
    public void Run(int unit)
    {
        ref var work = ref Unsafe.AsRef<TJob>(job);
        switch (laneBits)
        {
            case 512:
                work.Run<Lane512>(unit);
                break;
            case 256:
                work.Run<Lane256>(unit);
                break;
            case 128:
                work.Run<Lane128>(unit);
                break;
            default:
                work.Run<ScalarLane>(unit);
                break;
        }
    }
}
