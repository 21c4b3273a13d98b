using System.Buffers;

namespace TinyNet.Core;

// The defaults compute on the host: every device promises the same integers and the same uniform numbers.
public abstract partial class Device
{
    /// <summary>Uniform numbers in [low, high): element i is from word i of the range.</summary>
    protected internal virtual void FillUniform(Tensor destination, RandomRange range, float low, float high) =>
        UploadEach(destination, (range, low, high), static (numbers, i) =>
            Philox.ToUniform(Philox.Word(numbers.range.Seed, numbers.range.Position + (ulong)i), numbers.low, numbers.high));

    /// <summary>Normal numbers: elements 2i and 2i + 1 are from words 2i and 2i + 1 of the range.</summary>
    protected internal virtual void FillNormal(Tensor destination, RandomRange range, float mean, float standardDeviation)
    {
        float[] values = Allocation.RentOnHost<float>(destination.Length + 1, destination.Origin);
        for (int i = 0; i < destination.Length; i += 2)
        {
            ulong pair = range.Position + (ulong)i;
            var (first, second) = Philox.ToNormals(Philox.Word(range.Seed, pair), Philox.Word(range.Seed, pair + 1));
            values[i] = (float)(mean + standardDeviation * first);
            values[i + 1] = (float)(mean + standardDeviation * second);
        }

        Upload(values.AsSpan(0, destination.Length), destination);
        ArrayPool<float>.Shared.Return(values);
    }
}
