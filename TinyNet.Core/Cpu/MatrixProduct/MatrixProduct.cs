using System.Runtime.CompilerServices;

namespace TinyNet.Core;

/// <summary>
/// Matrix products of float32: C = A·B + Bias or C += A·B + Bias, batched, on operands with any strides.
/// </summary>
/// <remarks>
/// Every element of C is one chain of fused multiply-adds for each block of K, added up in order; the blocks depend on the
/// shape only. So the bits depend neither on the number of threads nor on how the work is cut. Very deep products, and dot products from
/// a few thousand terms on, add the totals in double precision.
/// </remarks>
internal static unsafe class MatrixProduct
{
    /// <summary>Multiply-adds from which on threads pay.</summary>
    public const long DefaultThreadingThreshold = 300_000;

    // Dot products want a depth that makes up for summing over the vector.
    private const int DotProductDepth = 32;

    // Up to this many rows a B that is contiguous along K serves as the left factor of Cᵀ = Bᵀ·Aᵀ, unpacked.
    private const int TransposingRows = 64;

    [ThreadStatic] private static ScratchBuffer _partials;

    /// <summary>
    /// Computes all products of <paramref name="task"/> with vectors of at most <paramref name="laneBits"/> bits, on several threads if
    /// there are more than <paramref name="threadingThreshold"/> multiply-adds.
    /// </summary>
    public static void Run(in MatrixProductTask task, int laneBits, int threads, long threadingThreshold)
    {
        fixed (MatrixProductTask* pointer = &task)
        {
            var whole = new WholeTask(pointer, threads, threadingThreshold);
            VectorWidth.Run(ref whole, 0, laneBits);
        }
    }

    /// <summary>The same with the vectors of a width.</summary>
    public static void Run<TOps, TVector>(MatrixProductTask task, int threads, long threadingThreshold)
        where TOps : struct, IProductVector<TVector>
        where TVector : struct
    {
        int products = task.Products;
        if (products == 0 || task.M == 0 || task.N == 0)
        {
            return;
        }

        if (threads > 1 && !WorkSplitter.Pays((double)products * task.M * task.N * task.K, threadingThreshold))
        {
            threads = 1;
        }

        if (task.BatchRank > 0)
        {
            task.MergeBatchIntoRows();
            products = task.Products;
        }
        bool alongK = task.B.RowStride == 1 && task.B.ColumnStride != 1;
        bool fewRows = alongK && task.M <= DotProductJob<TOps, TVector>.MaximumVectors;
        bool fewColumns = task.N <= DotProductJob<TOps, TVector>.MaximumVectors && task.A.ColumnStride == 1 && task.K >= DotProductDepth;
        bool transpose = fewRows || (!fewColumns && alongK && task.M <= TransposingRows && task.N > task.M);
        bool areDotProducts = fewRows || fewColumns;
        if (!areDotProducts && task.K > DeepProduct.SliceDepth)
        {
            DeepProduct.Run<TOps, TVector>(task, threads, threadingThreshold);
            return;
        }

        if (transpose)
        {
            task.Transpose();
        }

        var plan = ProductPlan.Of(task, products, 2 * TOps.Count, transpose, areDotProducts, threads);
        if (areDotProducts)
        {
            var job = new DotProductJob<TOps, TVector>(&task, plan);
            WorkSplitter.Run(plan.Units, job, threads);
        }
        else
        {
            float* partials = plan.PartialStride == 0 ? null : _partials.Rent(plan.PartialsLength(task));
            var job = new ProductJob<TOps, TVector>(&task, plan, partials);
            WorkSplitter.Run(plan.Units, job, threads);
            if (partials != null)
            {
                job.AddPartials();
            }
        }
    }

    /// <summary>A task as one unit of work.</summary>
    private readonly struct WholeTask(MatrixProductTask* task, int threads, long threadingThreshold) : IVectorJob
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Run<TOps, TVector, TLane>(int unit)
            where TOps : struct, IProductVector<TVector>
            where TVector : struct
            where TLane : struct, IFloatLane<TLane> =>
            MatrixProduct.Run<TOps, TVector>(*task, threads, threadingThreshold);
    }
}
