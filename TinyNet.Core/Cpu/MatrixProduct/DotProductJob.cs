using System.Runtime.CompilerServices;

namespace TinyNet.Core;

/// <summary>
/// A batch of products of a long operand, contiguous along K, with a few vectors: C[long row, vector] is a dot product, so
/// nothing has to be packed or transposed but the vectors. As in the task that is M = long rows, N = vectors.
/// </summary>
internal unsafe struct DotProductJob<TOps, TVector>(MatrixProductTask* task, ProductPlan plan) : IJob
    where TOps : struct, IProductVector<TVector>
    where TVector : struct
{
    /// <summary>Most vectors for which this pays.</summary>
    public const int MaximumVectors = 4;

    private const int RowsAtOnce = 8;

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public void Run(int unit)
    {
        var block = plan.Block(unit, *task);
        float* sums = stackalloc float[RowsAtOnce];
        for (int product = block.FirstProduct; product < block.EndProduct; product++)
        {
            task->Locate(product, out var a, out var b, out float* c);
            float* bias = task->BiasOf(product, 0);
            if (b.RowStride != 1)
            {
                float* packed = ThreadScratch.Rent((long)task->K * task->N);
                ProductPacking.PackVectors(b, task->K, task->N, packed);
                b = new MatrixOperand(packed, 1, task->K);
            }
            // C is transposed if the task is: then its rows are the vectors.
            nint rowStep = plan.TransposeC ? 1 : task->CRowStride, vectorStep = plan.TransposeC ? task->CRowStride : 1;
            for (int row = block.Row; row < block.Row + block.Rows; row += RowsAtOnce)
            {
                int rows = Math.Min(RowsAtOnce, block.Row + block.Rows - row);
                for (int vector = block.Column; vector < block.Column + block.Columns; vector++)
                {
                    float* rowsOfA = a.Pointer + row * a.RowStride, vectorOfB = b.Pointer + vector * b.ColumnStride;
                    if (task->M == 1)
                    {
                        *sums = Dot(rowsOfA, vectorOfB, task->K);
                    }
                    else
                    {
                        Dots(rowsOfA, a.RowStride, rows, vectorOfB, task->K, sums);
                    }

                    float* target = c + row * rowStep + vector * vectorStep;
                    for (int i = 0; i < rows; i++, target += rowStep)
                    {
                        float sum = sums[i];
                        if (bias != null)
                        {
                            sum += bias[plan.TransposeC ? row + i : vector];
                        }

                        *target = task->Accumulate ? *target + sum : sum;
                    }
                }
            }
        }
    }

    /// <summary>
    /// The dot product of the only row with a vector: eight chains where there would be one, in blocks whose sums are added in double
    /// precision.
    /// </summary>
    private static float Dot(float* row, float* vector, int depth)
    {
        int block = RowsAtOnce * FloatChain.Terms * TOps.Count;
        if (depth <= block)
        {
            return Chains(row, vector, depth);
        }

        double total = 0;
        for (int k = 0; k < depth; k += block)
        {
            total += Chains(row + k, vector + k, Math.Min(depth - k, block));
        }

        return (float)total;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static float Chains(float* row, float* vector, int depth)
    {
        TVector c0 = default, c1 = default, c2 = default, c3 = default, c4 = default, c5 = default, c6 = default, c7 = default;
        int n = TOps.Count, k = 0;
        for (; k <= depth - RowsAtOnce * n; k += RowsAtOnce * n)
        {
            float* a = row + k, b = vector + k;
            c0 = TOps.FusedMultiplyAdd(TOps.Load(a), TOps.Load(b), c0);
            c1 = TOps.FusedMultiplyAdd(TOps.Load(a + n), TOps.Load(b + n), c1);
            c2 = TOps.FusedMultiplyAdd(TOps.Load(a + 2 * n), TOps.Load(b + 2 * n), c2);
            c3 = TOps.FusedMultiplyAdd(TOps.Load(a + 3 * n), TOps.Load(b + 3 * n), c3);
            c4 = TOps.FusedMultiplyAdd(TOps.Load(a + 4 * n), TOps.Load(b + 4 * n), c4);
            c5 = TOps.FusedMultiplyAdd(TOps.Load(a + 5 * n), TOps.Load(b + 5 * n), c5);
            c6 = TOps.FusedMultiplyAdd(TOps.Load(a + 6 * n), TOps.Load(b + 6 * n), c6);
            c7 = TOps.FusedMultiplyAdd(TOps.Load(a + 7 * n), TOps.Load(b + 7 * n), c7);
        }

        for (; k <= depth - n; k += n)
        {
            c0 = TOps.FusedMultiplyAdd(TOps.Load(row + k), TOps.Load(vector + k), c0);
        }

        if (k < depth)
        {
            var mask = TOps.FirstElements(depth - k);
            c1 = TOps.FusedMultiplyAdd(TOps.LoadMasked(row + k, mask), TOps.LoadMasked(vector + k, mask), c1);
        }

        c0 = TOps.Add(TOps.Add(TOps.Add(c0, c1), TOps.Add(c2, c3)), TOps.Add(TOps.Add(c4, c5), TOps.Add(c6, c7)));
        return TOps.Sum(c0);
    }

    /// <summary>Dot products of up to 8 rows with one vector, in blocks whose sums are added in double precision.</summary>
    private static void Dots(float* a, nint rowStride, int rows, float* vector, int depth, float* sums)
    {
        int block = FloatChain.Terms * TOps.Count;
        Dot8(a, rowStride, rows, vector, Math.Min(depth, block), sums);
        if (depth <= block)
        {
            return;
        }

        double* totals = stackalloc double[RowsAtOnce];
        new Span<double>(totals, RowsAtOnce).Clear();
        for (int k = block; ; k += block)
        {
            for (int i = 0; i < RowsAtOnce; i++)
            {
                totals[i] += sums[i];
            }

            if (k >= depth)
            {
                break;
            }

            Dot8(a + k, rowStride, rows, vector + k, Math.Min(depth - k, block), sums);
        }

        for (int i = 0; i < RowsAtOnce; i++)
        {
            sums[i] = (float)totals[i];
        }
    }

    /// <summary>Dot products of up to 8 rows with one vector; missing rows repeat the last.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Dot8(float* a, nint rowStride, int rows, float* vector, int depth, float* sums)
    {
        float* a0 = a, a1 = rows > 1 ? a0 + rowStride : a0, a2 = rows > 2 ? a1 + rowStride : a1, a3 = rows > 3 ? a2 + rowStride : a2;
        float* a4 = rows > 4 ? a3 + rowStride : a3, a5 = rows > 5 ? a4 + rowStride : a4;
        float* a6 = rows > 6 ? a5 + rowStride : a5, a7 = rows > 7 ? a6 + rowStride : a6;
        TVector c0 = default, c1 = default, c2 = default, c3 = default, c4 = default, c5 = default, c6 = default, c7 = default;
        int k = 0;
        for (; k <= depth - TOps.Count; k += TOps.Count)
        {
            var x = TOps.Load(vector + k);
            c0 = TOps.FusedMultiplyAdd(TOps.Load(a0 + k), x, c0);
            c1 = TOps.FusedMultiplyAdd(TOps.Load(a1 + k), x, c1);
            c2 = TOps.FusedMultiplyAdd(TOps.Load(a2 + k), x, c2);
            c3 = TOps.FusedMultiplyAdd(TOps.Load(a3 + k), x, c3);
            c4 = TOps.FusedMultiplyAdd(TOps.Load(a4 + k), x, c4);
            c5 = TOps.FusedMultiplyAdd(TOps.Load(a5 + k), x, c5);
            c6 = TOps.FusedMultiplyAdd(TOps.Load(a6 + k), x, c6);
            c7 = TOps.FusedMultiplyAdd(TOps.Load(a7 + k), x, c7);
        }
        if (k < depth)
        {
            var mask = TOps.FirstElements(depth - k);
            var x = TOps.LoadMasked(vector + k, mask);
            c0 = TOps.FusedMultiplyAdd(TOps.LoadMasked(a0 + k, mask), x, c0);
            c1 = TOps.FusedMultiplyAdd(TOps.LoadMasked(a1 + k, mask), x, c1);
            c2 = TOps.FusedMultiplyAdd(TOps.LoadMasked(a2 + k, mask), x, c2);
            c3 = TOps.FusedMultiplyAdd(TOps.LoadMasked(a3 + k, mask), x, c3);
            c4 = TOps.FusedMultiplyAdd(TOps.LoadMasked(a4 + k, mask), x, c4);
            c5 = TOps.FusedMultiplyAdd(TOps.LoadMasked(a5 + k, mask), x, c5);
            c6 = TOps.FusedMultiplyAdd(TOps.LoadMasked(a6 + k, mask), x, c6);
            c7 = TOps.FusedMultiplyAdd(TOps.LoadMasked(a7 + k, mask), x, c7);
        }
        sums[0] = TOps.Sum(c0);
        sums[1] = TOps.Sum(c1);
        sums[2] = TOps.Sum(c2);
        sums[3] = TOps.Sum(c3);
        sums[4] = TOps.Sum(c4);
        sums[5] = TOps.Sum(c5);
        sums[6] = TOps.Sum(c6);
        sums[7] = TOps.Sum(c7);
    }
}
