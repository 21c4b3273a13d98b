using System.Numerics.Tensors;

namespace TinyNet.Core;

/// <summary>Attention: a unit is a block of queries of a (batch, head).</summary>
internal unsafe struct AttentionJob(AttentionBlocks blocks, BatchedMatrix destination, float* logSumExp) : IJob
{
    public readonly void Run(int unit)
    {
        (int matrix, int block) = Math.DivRem(unit, blocks.BlockCount);
        int width = blocks.Width, query = block * width, count = Math.Min(width, blocks.Queries - query), keys = blocks.VisibleKeys(query + count);
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
            blocks.Scores(matrix, query, count, keys, packed, scores);
            AttentionSoftmax.Exponentials(scores, keys, width, sums, totals, blocks.LaneBits);
            blocks.Multiply(new MatrixOperand(scores, 1, width), blocks.Value.At(matrix, 0), to.Pointer, to.RowStride, count, blocks.Features, keys, accumulate: false);
            for (int i = 0; i < count; i++)
            {
                var row = new Span<float>(to.Pointer + i * to.RowStride, blocks.Features);
                TensorPrimitives.Multiply(row, 1 / sums[i], row);
            }
        }

        if (logSumExp != null)
        {
            new ReadOnlySpan<float>(totals, count).CopyTo(new Span<float>(logSumExp + (nint)matrix * blocks.Queries + query, count));
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

/// <summary>
/// The gradients of attention: a unit is a (batch, head), whose blocks of queries add to the gradients of its keys and values in
/// their order. Weights are computed again from the scores and what the forward pass kept of each query.
/// </summary>
internal unsafe struct AttentionGradientJob(AttentionBlocks blocks, float* logSumExp, BatchedMatrix gradient, BatchedMatrix toQuery, BatchedMatrix toKey, BatchedMatrix toValue) : IJob
{
    public readonly void Run(int unit)
    {
        if (toKey.IsSet)
        {
            AttentionJob.Clear(toKey.At(unit, 0), blocks.Keys, blocks.Depth);
        }

        if (toValue.IsSet)
        {
            AttentionJob.Clear(toValue.At(unit, 0), blocks.Keys, blocks.Features);
        }

        for (int query = 0; query < blocks.Queries; query += blocks.Width)
        {
            RunBlock(unit, query, Math.Min(blocks.Width, blocks.Queries - query));
        }
    }

    private readonly void RunBlock(int matrix, int query, int count)
    {
        int width = blocks.Width, depth = blocks.Depth, features = blocks.Features, keys = blocks.VisibleKeys(query + count);
        float* packed = AttentionScratch.Rent((Math.Max(depth, features) + 2L * blocks.Keys + 1) * width);
        float* weights = packed + Math.Max(depth, features) * width, slopes = weights + blocks.Keys * width, totals = slopes + blocks.Keys * width;
        if (keys == 0)
        {
            if (toQuery.IsSet)
            {
                AttentionJob.Clear(toQuery.At(matrix, query), count, depth);
            }

            return;
        }

        blocks.Scores(matrix, query, count, keys, packed, weights);
        var g = gradient.At(matrix, query);
        blocks.PackTransposed(g, count, features, packed);
        blocks.Multiply(blocks.Value.At(matrix, 0), new MatrixOperand(packed, width, 1), slopes, width, keys, count, features, accumulate: false);
        new ReadOnlySpan<float>(logSumExp + (nint)matrix * blocks.Queries + query, count).CopyTo(new Span<float>(totals, count));
        AttentionSoftmax.Gradient(weights, slopes, keys, width, totals, blocks.Scale, blocks.LaneBits);
        if (toValue.IsSet)
        {
            var to = toValue.At(matrix, 0);
            blocks.Multiply(new MatrixOperand(weights, width, 1), g, to.Pointer, to.RowStride, keys, features, count, accumulate: true);
        }

        if (toKey.IsSet)
        {
            var to = toKey.At(matrix, 0);
            blocks.Multiply(new MatrixOperand(slopes, width, 1), blocks.Query.At(matrix, query), to.Pointer, to.RowStride, keys, depth, count, accumulate: true);
        }

        if (toQuery.IsSet)
        {
            var to = toQuery.At(matrix, query);
            blocks.Multiply(new MatrixOperand(slopes, 1, width), blocks.Key.At(matrix, 0), to.Pointer, to.RowStride, count, depth, keys, accumulate: false);
        }
    }
}

/// <summary>Memory of a thread for a block of scores; apart from that of the products, which are computed meanwhile.</summary>
internal static unsafe class AttentionScratch
{
    [ThreadStatic] private static float[]? _buffer;

    /// <summary>At least <paramref name="length"/> floats of any content, good until the thread's next call.</summary>
    public static float* Rent(long length) => ProductScratch.Rent(ref _buffer, length);
}
