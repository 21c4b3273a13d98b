using System.Runtime.CompilerServices;

namespace TinyNet.Core;

public sealed unsafe partial class CpuDevice
{
    /// <summary>Rows whose share of the gradients of weight and bias is summed up in float, at least: fewer would make many partial sums.</summary>
    private const int LeastNormRows = 16;

    /// <inheritdoc/>
    protected internal override void LayerNorm(Tensor x, Tensor? weight, Tensor? bias, double epsilon, Tensor? means, Tensor scales, Tensor destination)
    {
        int rows = scales.Length, columns = rows == 0 ? 0 : x.Length / rows;
        Tensor source = Dense(x), dense = StandIn(destination);
        Tensor? factors = weight is null ? null : Dense(weight), terms = bias is null ? null : Dense(bias);
        var job = new LayerNormJob(Pointer(source), PointerOrNull(factors), PointerOrNull(terms), epsilon, PointerOrNull(means), Pointer(scales), Pointer(dense), rows, columns);
        RunLanes(SoftmaxJob.Units(rows, columns), job, ThreadsFor(4L * x.Length));
        Deliver(dense, destination);
        GC.KeepAlive(source);
        GC.KeepAlive(factors);
        GC.KeepAlive(terms);
        GC.KeepAlive(means);
        GC.KeepAlive(scales);
    }

    /// <inheritdoc/>
    protected internal override void LayerNormGradient(Tensor x, Tensor? weight, Tensor? means, Tensor scales, Tensor gradient, Tensor? xGradient, Tensor? weightGradient, Tensor? biasGradient)
    {
        int rows = scales.Length, columns = rows == 0 ? (weightGradient ?? biasGradient)?.Length ?? 0 : x.Length / rows;
        int rowsPerUnit = Math.Max(LeastNormRows, SoftmaxJob.RowsPerUnit(columns)), units = (rows + rowsPerUnit - 1) / rowsPerUnit;
        Tensor source = Dense(x), g = Dense(gradient);
        Tensor? factors = weight is null ? null : Dense(weight), dense = xGradient is null ? null : StandIn(xGradient);
        var partials = weightGradient is null && biasGradient is null ? null : Tensor.Result("LayerNorm", [2, units, columns], this);
        var job = new LayerNormGradientJob(Pointer(source), PointerOrNull(factors), PointerOrNull(means), Pointer(scales), Pointer(g), PointerOrNull(dense),
            PointerOrNull(partials), rows, columns, rowsPerUnit, units);
        RunLanes(units, job, ThreadsFor(4L * x.Length));
        if (partials is not null)
        {
            FinishNormSums(partials, 0, weightGradient);
            FinishNormSums(partials, 1, biasGradient);
            StepScope.Release(partials.Storage, Pool);
        }

        if (xGradient is not null)
        {
            Deliver(dense!, xGradient);
        }

        GC.KeepAlive(source);
        GC.KeepAlive(g);
        GC.KeepAlive(factors);
        GC.KeepAlive(means);
        GC.KeepAlive(scales);
    }

    private static float* PointerOrNull(Tensor? tensor) => tensor is null ? null : Pointer(tensor);

    /// <summary>Adds the sums of the units up, for the weight (0) or the bias (1).</summary>
    private void FinishNormSums(Tensor partials, int index, Tensor? destination)
    {
        if (destination is not null)
        {
            var of = partials.View(partials.Layout.Select(0, index), "LayerNorm");
            Reduce(new SumReduction(), of, destination.View(new Layout([1, destination.Length]), "LayerNorm"));
        }
    }

    /// <summary>Normalizes several rows a unit: each is read for its mean, for its square, and written.</summary>
    private readonly struct LayerNormJob(float* x, float* weight, float* bias, double epsilon, float* means, float* scales, float* destination, int rows, int columns) : ILaneJob
    {
        public void Run<TLane>(int unit) where TLane : struct, IVectorLane<TLane>
        {
            int rowsPerUnit = SoftmaxJob.RowsPerUnit(columns), start = unit * rowsPerUnit, end = Math.Min(start + rowsPerUnit, rows);
            RunRows<TLane>(start, end);
        }

        private void RunRows<TLane>(int start, int end) where TLane : struct, IVectorLane<TLane>
        {
            for (int row = start; row < end; row++)
            {
                float* from = x + (nint)row * columns, to = destination + (nint)row * columns;
                float mean = 0;
                if (means != null)
                {
                    means[row] = mean = (float)(RowTotal<SumReduction, TLane>(default, from) / columns);
                }

                float scale = scales[row] = (float)(1 / Math.Sqrt(RowTotal<SquaredDistanceReduction, TLane>(new(mean), from) / columns + epsilon));
                int done = Scale<TLane>(from, to, 0, mean, scale);
                Scale<ScalarLane>(from, to, done, mean, scale);
            }
        }

        private double RowTotal<TReduction, TLane>(TReduction reduction, float* row) where TReduction : struct, IReduction where TLane : struct, IVectorLane<TLane>
        {
            double total = 0;
            for (int start = 0; start < columns; start += ReductionBlock)
            {
                total += Total<TReduction, TLane>(reduction, row + start, Math.Min(ReductionBlock, columns - start));
            }

            return total;
        }

        /// <summary>Writes as many columns as whole lanes cover, and returns how many those are.</summary>
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private int Scale<TLane>(float* from, float* to, int column, float mean, float scale) where TLane : struct, IVectorLane<TLane>
        {
            TLane center = TLane.Const(mean), factor = TLane.Const(scale);
            for (; column <= columns - TLane.Count; column += TLane.Count)
            {
                var y = (TLane.Load(from + column) - center) * factor;
                if (weight != null)
                {
                    y = bias == null ? y * TLane.Load(weight + column) : TLane.FusedMultiplyAdd(y, TLane.Load(weight + column), TLane.Load(bias + column));
                }
                else if (bias != null)
                {
                    y += TLane.Load(bias + column);
                }

                TLane.Store(to + column, y);
            }

            return column;
        }
    }

    /// <summary>
    /// The gradients of several rows a unit: that of x, and the sums over the rows of the unit that make those of weight and bias.
    /// </summary>
    private readonly struct LayerNormGradientJob(float* x, float* weight, float* means, float* scales, float* gradient, float* toX, float* partials, int rows, int columns, int rowsPerUnit, int units) : ILaneJob
    {
        public void Run<TLane>(int unit) where TLane : struct, IVectorLane<TLane>
        {
            float* weightSums = partials + (nint)unit * columns, biasSums = weightSums + (nint)units * columns;
            if (partials != null)
            {
                new Span<float>(weightSums, columns).Clear();
                new Span<float>(biasSums, columns).Clear();
            }

            for (int row = unit * rowsPerUnit, end = Math.Min(row + rowsPerUnit, rows); row < end; row++)
            {
                float* from = x + (nint)row * columns, g = gradient + (nint)row * columns;
                float mean = means == null ? 0 : means[row], scale = scales[row];
                if (toX != null)
                {
                    double average = 0, alignment = 0;
                    for (int start = 0; start < columns; start += ReductionBlock)
                    {
                        int stop = Math.Min(start + ReductionBlock, columns), at = start;
                        Align<TLane>(from, g, ref at, stop, mean, scale, ref average, ref alignment);
                        Align<ScalarLane>(from, g, ref at, stop, mean, scale, ref average, ref alignment);
                    }

                    float shift = means == null ? 0 : (float)(average / columns), slope = (float)(alignment / columns);
                    float* to = toX + (nint)row * columns;
                    int done = Spread<TLane>(from, g, to, 0, mean, scale, shift, slope);
                    Spread<ScalarLane>(from, g, to, done, mean, scale, shift, slope);
                }

                if (partials != null)
                {
                    int done = Collect<TLane>(from, g, weightSums, biasSums, 0, mean, scale);
                    Collect<ScalarLane>(from, g, weightSums, biasSums, done, mean, scale);
                }
            }
        }

        /// <summary>Adds Σ h and Σ h n of as many columns as whole lanes cover.</summary>
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private void Align<TLane>(float* from, float* g, ref int start, int end, float mean, float scale, ref double average, ref double alignment) where TLane : struct, IVectorLane<TLane>
        {
            TLane center = TLane.Const(mean), factor = TLane.Const(scale), sums = TLane.Zero, products = TLane.Zero;
            int column = start;
            for (; column <= end - TLane.Count; column += TLane.Count)
            {
                var h = Weighted<TLane>(g, column);
                sums += h;
                products = TLane.FusedMultiplyAdd(h, (TLane.Load(from + column) - center) * factor, products);
            }

            start = column;
            AcrossLane.AddTo(ref average, sums);
            AcrossLane.AddTo(ref alignment, products);
        }

        /// <summary>Writes the gradient of x for as many columns as whole lanes cover, and returns how many those are.</summary>
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private int Spread<TLane>(float* from, float* g, float* to, int column, float mean, float scale, float shift, float slope) where TLane : struct, IVectorLane<TLane>
        {
            TLane center = TLane.Const(mean), factor = TLane.Const(scale), average = TLane.Const(shift), alignment = TLane.Const(slope);
            for (; column <= columns - TLane.Count; column += TLane.Count)
            {
                var n = (TLane.Load(from + column) - center) * factor;
                TLane.Store(to + column, factor * (Weighted<TLane>(g, column) - average - n * alignment));
            }

            return column;
        }

        /// <summary>Adds a row to the sums of weight and bias, and returns how many columns whole lanes covered.</summary>
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private int Collect<TLane>(float* from, float* g, float* weightSums, float* biasSums, int column, float mean, float scale) where TLane : struct, IVectorLane<TLane>
        {
            TLane center = TLane.Const(mean), factor = TLane.Const(scale);
            for (; column <= columns - TLane.Count; column += TLane.Count)
            {
                var gradientHere = TLane.Load(g + column);
                TLane.Store(weightSums + column, TLane.FusedMultiplyAdd(gradientHere, (TLane.Load(from + column) - center) * factor, TLane.Load(weightSums + column)));
                TLane.Store(biasSums + column, TLane.Load(biasSums + column) + gradientHere);
            }

            return column;
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private TLane Weighted<TLane>(float* g, int column) where TLane : struct, IVectorLane<TLane> =>
            weight == null ? TLane.Load(g + column) : TLane.Load(g + column) * TLane.Load(weight + column);
    }

    /// <summary>Σ (x − mean)².</summary>
    private readonly struct SquaredDistanceReduction(float mean) : IReduction
    {
        public T Identity<T>() where T : struct, ILane<T> => T.Zero;

        public T Map<T>(T x) where T : struct, ILane<T> => (x - T.Const(mean)) * (x - T.Const(mean));

        public T Combine<T>(T a, T b) where T : struct, ILane<T> => a + b;

        public T Finish<T>(T total, T count) where T : struct, ILane<T> => total;
    }
}
