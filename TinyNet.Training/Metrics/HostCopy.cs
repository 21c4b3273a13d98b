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

/// <summary>Numbers predicted, and what they should be.</summary>
internal struct HostPair
{
    private HostCopy _output, _target;

    /// <summary>The numbers of both, until the next call.</summary>
    /// <exception cref="ShapeException">The shapes differ.</exception>
    public void Read(string metric, Tensor output, Tensor target, out ReadOnlySpan<float> predicted, out ReadOnlySpan<float> right)
    {
        ArgumentNullException.ThrowIfNull(output);
        ArgumentNullException.ThrowIfNull(target);
        if (output.Shape != target.Shape)
        {
            throw new ShapeException(metric, $"predictions of shape {output.Shape} with targets of shape {target.Shape}",
                "a metric does not broadcast: Reshape or Unsqueeze one of them");
        }

        predicted = _output.Of(output);
        right = _target.Of(target);
    }
}
