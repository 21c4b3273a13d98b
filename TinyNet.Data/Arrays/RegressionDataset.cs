using TinyNet.Core;

namespace TinyNet.Data;

/// <summary>Samples with numbers that are to be predicted, all in memory: those of sample i are the row i of row-major arrays.</summary>
/// <remarks>Its fields are called "features" and "target".</remarks>
public sealed class RegressionDataset : Dataset<RegressionBatch>
{
    private readonly ArrayRows _features, _targets;

    /// <summary>Makes a dataset over the given arrays. They are not copied: do not write to them afterwards.</summary>
    /// <param name="name">What the data are called in messages and reports.</param>
    /// <param name="features">The samples one after another, each row-major in <paramref name="sampleShape"/>.</param>
    /// <param name="sampleShape">The shape of one sample without the batch dimension, e.g. [13] for the columns of a table.</param>
    /// <param name="targets">The targets of the samples one after another, each row-major in <paramref name="targetShape"/>.</param>
    /// <param name="targetShape">The shape of the targets of one sample, as the network gives them; [1] if null.</param>
    /// <exception cref="ArgumentException">Lengths do not fit each other.</exception>
    /// <exception cref="ShapeException">A shape is that of no tensor, or leaves no axis for the samples.</exception>
    public RegressionDataset(string name, float[] features, int[] sampleShape, float[] targets, int[]? targetShape = null)
        : base(name, ArrayRows.Count(targets, targetShape ??= [1]))
    {
        ArgumentNullException.ThrowIfNull(sampleShape);
        _features = new ArrayRows(name, Numbers("features", sampleShape), features, Count);
        _targets = new ArrayRows(name, Numbers("target", targetShape), targets, Count);
    }

    /// <inheritdoc/>
    public override RegressionBatch ToBatch(BatchTensors tensors) => new(tensors[_features.Field], tensors[_targets.Field]);

    /// <inheritdoc/>
    protected override void ReadCore(Sample sample)
    {
        _features[sample.Index].CopyTo(sample[_features.Field]);
        _targets[sample.Index].CopyTo(sample[_targets.Field]);
    }
}
