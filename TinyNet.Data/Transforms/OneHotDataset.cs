namespace TinyNet.Data;

/// <summary>Another dataset with its classes as probabilities: 1 for the class of a sample.</summary>
internal sealed class OneHotDataset : Dataset<SoftClassificationBatch>
{
    private readonly NumberField _source, _features, _targets;
    private readonly ReaderPool<SampleReader<ClassificationBatch>> _readers;

    public OneHotDataset(Dataset<ClassificationBatch> source)
        : base(source.Name, source.Labels.ToArray(), MixupDataset.ClassesOf(source))
    {
        Depth = source.Depth + 1;
        _source = NumberFields.Find(source, name: null);
        _features = Numbers(_source.Name, _source.Shape);
        _targets = Numbers("target", Classes);
        _readers = new(() => new SampleReader<ClassificationBatch>(source));
    }

    public override SoftClassificationBatch ToBatch(BatchTensors tensors) => new(tensors[_features], tensors[_targets]);

    protected override void ReadCore(Sample sample)
    {
        var reader = _readers.Rent();
        try
        {
            reader.Read(sample.Index, sample.Epoch, _source).CopyTo(sample[_features]);
            sample[_targets][Labels[sample.Index]] = 1;
        }
        finally
        {
            _readers.Return(reader);
        }
    }
}
