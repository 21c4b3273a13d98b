using TinyNet.Autograd;
using TinyNet.Core;

namespace TinyNet.Layers;

/// <summary>
/// The keys and values of the steps that a causal model has seen, so that generating the next step computes that step alone.
/// The cache of a stack holds one for each layer.
/// </summary>
public sealed class KeyValueCache
{
    private const int FirstCapacity = 64;

    private readonly OrderedDictionary<int, KeyValueCache> _layers = [];
    private Tensor? _keys, _values;
    private int _length;

    /// <summary>The number of steps it holds.</summary>
    public int Length => _layers.TryGetValue(0, out var first) ? first.Length : _length;

    /// <summary>Forgets all steps; the memory is kept.</summary>
    public void Clear() => Shorten(0, 0);

    /// <summary>The cache of a layer of a stack.</summary>
    /// <param name="index">The place of the layer.</param>
    /// <exception cref="ArgumentOutOfRangeException">It is negative.</exception>
    public KeyValueCache Layer(int index)
    {
        Require.NotNegative(index);
        if (!_layers.TryGetValue(index, out var layer))
        {
            _layers[index] = layer = new KeyValueCache();
        }

        return layer;
    }

    /// <summary>
    /// Computes a step. If it fails, those layers that have taken it already forget it, so that it can be tried again, and those that it
    /// has made are gone.
    /// </summary>
    internal static TOut Step<TModule, TIn, TOut>(KeyValueCache? cache, TModule module, in TIn input, Func<TModule, TIn, TOut> compute)
    {
        int length = cache?._length ?? 0, layers = cache?._layers.Count ?? 0;
        int ofLayers = layers > 0 ? cache!._layers.GetAt(0).Value.Length : 0;
        try
        {
            return compute(module, input);
        }
        catch
        {
            while (cache?._layers.Count > layers)
            {
                cache._layers.RemoveAt(cache._layers.Count - 1);
            }

            cache?.Shorten(length, ofLayers);
            throw;
        }
    }

    /// <summary>Adds keys and values [.., T, features] and returns all so far.</summary>
    /// <exception cref="TensorException">Operations are being recorded.</exception>
    /// <exception cref="ShapeException">The keys or values differ from the earlier ones in more than their number.</exception>
    internal (Tensor Keys, Tensor Values) Append(Tensor keys, Tensor values)
    {
        if (Tape.IsRecordingNow)
        {
            throw new TensorException(
                "KeyValueCache",
                "operations are being recorded, and no gradient flows through a cache",
                "generate in Tape.NoRecord(), train on whole sequences");
        }

        int end = _length + keys.Shape[-2];

        // Memory for both first, as either may be refused.
        (_keys, _values) = (MemoryFor(keys, _keys, end), MemoryFor(values, _values, end));
        keys = Write(keys, _keys, end);
        values = Write(values, _values, end);
        _length = end;
        return (keys, values);
    }

    private void Shorten(int length, int ofLayers)
    {
        _length = Math.Min(_length, length);
        foreach (var layer in _layers.Values)
        {
            layer.Shorten(ofLayers, ofLayers);
        }
    }

    /// <summary>The memory that there is, or a longer one with what it holds, for steps up to an end.</summary>
    private Tensor MemoryFor(Tensor steps, Tensor? memory, int end)
    {
        int axis = steps.Rank - 2;
        if (_length == 0 && memory is not null && !Fits(memory, steps, axis))
        {
            // What is kept after Clear() was for another batch or model.
            memory = null;
        }

        if (memory is null || memory.Shape[axis] < end)
        {
            int capacity = (int)Math.Clamp(2L * end, FirstCapacity, int.MaxValue);
            var longer = Tensor.Persistent(steps.Shape.With(axis, capacity), steps.Device, "KeyValueCache");
            if (memory is not null)
            {
                EnsureFit(memory, steps, axis);
                steps.Device.Copy(Range(memory, axis, 0, _length), Range(longer, axis, 0, _length));
            }

            memory = longer;
        }

        EnsureFit(memory, steps, axis);
        return memory;
    }

    private Tensor Write(Tensor steps, Tensor memory, int end)
    {
        int axis = steps.Rank - 2;
        steps.Device.Copy(steps, Range(memory, axis, _length, end));
        memory.Storage.MarkWritten();
        return Range(memory, axis, 0, end);
    }

    private static bool Fits(Tensor memory, Tensor steps, int axis) =>
        memory.Device == steps.Device && memory.Rank == steps.Rank && memory.Shape.With(axis, 0) == steps.Shape.With(axis, 0);

    private void EnsureFit(Tensor memory, Tensor steps, int axis)
    {
        if (!Fits(memory, steps, axis))
        {
            throw new ShapeException(
                "KeyValueCache",
                $"steps of shape {steps.Shape} on {steps.Device} for {_length} earlier ones of shape {memory.Shape.With(axis, _length)} "
                + $"on {memory.Device}",
                "use a cache for one model and one batch, and another, or this one after Clear(), for the next");
        }
    }

    private static Tensor Range(Tensor memory, int axis, int start, int end) =>
        memory.View(memory.Layout.Slice(axis, start, end - start, 1), "KeyValueCache");
}
