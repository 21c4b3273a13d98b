namespace TinyNet.Data;

/// <summary>Some samples of a dataset: their numbers, not the samples.</summary>
internal sealed class Subset<TBatch> : Dataset<TBatch>
{
    private readonly Dataset<TBatch> _source;
    private readonly int[] _indices;

    public Subset(string name, Dataset<TBatch> source, ReadOnlySpan<int> indices) : base(name, source, indices) =>
        (_source, _indices) = (source, indices.ToArray());

    public override int? LengthOf(int index)
    {
        EnsureSample(index);
        return _source.LengthOf(_indices[index]);
    }

    public override TBatch ToBatch(BatchTensors tensors) => _source.ToBatch(tensors);

    protected override void ReadCore(Sample sample) => _source.Read(sample.At(_indices[sample.Index]));
}
