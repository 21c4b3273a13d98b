using TinyNet.Core;
using TinyNet.Data;

namespace TinyNet.Training;

/// <summary>Collects the rows of tensors, batch by batch.</summary>
internal sealed class PredictionRows(int samples)
{
    private float[]? _values;
    private Shape _rowShape;
    private Device? _device;
    private int _rows, _rowLength;

    /// <summary>For the samples of a loader that does not shuffle.</summary>
    public static PredictionRows For<TBatch>(DataLoader<TBatch> data)
    {
        ArgumentNullException.ThrowIfNull(data);
        return data.Shuffles
            ? throw new ArgumentException(
                "the loader shuffles, and nobody would know which row is whose: give one that does not, or use ForEach", nameof(data))
            : new PredictionRows(data.SampleCount);
    }

    public void Add(Tensor output)
    {
        if (_values is null)
        {
            if (output.Rank == 0)
            {
                throw Unfit(output, "of N samples come outputs [N, ..]");
            }

            _rowShape = output.Shape.Without(0);
            (_device, _rowLength) = (output.Device, _rowShape.Length);
            _values = Allocation.OnHost<float>(WholeShape, "Predict");
        }

        if (output.Rank == 0 || output.Shape.Without(0) != _rowShape || output.Shape[0] > samples - _rows)
        {
            throw Unfit(
                output, $"after {_rows} of {samples} rows of shape {_rowShape}; a model gives one row for each sample, of one shape");
        }

        output.CopyTo(_values.AsSpan(_rows * _rowLength, output.Length));
        _rows += output.Shape[0];
    }

    public Tensor ToTensor() => _rows == samples && _values is not null
        ? Tensor.From(_values, WholeShape, _device)
        : throw new ShapeException("Predict", $"{_rows} rows for {samples} samples", "a model gives one row for each sample");

    private Shape WholeShape => new([samples, .. _rowShape.Sizes]);

    private static ShapeException Unfit(Tensor output, string remedy) => new("Predict", $"an output of shape {output.Shape}", remedy);
}
