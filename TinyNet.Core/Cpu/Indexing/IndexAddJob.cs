using System.Numerics.Tensors;

namespace TinyNet.Core;

/// <summary>A unit adds to a range of the indexed axis, and so goes through all indices: each element is added to in their order.</summary>
internal readonly unsafe struct IndexAddJob(
    float* source, int* indices, int indexCount, float* destination, int outer, int count, int inner) : IJob
{
    public const int Units = 8;

    public void Run(int unit)
    {
        int start = (int)((long)count * unit / Units), end = (int)((long)count * (unit + 1) / Units);
        float* from = source;
        for (int o = 0; o < outer && start < end; o++)
        {
            for (int i = 0; i < indexCount; i++, from += inner)
            {
                int k = indices[i];
                if (k >= start && k < end)
                {
                    var row = new Span<float>(destination + ((nint)o * count + k) * inner, inner);
                    TensorPrimitives.Add(row, new ReadOnlySpan<float>(from, inner), row);
                }
            }
        }
    }
}
