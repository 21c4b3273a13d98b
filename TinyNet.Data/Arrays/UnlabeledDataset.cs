using TinyNet.Core;

namespace TinyNet.Data;

/// <summary>Samples with nothing to predict, all in memory: sample i is the row i of a row-major array. A batch is one tensor.</summary>
/// <remarks>Its field is called "features".</remarks>
public sealed class UnlabeledDataset : Dataset<Tensor>
{
    private readonly ArrayRows _features;

    /// <summary>Makes a dataset over the given array. It is not copied: do not write to it afterwards.</summary>
    /// <param name="name">What the data are called in messages and reports.</param>
    /// <param name="features">The samples one after another, each row-major in <paramref name="sampleShape"/>.</param>
    /// <param name="sampleShape">The shape of one sample without the batch dimension.</param>
    /// <exception cref="ArgumentException">The array does not end with a sample.</exception>
    /// <exception cref="ShapeException">The shape is that of no tensor, or leaves no axis for the samples.</exception>
    public UnlabeledDataset(string name, float[] features, int[] sampleShape) : base(name, ArrayRows.Count(features, sampleShape)) =>
        _features = new ArrayRows(name, Numbers("features", sampleShape), features, Count);

    /// <inheritdoc/>
    public override Tensor ToBatch(BatchTensors tensors) => tensors[_features.Field];

    /// <inheritdoc/>
    protected override void ReadCore(Sample sample) => _features[sample.Index].CopyTo(sample[_features.Field]);
}
