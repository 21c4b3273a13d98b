using System.Numerics.Tensors;

namespace TinyNet.Core;

/// <summary>Attention: a unit is a block of queries of a (batch, head).</summary>
internal unsafe struct AttentionJob(AttentionBlocks blocks, BatchedMatrix destination, float* logSumExp) : IVectorJob
{
    public readonly void Run<TOps, TVector, TLane>(int unit)
        where TOps : struct, IProductVector<TVector>
        where TVector : struct
        where TLane : struct, IFloatLane<TLane>
    {
        (int matrix, int block) = Math.DivRem(unit, blocks.QueryBlocks);
        int width = blocks.Width, query = block * width, count = Math.Min(width, blocks.Queries - query);
        int keys = blocks.VisibleKeys(query + count);
        float* packed = AttentionScratch.Rent(((long)blocks.Depth + blocks.Keys + 2) * width), scores = packed + blocks.Depth * width;
        float* sums = scores + blocks.Keys * width, totals = sums + width;
        var to = destination.At(matrix, query);
        if (keys == 0)
        {
            new Span<float>(totals, count).Fill(float.NegativeInfinity);
            Clear(to, count, blocks.Features);
        }
        else
        {
            blocks.Scores<TOps, TVector, TLane>(matrix, query, count, keys, packed, scores);
            AttentionSoftmax.Exponentials<TLane>(scores, keys, width, sums, totals);
            var weights = new MatrixOperand(scores, 1, width);
            AttentionBlocks.Multiply<TOps, TVector>(
                weights, blocks.Value.At(matrix, 0), to.Pointer, to.RowStride, count, blocks.Features, keys, accumulate: false);
            for (int i = 0; i < count; i++)
            {
                var row = new Span<float>(to.Pointer + i * to.RowStride, blocks.Features);
                TensorPrimitives.Multiply(row, 1 / sums[i], row);
            }
        }

        if (logSumExp != null)
        {
            float* target = logSumExp + (nint)matrix * blocks.Queries + query;
            new ReadOnlySpan<float>(totals, count).CopyTo(new Span<float>(target, count));
        }
    }

    /// <summary>Zeros in rows whose elements are dense.</summary>
    public static void Clear(in MatrixOperand rows, int count, int columns)
    {
        for (int i = 0; i < count; i++)
        {
            new Span<float>(rows.Pointer + i * rows.RowStride, columns).Clear();
        }
    }
}

/// <summary>Memory of a thread for a block of scores; apart from that of the products, which are computed meanwhile.</summary>
internal static unsafe class AttentionScratch
{
    [ThreadStatic] private static ScratchBuffer _buffer;

    /// <summary>At least <paramref name="length"/> floats of any content, good until the thread's next call.</summary>
    public static float* Rent(long length) => _buffer.Rent(length);
}
