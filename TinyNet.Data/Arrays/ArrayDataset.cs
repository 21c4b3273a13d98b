using TinyNet.Core;

namespace TinyNet.Data;

/// <summary>
/// Samples with classes, all in memory: the features of sample i are the row i of a row-major array, its label is a class index.
/// Immutable, so it may be read from several threads.
/// </summary>
/// <remarks>Its fields are called "features" and "label".</remarks>
public sealed class ArrayDataset : Dataset<ClassificationBatch>
{
    private readonly ArrayRows _features;
    private readonly IndexField _label;

    /// <summary>Makes a dataset over the given arrays. They are not copied: do not write to them afterwards.</summary>
    /// <param name="name">What the data are called in messages and reports.</param>
    /// <param name="features">The samples one after another, each row-major in <paramref name="sampleShape"/>.</param>
    /// <param name="sampleShape">The shape of one sample without the batch dimension, e.g. [1, 8, 8] for a gray image.</param>
    /// <param name="labels">The class of each sample, 0 to the number of classes − 1.</param>
    /// <param name="classNames">The names of the classes, in order.</param>
    /// <exception cref="ArgumentException">Lengths do not fit each other, or there is no class, or one without name.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A label is no class.</exception>
    /// <exception cref="ShapeException">The shape is that of no tensor, or leaves no axis for the samples.</exception>
    public ArrayDataset(string name, float[] features, int[] sampleShape, int[] labels, string[] classNames)
        : base(name, labels, classNames)
    {
        ArgumentNullException.ThrowIfNull(sampleShape);
        _features = new ArrayRows(name, Numbers("features", sampleShape), features, labels.Length);
        _label = Indices("label");
    }

    /// <summary>All samples one after another: their number × <see cref="Dataset{TBatch}.SampleLength"/> values.</summary>
    public ReadOnlySpan<float> Features => _features.All;

    /// <summary>The values of one sample, row-major in <see cref="Dataset{TBatch}.SampleShape"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such sample.</exception>
    public ReadOnlySpan<float> Sample(int index)
    {
        EnsureSample(index);
        return _features[index];
    }

    /// <inheritdoc/>
    public override ClassificationBatch ToBatch(BatchTensors tensors) => new(tensors[_features.Field], tensors[_label]);

    /// <inheritdoc/>
    protected override void ReadCore(Sample sample)
    {
        _features[sample.Index].CopyTo(sample[_features.Field]);
        sample[_label][0] = Labels[sample.Index];
    }
}
