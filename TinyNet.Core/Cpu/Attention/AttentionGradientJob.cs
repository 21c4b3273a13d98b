namespace TinyNet.Core;

/// <summary>
/// The gradients of attention: a unit is a (batch, head), whose blocks of queries add to the gradients of its keys and values in
/// their order. Weights are computed again from the scores and what the forward pass kept of each query.
/// </summary>
internal unsafe struct AttentionGradientJob(
    AttentionBlocks blocks, float* logSumExp, BatchedMatrix gradient,
    BatchedMatrix queryGradient, BatchedMatrix keyGradient, BatchedMatrix valueGradient)
    : IVectorJob
{
    // What slopes lack that are too small for a float is seen nowhere, unless keys or queries, times the scale, are larger than this.
    private const float MostOrdinary = 64;

    public readonly void Run<TOps, TVector, TLane>(int unit)
        where TOps : struct, IProductVector<TVector>
        where TVector : struct
        where TLane : struct, IFloatLane<TLane>
    {
        var toKeys = new LongSums(keyGradient, unit, blocks.Keys, blocks.Depth);
        var toValues = new LongSums(valueGradient, unit, blocks.Keys, blocks.Features);
        bool areLong = blocks.QueryBlocks > FloatChain.Totals;
        double* totals = areLong ? LongSums.Rent(toKeys.Length + toValues.Length) : null;
        // Below 0 while nobody has asked for it.
        float largestKey = -1;
        toKeys.Clear();
        toValues.Clear();
        for (int block = 0; block < blocks.QueryBlocks; block++)
        {
            int query = block * blocks.Width;
            RunBlock<TOps, TVector, TLane>(unit, query, Math.Min(blocks.Width, blocks.Queries - query), ref largestKey);
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

    private readonly void RunBlock<TOps, TVector, TLane>(int matrix, int query, int count, ref float largestKey)
        where TOps : struct, IProductVector<TVector>
        where TVector : struct
        where TLane : struct, IFloatLane<TLane>
    {
        int width = blocks.Width, depth = blocks.Depth, features = blocks.Features, keys = blocks.VisibleKeys(query + count);
        float* packed = AttentionScratch.Rent((Math.Max(depth, features) + 2L * blocks.Keys + 1) * width);
        float* weights = packed + Math.Max(depth, features) * width, slopes = weights + blocks.Keys * width;
        float* sizes = slopes + blocks.Keys * width;
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
        new ReadOnlySpan<float>(logSumExp + (nint)matrix * blocks.Queries + query, count).CopyTo(new Span<float>(sizes, count));
        AttentionSoftmax.Gradient<TLane>(weights, slopes, keys, width, sizes, blocks.Scale);
        bool areClear = TakeOutUnclear(matrix, query, count, keys, weights, slopes, sizes, ref largestKey);
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
            if (float.IsNaN(sizes[i]))
            {
                RunQueryInDouble(matrix, query + i, keys, weights + i, (double*)slopes);
            }
        }
    }

    /// <summary>
    /// Puts 0 for the slopes of queries that floats could not hold, marks those by a size of nan, and returns whether there are none.
    /// </summary>
    private readonly bool TakeOutUnclear(
        int matrix, int query, int count, int keys, float* weights, float* slopes, float* sizes, ref float largestKey)
    {
        bool areClear = true;
        for (int i = 0; i < count; i++)
        {
            bool isClear = IsClear(matrix, query + i, keys, weights + i, sizes[i], ref largestKey);
            areClear &= isClear;
            sizes[i] = isClear ? 0 : float.NaN;
            for (int key = 0; key < keys && !isClear; key++)
            {
                slopes[(nint)key * blocks.Width + i] = 0;
            }
        }

        return areClear;
    }

    /// <summary>
    /// Whether floats could hold the slopes of a query, from the sum of their magnitudes: none overflowed, and what may have vanished is
    /// nothing that large keys or queries would bring back.
    /// </summary>
    private readonly bool IsClear(int matrix, int query, int keys, float* weights, float size, ref float largestKey)
    {
        var g = gradient.At(matrix, query);
        if (!float.IsFinite(size))
        {
            // What is not a number stays that.
            return float.IsNaN(logSumExp[(nint)matrix * blocks.Queries + query]) || float.IsNaN(Largest(g, 1, blocks.Features));
        }

        float scale = Math.Max(Math.Abs(blocks.Scale), 1);
        if (size >= FloatChain.LeastMean * keys * scale)
        {
            return true;
        }

        int weighted = 0;
        for (int key = 0; key < keys && weighted < 2; key++)
        {
            weighted += weights[(nint)key * blocks.Width] != 0 ? 1 : 0;
        }

        // The slope of a key that has all the weight is 0.
        if (weighted < 2 || Largest(g, 1, blocks.Features) == 0)
        {
            return true;
        }

        if (largestKey < 0)
        {
            largestKey = Largest(blocks.Key.At(matrix, 0), blocks.Keys, blocks.Depth);
        }

        return scale * Math.Max(largestKey, Largest(blocks.Query.At(matrix, query), 1, blocks.Depth)) <= MostOrdinary;
    }

    /// <summary>The largest magnitude, nan if there is one.</summary>
    private static float Largest(in MatrixOperand matrix, int rows, int columns)
    {
        float largest = 0;
        for (int row = 0; row < rows; row++)
        {
            for (int column = 0; column < columns; column++)
            {
                largest = Math.Max(largest, Math.Abs(At(matrix, row, column)));
            }
        }

        return largest;
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
