using System.Runtime.CompilerServices;

namespace TinyNet.Core;

/// <summary>An element-wise loop, cut into blocks; operands that are not dense pass through small dense chunks.</summary>
internal unsafe struct MapJob<TKernel>(
    TKernel kernel, StridedReader a, StridedReader b, StridedReader c, StridedReader destination, int length, int laneBits)
    : IJob, IVectorJob
    where TKernel : struct, IMapKernel
{
    /// <summary>Elements that are gathered at a time from an operand that is not dense; they stay in the first-level cache.</summary>
    private const int ChunkLength = 1024;

    private readonly bool _isDense =
        a.IsDense && (TKernel.Inputs < 2 || b.IsDense) && (TKernel.Inputs < 3 || c.IsDense) && destination.IsDense;

    public void Run(int unit) => VectorWidth.Run(ref this, unit, laneBits);

    // Inlined: of the smallest tensors the time is that of the calls.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly void Run<TOps, TVector, TLane>(int unit)
        where TOps : struct, IProductVector<TVector>
        where TVector : struct
        where TLane : struct, IFloatLane<TLane>
    {
        int start = unit * CpuMaps.BlockLength, end = Math.Min(start + CpuMaps.BlockLength, length);
        if (_isDense)
        {
            kernel.Run<TLane>(a.Dense + start, b.Dense + start, c.Dense + start, destination.Dense + start, end - start);
        }
        else
        {
            RunChunks<TLane>(start, end);
        }
    }

    private readonly void RunChunks<TLane>(int start, int end) where TLane : struct, IVectorLane<TLane>
    {
        float* chunks = stackalloc float[4 * ChunkLength];
        for (int at = start; at < end; at += ChunkLength)
        {
            int count = Math.Min(ChunkLength, end - at);
            float* x = Take(a, at, count, chunks);
            float* y = TKernel.Inputs > 1 ? Take(b, at, count, chunks + ChunkLength) : null;
            float* z = TKernel.Inputs > 2 ? Take(c, at, count, chunks + 2 * ChunkLength) : null;
            float* result = destination.IsDense ? destination.Dense + at : chunks + 3 * ChunkLength;
            kernel.Run<TLane>(x, y, z, result, count);
            if (!destination.IsDense)
            {
                destination.Scatter(at, count, result);
            }
        }
    }

    private static float* Take(in StridedReader operand, int start, int count, float* chunk)
    {
        if (operand.IsDense)
        {
            return operand.Dense + start;
        }

        operand.Gather(start, count, chunk);
        return chunk;
    }
}
