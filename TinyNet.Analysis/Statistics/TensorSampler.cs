using TinyNet.Core;

namespace TinyNet.Analysis;

/// <summary>
/// Takes some of the elements of tensors, always at the same places for a length: one at a random place of each of as many equal stretches
/// as are wanted, so that no pattern in memory is met again and again.
/// </summary>
internal sealed class TensorSampler(int size, ulong seed)
{
    // Tensors of a run have few lengths; a list of texts may have many.
    private const int MostLengths = 64;

    private readonly Dictionary<int, IndexTensor> _places = [];

    /// <summary>The sample of a tensor: all elements where there are no more than the size of a sample.</summary>
    public float[] Take(Tensor x)
    {
        var device = x.Device;
        x = x.InMemoryOrder();
        float[] values = GC.AllocateUninitializedArray<float>(Math.Min(size, x.Length));
        if (x.Length <= size)
        {
            device.Download(x, values);
            return values;
        }

        var flat = x.Layout.TryReshape([x.Length], out var layout) ? x.View(layout, x.Origin) : Flat(x);
        var sample = Tensor.Result("sample", [size], device);
        device.IndexSelect(flat, 0, PlacesIn(x.Length), sample);
        device.Download(sample, values);
        return values;
    }

    private static Tensor Flat(Tensor x)
    {
        var copy = Tensor.Result("sample", x.Shape, x.Device);
        x.Device.Copy(x, copy);
        return copy.View(new Layout([x.Length]), x.Origin);
    }

    private IndexTensor PlacesIn(int length)
    {
        if (_places.TryGetValue(length, out var places))
        {
            return places;
        }

        if (_places.Count == MostLengths)
        {
            _places.Clear();
        }

        var random = new RandomStream(seed);
        int[] indices = new int[size];
        for (int i = 0; i < size; i++)
        {
            long first = (long)i * length / size, next = (i + 1L) * length / size;
            indices[i] = (int)first + random.Next((int)(next - first));
        }

        return _places[length] = IndexTensor.From(indices, [size]);
    }
}
