using System.Numerics.Tensors;
using TinyNet.Core;

namespace TinyNet.Data;

/// <summary>Each sample of another dataset mixed with one that is drawn from all of them.</summary>
internal sealed class MixupDataset : SoftClassDataset
{
    private readonly ulong _seed;
    private readonly float _alpha;
    private readonly ReaderPool<Reader> _readers;

    public MixupDataset(Dataset<ClassificationBatch> source, ulong seed, float alpha)
        : base(source)
    {
        (_seed, _alpha) = (seed, Require.Positive(alpha));
        _readers = new(() => new Reader(source));
    }

    protected override void ReadCore(Sample sample)
    {
        var reader = _readers.Rent();
        try
        {
            reader.Random.Restart(SampleSeed.Of(_seed, Depth, 0, sample.Epoch, sample.Index));
            float share = (float)BetaDistribution.Draw(_alpha, reader.Random), rest = 1 - share;
            int other = reader.Random.Next(Count);
            Span<float> features = sample[Features], targets = sample[Targets];
            TensorPrimitives.Multiply(reader.Source.Read(sample.Index, sample.Epoch, SourceFeatures), share, features);
            var second = reader.Source.Read(other, sample.Epoch, SourceFeatures);
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

    /// <summary>What one reader works with.</summary>
    private sealed class Reader(Dataset<ClassificationBatch> source)
    {
        public RandomStream Random { get; } = new(0);

        public SampleReader<ClassificationBatch> Source { get; } = new(source);
    }
}
