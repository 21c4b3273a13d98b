using System.Buffers;

namespace TinyNet.Core;

// The default measures on the host.
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
}
