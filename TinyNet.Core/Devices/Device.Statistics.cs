using System.Buffers;

namespace TinyNet.Core;

// The defaults measure on the host.
public abstract partial class Device
{
    /// <summary>The statistics of the elements of a tensor, whatever their order.</summary>
    /// <param name="x">The elements.</param>
    /// <param name="nearZero">The largest magnitude that counts as near zero.</param>
    protected internal virtual TensorStatistics Measure(Tensor x, float nearZero)
    {
        float[] values = Allocation.RentOnHost<float>(x.Length, "Measure");
        try
        {
            Download(x, values.AsSpan(0, x.Length));
            return TensorStatistics.Of(values.AsSpan(0, x.Length), nearZero);
        }
        finally
        {
            ArrayPool<float>.Shared.Return(values);
        }
    }

    /// <summary>√(Σ (a − b)²) of two tensors of one shape; nan where a difference is no finite number.</summary>
    /// <param name="a">The one.</param>
    /// <param name="b">The other.</param>
    protected internal virtual double Distance(Tensor a, Tensor b)
    {
        var difference = Tensor.Result("Distance", a.Shape, this);
        Map(new DifferenceMap(), a, b, difference);
        var statistics = Measure(difference, nearZero: 0);
        return statistics.Finite == statistics.Count ? statistics.L2Norm : double.NaN;
    }
}
