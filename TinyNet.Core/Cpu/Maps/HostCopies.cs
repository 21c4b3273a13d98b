namespace TinyNet.Core;

/// <summary>Copies between the program's arrays and tensors, in row-major order.</summary>
internal static unsafe class HostCopies
{
    /// <summary>Writes all elements of a tensor.</summary>
    public static void Upload(ReadOnlySpan<float> source, Tensor destination)
    {
        using var alive = KeepAlive.Of(destination);
        var target = StridedReader.Of(destination);
        fixed (float* from = source)
        {
            if (target.IsDense)
            {
                source.CopyTo(new Span<float>(target.Dense, source.Length));
            }
            else if (source.Length > 0)
            {
                target.Scatter(0, source.Length, from);
            }
        }
    }

    /// <summary>Reads all elements of a tensor.</summary>
    public static void Download(Tensor source, Span<float> destination)
    {
        using var alive = KeepAlive.Of(source);
        fixed (float* to = destination)
        {
            if (source.Length > 0)
            {
                StridedReader.Of(source).Gather(0, source.Length, to);
            }
        }
    }
}
