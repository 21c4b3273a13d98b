namespace TinyNet.Data;

/// <summary>Another dataset with its classes as probabilities: 1 for the class of a sample.</summary>
internal sealed class OneHotDataset(Dataset<ClassificationBatch> source) : SoftClassDataset(source)
{
    private readonly ReaderPool<SampleReader<ClassificationBatch>> _readers = new(() => new SampleReader<ClassificationBatch>(source));

    protected override void ReadCore(Sample sample)
    {
        var reader = _readers.Rent();
        try
        {
            reader.Read(sample.Index, sample.Epoch, SourceFeatures).CopyTo(sample[Features]);
            sample[Targets][Labels[sample.Index]] = 1;
        }
        finally
        {
            _readers.Return(reader);
        }
    }
}
