using System.Runtime.InteropServices;
using TinyNet.Core;

namespace TinyNet.Bench;

/// <summary>A tensor that was made as an argument, or for something in one, and what was in it before the call.</summary>
internal sealed class ApiOperand
{
    private readonly Tensor? _tensor;
    private readonly IndexTensor? _indices;
    private float[] _values = [];
    private int[] _integers = [];

    public ApiOperand(Tensor tensor) => _tensor = tensor;

    public ApiOperand(IndexTensor indices) => _indices = indices;

    /// <summary>The memory, which others may share.</summary>
    public Storage Storage => _tensor?.Storage ?? _indices!.Storage;

    /// <summary>Whether floats are the same, nan and the sign of 0 included.</summary>
    public static bool HaveSameBits(float[] a, float[] b) =>
        MemoryMarshal.Cast<float, int>(a).SequenceEqual(MemoryMarshal.Cast<float, int>(b));

    /// <summary>Notes what is in it.</summary>
    public void Note() => (_values, _integers) = (Values(), Integers());

    /// <summary>Whether that is in it no longer.</summary>
    public bool IsChanged() => !HaveSameBits(_values, Values()) || !_integers.AsSpan().SequenceEqual(Integers());

    private float[] Values() => _tensor is { IsAlive: true } ? _tensor.ToArray() : [];

    private int[] Integers() => _indices is { IsAlive: true } ? _indices.ToArray() : [];
}
