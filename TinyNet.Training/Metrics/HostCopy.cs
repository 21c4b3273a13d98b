using TinyNet.Core;

namespace TinyNet.Training;

/// <summary>Memory for the numbers of a tensor, used again for the next batch.</summary>
internal struct HostCopy
{
    private float[]? _values;

    /// <summary>The elements in row-major order, until the next call.</summary>
    public ReadOnlySpan<float> Of(Tensor tensor)
    {
        if (_values is null || _values.Length < tensor.Length)
        {
            _values = new float[tensor.Length];
        }

        tensor.CopyTo(_values);
        return _values.AsSpan(0, tensor.Length);
    }
}
