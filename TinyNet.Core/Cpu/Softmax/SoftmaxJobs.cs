using System.Runtime.CompilerServices;

namespace TinyNet.Core;

/// <summary>Softmax of several rows a unit: each row is read for its maximum, for its exponentials, and scaled.</summary>
internal readonly unsafe struct SoftmaxJob(float* x, float* destination, int rows, int columns, bool logarithm) : ILaneJob
{
    public void Run<TLane>(int unit) where TLane : struct, IVectorLane<TLane>
    {
        int rowsPerUnit = BlockTotals.RowsPerUnit(columns);
        for (int row = unit * rowsPerUnit, end = Math.Min(row + rowsPerUnit, rows); row < end; row++)
        {
            float* from = x + (nint)row * columns, to = destination + (nint)row * columns;
            RunRow<TLane>(from, to);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void RunRow<TLane>(float* from, float* to) where TLane : struct, IVectorLane<TLane>
    {
        float max = BlockTotals.Total<MaxReduction, TLane>(new MaxReduction(), from, columns);
        var shift = TLane.Const(max);
        var sums = TLane.Zero;
        int i = 0;
        for (; i <= columns - TLane.Count; i += TLane.Count)
        {
            var shifted = TLane.Load(from + i) - shift;
            var power = TLane.Exp(shifted);
            sums += power;
            TLane.Store(to + i, logarithm ? shifted : power);
        }

        float sum = AcrossLane.Sum(sums);
        for (; i < columns; i++)
        {
            var shifted = ScalarLane.Load(from + i) - ScalarLane.Const(max);
            var power = ScalarLane.Exp(shifted);
            sum += power.Value;
            ScalarLane.Store(to + i, logarithm ? shifted : power);
        }

        float operand = logarithm ? ScalarLane.Log(ScalarLane.Const(sum)).Value : 1 / sum;
        var factor = TLane.Const(operand);
        for (i = 0; i <= columns - TLane.Count; i += TLane.Count)
        {
            TLane.Store(to + i, logarithm ? TLane.Load(to + i) - factor : TLane.Load(to + i) * factor);
        }

        for (; i < columns; i++)
        {
            to[i] = logarithm ? to[i] - operand : to[i] * operand;
        }
    }
}

/// <summary>The gradient of softmax for several rows a unit: y · (g − Σ g y), or g − e^y Σ g for its logarithm.</summary>
internal readonly unsafe struct SoftmaxGradientJob(
    float* y, float* gradient, float* destination, int rows, int columns, bool logarithm) : ILaneJob
{
    public void Run<TLane>(int unit) where TLane : struct, IVectorLane<TLane>
    {
        int rowsPerUnit = BlockTotals.RowsPerUnit(columns);
        for (int row = unit * rowsPerUnit, end = Math.Min(row + rowsPerUnit, rows); row < end; row++)
        {
            nint start = (nint)row * columns;
            RunRow<TLane>(y + start, gradient + start, destination + start);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void RunRow<TLane>(float* output, float* g, float* to) where TLane : struct, IVectorLane<TLane>
    {
        var sums = TLane.Zero;
        int i = 0;
        for (; i <= columns - TLane.Count; i += TLane.Count)
        {
            sums += logarithm ? TLane.Load(g + i) : TLane.Load(g + i) * TLane.Load(output + i);
        }

        float sum = AcrossLane.Sum(sums);
        for (; i < columns; i++)
        {
            sum += logarithm ? g[i] : g[i] * output[i];
        }

        var total = TLane.Const(sum);
        for (i = 0; i <= columns - TLane.Count; i += TLane.Count)
        {
            TLane.Store(to + i, Gradient(TLane.Load(output + i), TLane.Load(g + i), total));
        }

        for (; i < columns; i++)
        {
            ScalarLane.Store(to + i, Gradient(ScalarLane.Load(output + i), ScalarLane.Load(g + i), ScalarLane.Const(sum)));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private T Gradient<T>(T output, T g, T total) where T : struct, ILane<T> =>
        logarithm ? g - T.Exp(output) * total : output * (g - total);
}
