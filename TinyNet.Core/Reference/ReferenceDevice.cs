namespace TinyNet.Core;

/// <summary>
/// The specification of every operation: plain loops straight from the definitions. It stores and computes in double
/// precision; float32 is only where data enter and leave. Other devices are compared with it, gradients are checked on it.
/// </summary>
public sealed partial class ReferenceDevice : Device
{
    /// <summary>Makes a device.</summary>
    public ReferenceDevice() : base("reference")
    {
    }

    /// <inheritdoc/>
    protected internal override Storage CreateStorage(int length) => new ReferenceStorage(this, length);

    /// <summary>A copy of all elements in row-major order, in full precision.</summary>
    internal static double[] ReadDoubles(Tensor source)
    {
        var from = new ReferenceElements(source);
        double[] values = Allocation.OnHost<double>(source.Shape, source.Origin);
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = from[i];
        }

        return values;
    }

    /// <summary>Writes all elements in row-major order, in full precision.</summary>
    internal static void WriteDoubles(ReadOnlySpan<double> source, Tensor destination)
    {
        var to = new ReferenceElements(destination);
        for (int i = 0; i < source.Length; i++)
        {
            to[i] = source[i];
        }
    }

    /// <summary>Writes all elements in row-major order where the tensor is wanted.</summary>
    private static void Write(double[] values, Tensor? destination)
    {
        if (destination is not null)
        {
            WriteDoubles(values, destination);
        }
    }

    /// <inheritdoc/>
    protected internal override void Upload(ReadOnlySpan<float> source, Tensor destination)
    {
        var to = new ReferenceElements(destination);
        for (int i = 0; i < destination.Length; i++)
        {
            to[i] = source[i];
        }
    }

    /// <inheritdoc/>
    protected internal override void Download(Tensor source, Span<float> destination)
    {
        var from = new ReferenceElements(source);
        for (int i = 0; i < source.Length; i++)
        {
            destination[i] = (float)from[i];
        }
    }

    /// <inheritdoc/>
    protected internal override void FillNormal(Tensor destination, RandomRange range, float mean, float standardDeviation)
    {
        var to = new ReferenceElements(destination);
        for (int i = 0; i < destination.Length; i++)
        {
            ulong pair = range.Position + (ulong)i / 2 * 2;
            var (first, second) = Philox.ToNormals(Philox.Word(range.Seed, pair), Philox.Word(range.Seed, pair + 1));
            to[i] = mean + standardDeviation * (i % 2 == 0 ? first : second);
        }
    }
}
