using System.Numerics.Tensors;
using TinyNet.Core;

namespace TinyNet.Data;

/// <summary>Each sample of another dataset mixed with one that is drawn from all of them.</summary>
internal sealed class MixupDataset : Dataset<SoftClassificationBatch>
{
    private readonly NumberField _source, _features, _targets;
    private readonly ulong _seed;
    private readonly float _alpha;
    private readonly ReaderPool<Reader> _readers;

    public MixupDataset(Dataset<ClassificationBatch> source, ulong seed, float alpha)
        : base(source.Name, source.Labels.ToArray(), ClassesOf(source))
    {
        (_seed, _alpha, Depth) = (seed, Require.Positive(alpha), source.Depth + 1);
        _source = NumberFields.Find(source, name: null);
        _features = Numbers(_source.Name, _source.Shape);
        _targets = Numbers("target", Classes);
        _readers = new(() => new Reader(source));
    }

    public override SoftClassificationBatch ToBatch(BatchTensors tensors) => new(tensors[_features], tensors[_targets]);

    protected override void ReadCore(Sample sample)
    {
        var reader = _readers.Rent();
        try
        {
            reader.Random.Restart(SampleSeed.Of(_seed, Depth, 0, sample.Epoch, sample.Index));
            float share = (float)BetaDistribution.Draw(_alpha, reader.Random), rest = 1 - share;
            int other = reader.Random.Next(Count);
            Span<float> features = sample[_features], targets = sample[_targets];
            TensorPrimitives.Multiply(reader.Source.Read(sample.Index, sample.Epoch, _source), share, features);
            var second = reader.Source.Read(other, sample.Epoch, _source);
            TensorPrimitives.Multiply(second, rest, second);
            TensorPrimitives.Add(features, second, features);
            targets[Labels[sample.Index]] += share;
            targets[Labels[other]] += rest;
        }
        finally
        {
            _readers.Return(reader);
        }
    }

    /// <summary>The classes that targets have probabilities of.</summary>
    public static string[] ClassesOf(Dataset<ClassificationBatch> source) => source.Classes > 0 ? source.ClassNames.ToArray()
        : throw new ArgumentException($"dataset '{source.Name}' has no classes, whose probabilities would be the targets", nameof(source));

    /// <summary>What one reader works with.</summary>
    private sealed class Reader(Dataset<ClassificationBatch> source)
    {
        public RandomStream Random { get; } = new(0);

        public SampleReader<ClassificationBatch> Source { get; } = new(source);
    }
}
