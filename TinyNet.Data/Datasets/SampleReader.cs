using TinyNet.Core;

namespace TinyNet.Data;

/// <summary>
/// Reads samples of a dataset one by one into memory of its own, for what makes something else of them; for one thread at a time.
/// </summary>
internal sealed class SampleReader<TBatch>(Dataset<TBatch> dataset)
{
    private readonly BatchMemory<TBatch> _memory = new(dataset, samples: 1, Device.Cpu, $"a sample of '{dataset.Name}'");

    /// <summary>The numbers of a field of a sample, which may be overwritten; there until the next one is read.</summary>
    /// <exception cref="SampleException">The sample could not be read.</exception>
    public Span<float> Read(int index, int epoch, NumberField field)
    {
        _memory.Fill([index], epoch);
        return _memory.Last(field);
    }
}
