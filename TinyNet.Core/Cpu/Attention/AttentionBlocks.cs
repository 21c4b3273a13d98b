namespace TinyNet.Core;

/// <summary>
/// Attention as the processor computes it: the queries of a (batch, head) come in blocks, whose scores for all keys fit a cache
/// and are never written anywhere else (T. Dao et al., "FlashAttention", NeurIPS 2022, arXiv:2205.14135).
/// </summary>
/// <remarks>
/// A block of scores is kept transposed, [keys, <see cref="Width"/>]: softmax then runs down the columns with a query in each lane,
/// without sums across a register, and keys and values are operands of the products as they lie.
/// </remarks>
internal unsafe struct AttentionBlocks
{
    private const int MostWidth = 64, LeastWidth = 16;

    // Floats of a block of scores; two of them, for the backward pass, are to stay in the second-level cache.
    private const int BlockElements = 64 * 1024;

    public readonly BatchedMatrix Query, Key, Value;
    public readonly int Queries, Keys, Depth, Features, Matrices;
    public readonly float Scale;

    /// <summary>Floats from one key to the next in a block of scores: at least the queries of a block, and whole registers.</summary>
    public readonly int Width;

    private readonly BatchedMatrix _mask, _bias;
    private readonly int? _causalOffset;

    public AttentionBlocks(in AttentionOperands operands)
    {
        Query = new BatchedMatrix(operands.Query);
        Key = new BatchedMatrix(operands.Key);
        Value = new BatchedMatrix(operands.Value);
        _mask = new BatchedMatrix(operands.Mask);
        _bias = new BatchedMatrix(operands.Bias);
        _causalOffset = operands.CausalOffset;
        Scale = operands.Scale;
        (Queries, Depth) = (operands.Query.Shape[-2], operands.Query.Shape[-1]);
        (Keys, Features) = (operands.Key.Shape[-2], operands.Value.Shape[-1]);
        Matrices = 1;
        foreach (int size in operands.Query.Shape.Sizes[..^2])
        {
            Matrices *= size;
        }

        // Smaller blocks follow the diagonal more closely.
        Width = _causalOffset is null ? MostWidth : MostWidth / 2;
        while (Width > LeastWidth && (Width / 2 >= Queries || (long)Width * Keys > BlockElements))
        {
            Width /= 2;
        }
    }

    /// <summary>How many blocks the queries of a matrix make.</summary>
    public readonly int QueryBlocks => BlockCount.Of(Queries, Width);

    /// <summary>Multiply-adds of the two products.</summary>
    public readonly long Work => (long)Matrices * Queries * Keys * (Depth + Features);

    /// <summary>How many keys any of the queries up to one, exclusive, sees; those behind need not be looked at.</summary>
    public readonly int VisibleKeys(int endQuery) =>
        _causalOffset is { } offset ? (int)Math.Min((long)endQuery + offset, Keys) : Keys;

    /// <summary>Computes the scores of a block, −∞ where a query does not see a key.</summary>
    /// <param name="matrix">The (batch, head).</param>
    /// <param name="query">The first query.</param>
    /// <param name="count">The number of queries.</param>
    /// <param name="keys">The number of keys.</param>
    /// <param name="packed">Receives the queries, [depth, width].</param>
    /// <param name="scores">Receives the scores, [keys, width]. Columns from count on are undefined.</param>
    public readonly void Scores<TOps, TVector, TLane>(int matrix, int query, int count, int keys, float* packed, float* scores)
        where TOps : struct, IProductVector<TVector>
        where TVector : struct
        where TLane : struct, IFloatLane<TLane>
    {
        PackTransposed(Query.At(matrix, query), count, Depth, packed);
        var queries = new MatrixOperand(packed, Width, 1);
        Multiply<TOps, TVector>(Key.At(matrix, 0), queries, scores, Width, keys, count, Depth, accumulate: false);
        AttentionSoftmax.Scale<TLane>(scores, keys * Width, Scale);
        if (_bias.IsSet)
        {
            AddBias(_bias.At(matrix, query), count, keys, scores);
        }

        if (_mask.IsSet)
        {
            ApplyMask(_mask.At(matrix, query), count, keys, scores);
        }

        if (_causalOffset is { } offset)
        {
            // Key s is hidden from the queries before s − offset.
            for (int key = (int)Math.Min((long)query + offset + 1, keys); key < keys; key++)
            {
                new Span<float>(scores + key * Width, Math.Min(key - offset - query, count)).Fill(float.NegativeInfinity);
            }
        }
    }

    /// <summary>Rows of a matrix as columns, <see cref="Width"/> apart.</summary>
    public readonly void PackTransposed(in MatrixOperand source, int rows, int columns, float* target) =>
        StridedCopy.Gather(source.Pointer, source.ColumnStride, source.RowStride, columns, rows, target, Width);

    /// <summary>C [m, n] = A [m, k] · B [k, n], or added to C.</summary>
    public static void Multiply<TOps, TVector>(
        in MatrixOperand a, in MatrixOperand b, float* c, nint cRowStride, int m, int n, int k, bool accumulate)
        where TOps : struct, IProductVector<TVector>
        where TVector : struct
    {
        var task = new MatrixProductTask { A = a, B = b, C = c, CRowStride = cRowStride, M = m, N = n, K = k, Accumulate = accumulate };
        MatrixProduct.Run<TOps, TVector>(task, threads: 1, threadingThreshold: 0);
    }

    private readonly void AddBias(in MatrixOperand bias, int count, int keys, float* scores)
    {
        for (int key = 0; key < keys; key++)
        {
            float* row = scores + (nint)key * Width, term = bias.Pointer + key * bias.ColumnStride;
            for (int i = 0; i < count; i++, term += bias.RowStride)
            {
                row[i] += *term;
            }
        }
    }

    private readonly void ApplyMask(in MatrixOperand mask, int count, int keys, float* scores)
    {
        for (int key = 0; key < keys; key++)
        {
            float* row = scores + (nint)key * Width, isSeen = mask.Pointer + key * mask.ColumnStride;
            if (mask.RowStride == 0)
            {
                // The mask is one of keys alone.
                new Span<float>(row, *isSeen == 0 ? count : 0).Fill(float.NegativeInfinity);
                continue;
            }

            for (int i = 0; i < count; i++, isSeen += mask.RowStride)
            {
                row[i] = *isSeen == 0 ? float.NegativeInfinity : row[i];
            }
        }
    }
}
