using System.Numerics.Tensors;

namespace TinyNet.Core;

/// <summary>
/// A unit adds to a range of the indexed axis, and so goes through all indices: each element is added to in their order, of those that come
/// very often in <see cref="RowTotals"/>.
/// </summary>
internal readonly unsafe struct IndexAddJob(
    float* source, int* indices, int indexCount, float* destination, int outer, int count, int inner, RowTotals repeated) : IJob
{
    public const int Units = 8;

    public void Run(int unit)
    {
        int start = (int)((long)count * unit / Units), end = (int)((long)count * (unit + 1) / Units);
        float* from = source;
        for (int o = 0; o < outer && start < end; o++)
        {
            ForRepeated(start, end, o, isBefore: true);
            for (int i = 0; i < indexCount; i++, from += inner)
            {
                int k = indices[i];
                if (k < start || k >= end)
                {
                    continue;
                }

                var terms = new ReadOnlySpan<float>(from, inner);
                if (repeated.AreSet && repeated.Has(k))
                {
                    repeated.Add(k, terms);
                }
                else
                {
                    var row = Row(o, k);
                    TensorPrimitives.Add(row, terms, row);
                }
            }

            ForRepeated(start, end, o, isBefore: false);
        }
    }

    private Span<float> Row(int o, int k) => new(destination + ((nint)o * count + k) * inner, inner);

    /// <summary>Empties the sums of the repeated indices of a range, or hands them to the result.</summary>
    private void ForRepeated(int start, int end, int o, bool isBefore)
    {
        for (int k = start; repeated.AreSet && k < end; k++)
        {
            if (!repeated.Has(k))
            {
                continue;
            }

            if (isBefore)
            {
                repeated.Clear(k);
            }
            else
            {
                repeated.AddTo(k, Row(o, k));
            }
        }
    }
}
