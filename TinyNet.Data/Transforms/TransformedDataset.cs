namespace TinyNet.Data;

/// <summary>Another dataset, whose images go through transforms where they lie.</summary>
internal sealed class TransformedDataset<TBatch> : Dataset<TBatch>
{
    private readonly Dataset<TBatch> _source;
    private readonly Transform[] _transforms;
    private readonly ulong _seed;
    private readonly NumberField _image;
    private readonly int _channels, _height, _width;
    private readonly ReaderPool<TransformScratch> _readers = new(() => new TransformScratch());

    public TransformedDataset(Dataset<TBatch> source, ulong seed, string? field, ReadOnlySpan<Transform> transforms)
        : base(source.Name, source)
    {
        (_source, _seed, _transforms) = (source, seed, transforms.ToArray());
        _image = NumberFields.Find(source, field);
        bool takesRows = true;
        foreach (var transform in _transforms)
        {
            ArgumentNullException.ThrowIfNull(transform, nameof(transforms));
            takesRows &= transform.TakesRows;
        }

        (_channels, _height, _width) = NumberFields.ImageShape("Transform", Name, _image, takesRows);
        foreach (var transform in _transforms)
        {
            transform.EnsureFits(_channels, _height, _width);
        }
    }

    public override TBatch ToBatch(BatchTensors tensors) => _source.ToBatch(tensors);

    protected override void ReadCore(Sample sample)
    {
        _source.Read(sample);
        var scratch = _readers.Rent();
        try
        {
            var image = new ImageSpan(sample[_image], _channels, _height, _width, scratch);
            for (int i = 0; i < _transforms.Length; i++)
            {
                scratch.Random.Restart(SampleSeed.Of(_seed, Depth, i, sample.Epoch, sample.Index));
                _transforms[i].Apply(image, scratch.Random);
            }
        }
        finally
        {
            _readers.Return(scratch);
        }
    }
}
