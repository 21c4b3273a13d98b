using TinyNet.Core;

namespace TinyNet.Data;

/// <summary>Memory for batches of a dataset, and the reading of samples into it.</summary>
internal sealed class BatchMemory<TBatch>
{
    private readonly Dataset<TBatch> _dataset;
    private readonly FieldBuffer[] _buffers;

    public BatchMemory(Dataset<TBatch> dataset, int samples, Device device, string origin)
    {
        _dataset = dataset;
        _buffers = new FieldBuffer[dataset.Fields.Count];
        for (int i = 0; i < _buffers.Length; i++)
        {
            _buffers[i] = FieldBuffer.Make(dataset.Fields[i], samples, device, origin);
        }
    }

    /// <summary>Reads samples, on any thread.</summary>
    /// <exception cref="SampleException">A sample could not be read.</exception>
    public void Fill(ReadOnlySpan<int> indices, int epoch)
    {
        for (int row = 0; row < indices.Length; row++)
        {
            foreach (var buffer in _buffers)
            {
                buffer.BeginSample(row);
            }

            _dataset.Read(new Sample(_buffers, indices[row], epoch));
        }

        foreach (var buffer in _buffers)
        {
            buffer.EndBatch(indices.Length);
        }
    }

    /// <summary>The numbers of a field of the sample that was read last.</summary>
    public Span<float> Last(NumberField field) => ((NumberBuffer)FieldBuffer.Of(_buffers, field)).Current;

    /// <summary>What has been read, as tensors.</summary>
    public TBatch ToBatch() => _dataset.ToBatch(new BatchTensors(_buffers));

    /// <summary>Gives tensors of the contents the lifetime of a batch.</summary>
    public void BeginLife()
    {
        foreach (var buffer in _buffers)
        {
            buffer.BeginLife();
        }
    }

    /// <summary>Ends the contents: tensors made of them are refused from now on.</summary>
    public void EndLife()
    {
        foreach (var buffer in _buffers)
        {
            buffer.EndLife();
        }
    }
}
