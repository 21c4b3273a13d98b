namespace TinyNet.Core;

/// <summary>
/// Products so deep that even the sums of the blocks of K lose digits when C adds them up: slices of K are products of their own, which
/// are added in double precision. The slices depend on the depth alone.
/// </summary>
internal static unsafe class DeepProduct
{
    /// <summary>Depth that C adds up block by block; no product of ordinary size is deeper.</summary>
    public const int SliceDepth = FloatChain.Terms * FloatChain.Totals;

    // The part of C whose totals are in memory at a time is a square of this size.
    private const int PartSize = 512;

    // Elements from which on several threads add.
    private const int ThreadingElements = 32 * 1024;

    [ThreadStatic] private static ScratchBuffer _memory;

    /// <summary>Computes all products of a task part by part.</summary>
    public static void Run<TOps, TVector>(in MatrixProductTask task, int threads, long threadingThreshold)
        where TOps : struct, IProductVector<TVector>
        where TVector : struct
    {
        int products = task.Products;
        for (int product = 0; product < products; product++)
        {
            task.Locate(product, out var a, out var b, out float* c);
            for (int row = 0; row < task.M; row += PartSize)
            {
                for (int column = 0; column < task.N; column += PartSize)
                {
                    var part = new MatrixProductTask
                    {
                        A = a with { Pointer = a.Pointer + row * a.RowStride },
                        B = b with { Pointer = b.Pointer + column * b.ColumnStride },
                        C = c + row * task.CRowStride + column,
                        CRowStride = task.CRowStride,
                        M = Math.Min(PartSize, task.M - row),
                        N = Math.Min(PartSize, task.N - column),
                        K = task.K,
                        Bias = task.BiasOf(product, column),
                        Accumulate = task.Accumulate,
                    };
                    RunPart<TOps, TVector>(part, threads, threadingThreshold);
                }
            }
        }
    }

    private static void RunPart<TOps, TVector>(in MatrixProductTask part, int threads, long threadingThreshold)
        where TOps : struct, IProductVector<TVector>
        where TVector : struct
    {
        int length = part.M * part.N, adders = length < ThreadingElements ? 1 : threads;
        int depth = BlockCount.Of(part.K, BlockCount.Of(part.K, SliceDepth));
        var totals = (double*)_memory.Rent(3L * length);
        float* sums = (float*)(totals + length);
        new Span<double>(totals, length).Clear();
        for (int k = 0; k < part.K; k += depth)
        {
            var slice = part with
            {
                A = part.A with { Pointer = part.A.Pointer + k * part.A.ColumnStride },
                B = part.B with { Pointer = part.B.Pointer + k * part.B.RowStride },
                C = sums,
                CRowStride = part.N,
                K = Math.Min(depth, part.K - k),
                Bias = null,
                Accumulate = false,
            };
            MatrixProduct.Run<TOps, TVector>(slice, threads, threadingThreshold);
            var job = new AddJob(totals, sums, part.N);
            WorkSplitter.Run(part.M, job, adders);
        }

        var store = new StoreJob(totals, part);
        WorkSplitter.Run(part.M, store, adders);
    }

    /// <summary>Adds a row of a slice to the totals.</summary>
    private readonly struct AddJob(double* totals, float* sums, int columns) : IJob
    {
        public void Run(int row)
        {
            double* to = totals + (nint)row * columns;
            float* from = sums + (nint)row * columns;
            for (int i = 0; i < columns; i++)
            {
                to[i] += from[i];
            }
        }
    }

    /// <summary>Rounds a row of the totals, with the bias and what C holds where those count.</summary>
    private readonly struct StoreJob(double* totals, MatrixProductTask part) : IJob
    {
        public void Run(int row)
        {
            double* from = totals + (nint)row * part.N;
            float* c = part.C + row * part.CRowStride;
            for (int i = 0; i < part.N; i++)
            {
                double total = part.Bias == null ? from[i] : from[i] + part.Bias[i];
                c[i] = (float)(part.Accumulate ? c[i] + total : total);
            }
        }
    }
}
