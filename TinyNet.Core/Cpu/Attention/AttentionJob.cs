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

/// <summary>
/// The gradients of attention: a unit is a (batch, head), whose blocks of queries add to the gradients of its keys and values in
/// their order. Weights are computed again from the scores and what the forward pass kept of each query.
/// </summary>
internal unsafe struct AttentionGradientJob(
    AttentionBlocks blocks, float* logSumExp, BatchedMatrix gradient,
    BatchedMatrix queryGradient, BatchedMatrix keyGradient, BatchedMatrix valueGradient)
    : IVectorJob
{
    public readonly void Run<TOps, TVector, TLane>(int unit)
        where TOps : struct, IProductVector<TVector>
        where TVector : struct
        where TLane : struct, IFloatLane<TLane>
    {
        var toKeys = new LongSums(keyGradient, unit, blocks.Keys, blocks.Depth);
        var toValues = new LongSums(valueGradient, unit, blocks.Keys, blocks.Features);
        bool areLong = blocks.QueryBlocks > FloatChain.Totals;
        double* totals = areLong ? LongSums.Rent(toKeys.Length + toValues.Length) : null;
        toKeys.Clear();
        toValues.Clear();
        for (int block = 0; block < blocks.QueryBlocks; block++)
        {
            int query = block * blocks.Width;
            RunBlock<TOps, TVector, TLane>(unit, query, Math.Min(blocks.Width, blocks.Queries - query));
            if (areLong && (block + 1) % FloatChain.Totals == 0)
            {
                toKeys.MoveTo(totals);
                toValues.MoveTo(totals + toKeys.Length);
            }
        }

        if (areLong)
        {
            toKeys.TakeFrom(totals);
            toValues.TakeFrom(totals + toKeys.Length);
        }
    }

    private readonly void RunBlock<TOps, TVector, TLane>(int matrix, int query, int count)
        where TOps : struct, IProductVector<TVector>
        where TVector : struct
        where TLane : struct, IFloatLane<TLane>
    {
        int width = blocks.Width, depth = blocks.Depth, features = blocks.Features, keys = blocks.VisibleKeys(query + count);
        float* packed = AttentionScratch.Rent((Math.Max(depth, features) + 2L * blocks.Keys + 1) * width);
        float* weights = packed + Math.Max(depth, features) * width, slopes = weights + blocks.Keys * width;
        float* totals = slopes + blocks.Keys * width;
        if (keys == 0)
        {
            if (queryGradient.IsSet)
            {
                AttentionJob.Clear(queryGradient.At(matrix, query), count, depth);
            }

            return;
        }

        blocks.Scores<TOps, TVector, TLane>(matrix, query, count, keys, packed, weights);
        var g = gradient.At(matrix, query);
        blocks.PackTransposed(g, count, features, packed);
        var gradients = new MatrixOperand(packed, width, 1);
        AttentionBlocks.Multiply<TOps, TVector>(
            blocks.Value.At(matrix, 0), gradients, slopes, width, keys, count, features, accumulate: false);
        new ReadOnlySpan<float>(logSumExp + (nint)matrix * blocks.Queries + query, count).CopyTo(new Span<float>(totals, count));
        AttentionSoftmax.Gradient<TLane>(weights, slopes, keys, width, totals, blocks.Scale);
        bool areClear = ClearWhatOverflowed(slopes, totals, count, keys);
        if (valueGradient.IsSet)
        {
            var to = valueGradient.At(matrix, 0);
            AttentionBlocks.Multiply<TOps, TVector>(
                new MatrixOperand(weights, width, 1), g, to.Pointer, to.RowStride, keys, features, count, accumulate: true);
        }

        if (keyGradient.IsSet)
        {
            var to = keyGradient.At(matrix, 0);
            var queries = blocks.Query.At(matrix, query);
            AttentionBlocks.Multiply<TOps, TVector>(
                new MatrixOperand(slopes, width, 1), queries, to.Pointer, to.RowStride, keys, depth, count, accumulate: true);
        }

        if (queryGradient.IsSet)
        {
            var to = queryGradient.At(matrix, query);
            var allKeys = blocks.Key.At(matrix, 0);
            AttentionBlocks.Multiply<TOps, TVector>(
                new MatrixOperand(slopes, 1, width), allKeys, to.Pointer, to.RowStride, count, depth, keys, accumulate: false);
        }

        for (int i = 0; i < count && !areClear; i++)
        {
            if (!float.IsFinite(totals[i]))
            {
                RunQueryInDouble(matrix, query + i, keys, weights + i, (double*)slopes);
            }
        }
    }

    /// <summary>
    /// Puts 0 for the slopes of queries whose products of gradients and values left the range of floats, and returns whether none did.
    /// </summary>
    private readonly bool ClearWhatOverflowed(float* slopes, float* totals, int count, int keys)
    {
        bool areClear = true;
        for (int i = 0; i < count; i++)
        {
            if (!float.IsFinite(totals[i]))
            {
                areClear = false;
                for (int key = 0; key < keys; key++)
                {
                    slopes[(nint)key * blocks.Width + i] = 0;
                }
            }
        }

        return areClear;
    }

    /// <summary>
    /// The second look at a query: what it gives to the gradients of queries and keys, which small keys and queries may bring back into the
    /// range of floats.
    /// </summary>
    private readonly void RunQueryInDouble(int matrix, int query, int keys, float* weights, double* slopes)
    {
        MatrixOperand g = gradient.At(matrix, query), values = blocks.Value.At(matrix, 0);
        MatrixOperand queries = blocks.Query.At(matrix, query), allKeys = blocks.Key.At(matrix, 0);
        double total = 0;
        for (int key = 0; key < keys; key++)
        {
            double sum = 0;
            for (int i = 0; i < blocks.Features; i++)
            {
                sum += (double)At(g, 0, i) * At(values, key, i);
            }

            slopes[key] = sum;
            total += weights[(nint)key * blocks.Width] * sum;
        }

        for (int key = 0; key < keys; key++)
        {
            slopes[key] = (double)blocks.Scale * weights[(nint)key * blocks.Width] * (slopes[key] - total);
        }

        for (int i = 0; i < blocks.Depth; i++)
        {
            double sum = 0;
            for (int key = 0; key < keys; key++)
            {
                sum += slopes[key] * At(allKeys, key, i);
                if (keyGradient.IsSet)
                {
                    var to = keyGradient.At(matrix, key);
                    to.Pointer[i * to.ColumnStride] += (float)(slopes[key] * At(queries, 0, i));
                }
            }

            if (queryGradient.IsSet)
            {
                var to = queryGradient.At(matrix, query);
                to.Pointer[i * to.ColumnStride] = (float)sum;
            }
        }
    }

    private static float At(in MatrixOperand matrix, int row, int column) =>
        matrix.Pointer[row * matrix.RowStride + column * matrix.ColumnStride];
}

/// <summary>Memory of a thread for a block of scores; apart from that of the products, which are computed meanwhile.</summary>
internal static unsafe class AttentionScratch
{
    [ThreadStatic] private static ScratchBuffer _buffer;

    /// <summary>At least <paramref name="length"/> floats of any content, good until the thread's next call.</summary>
    public static float* Rent(long length) => _buffer.Rent(length);
}
