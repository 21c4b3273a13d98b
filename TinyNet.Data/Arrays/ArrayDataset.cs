using System.Diagnostics;
using TinyNet.Core;

namespace TinyNet.Data;

/// <summary>
/// Labeled samples of one shape, all in memory: the features of sample i are the row i of a row-major array, its label
/// is a class index. Immutable, so it may be read from several threads.
/// </summary>
[DebuggerDisplay("{ToString(),nq}")]
public sealed class ArrayDataset
{
    private readonly float[] _features;
    private readonly int[] _labels;
    private readonly int[] _sampleShape;
    private readonly string[] _classNames;

    /// <summary>Makes a dataset over the given arrays. They are not copied: do not write to them afterwards.</summary>
    /// <param name="name">What the data are called in messages and reports.</param>
    /// <param name="features">The samples one after another, each row-major in <paramref name="sampleShape"/>.</param>
    /// <param name="sampleShape">The shape of one sample without the batch dimension, e.g. [1, 8, 8] for a gray image.</param>
    /// <param name="labels">The class of each sample, 0 to the number of classes − 1.</param>
    /// <param name="classNames">The names of the classes, in order.</param>
    /// <exception cref="ArgumentException">
    /// Lengths do not fit each other, a dimension is negative, a sample is larger than any tensor, or there is no class, or one without
    /// name.
    /// </exception>
    /// <exception cref="ArgumentOutOfRangeException">A label is no class.</exception>
    public ArrayDataset(string name, float[] features, int[] sampleShape, int[] labels, string[] classNames)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentNullException.ThrowIfNull(features);
        ArgumentNullException.ThrowIfNull(sampleShape);
        ArgumentNullException.ThrowIfNull(labels);
        ArgumentNullException.ThrowIfNull(classNames);

        // As in a tensor, empty dimensions count as one in what there can be.
        long sampleLength = 1, counted = 1;
        foreach (int size in sampleShape)
        {
            if (size < 0)
            {
                throw new ArgumentException($"dataset '{name}': the sample shape {Describe(sampleShape)} has a negative dimension",
                    nameof(sampleShape));
            }

            sampleLength *= size;
            counted *= Math.Max(1, size);
            if (counted > int.MaxValue)
            {
                throw new ArgumentException($"dataset '{name}': a sample of shape {Describe(sampleShape)} has more than {int.MaxValue} "
                    + "values; split the samples", nameof(sampleShape));
            }
        }

        if (features.LongLength != labels.Length * sampleLength)
        {
            throw new ArgumentException($"dataset '{name}': {labels.Length} samples of shape {Describe(sampleShape)} are "
                + $"{labels.Length * sampleLength} values, but there are {features.Length}", nameof(features));
        }

        if (classNames.Length == 0)
        {
            throw new ArgumentException($"dataset '{name}': there is no class; name at least one", nameof(classNames));
        }

        if (Array.FindIndex(classNames, className => className is null) is >= 0 and var unnamed)
        {
            throw new ArgumentException($"dataset '{name}': class {unnamed} has no name", nameof(classNames));
        }

        for (int i = 0; i < labels.Length; i++)
        {
            if ((uint)labels[i] >= (uint)classNames.Length)
            {
                throw new ArgumentOutOfRangeException(nameof(labels), labels[i],
                    $"dataset '{name}': the label of sample {i} is outside 0..{classNames.Length - 1}");
            }
        }

        Name = name;
        SampleLength = (int)sampleLength;
        _features = features;
        _sampleShape = sampleShape;
        _labels = labels;
        _classNames = classNames;
    }

    /// <summary>What the data are called in messages and reports.</summary>
    public string Name { get; }

    /// <summary>How many samples there are.</summary>
    public int Count => _labels.Length;

    /// <summary>How many classes there are.</summary>
    public int Classes => _classNames.Length;

    /// <summary>The names of the classes, in order.</summary>
    public ReadOnlySpan<string> ClassNames => _classNames;

    /// <summary>The shape of one sample, without the batch dimension.</summary>
    public ReadOnlySpan<int> SampleShape => _sampleShape;

    /// <summary>How many values one sample has: the product of <see cref="SampleShape"/>.</summary>
    public int SampleLength { get; }

    /// <summary>All samples one after another: <see cref="Count"/> × <see cref="SampleLength"/> values.</summary>
    public ReadOnlySpan<float> Features => _features;

    /// <summary>The class of each sample.</summary>
    public ReadOnlySpan<int> Labels => _labels;

    /// <summary>The values of one sample, row-major in <see cref="SampleShape"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such sample.</exception>
    public ReadOnlySpan<float> Sample(int index)
    {
        if ((uint)index >= (uint)Count)
        {
            throw new ArgumentOutOfRangeException(nameof(index), index, $"dataset '{Name}' has the samples 0..{Count - 1}");
        }

        return _features.AsSpan(index * SampleLength, SampleLength);
    }

    /// <summary>Copies the chosen samples, in the order given, into a dataset of their own.</summary>
    /// <param name="name">The name of the new dataset.</param>
    /// <param name="indices">Which samples; one may be chosen more than once.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such sample.</exception>
    /// <exception cref="TensorException">They are more values than an array holds, or than there is memory for.</exception>
    public ArrayDataset Subset(string name, ReadOnlySpan<int> indices)
    {
        float[] features = Allocation.OnHost<float>([indices.Length, SampleLength], $"Subset of '{Name}'");
        int[] labels = new int[indices.Length];
        for (int i = 0; i < indices.Length; i++)
        {
            Sample(indices[i]).CopyTo(features.AsSpan(i * SampleLength, SampleLength));
            labels[i] = _labels[indices[i]];
        }

        return new ArrayDataset(name, features, _sampleShape, labels, _classNames);
    }

    /// <summary>
    /// Splits off a part of every class, without any randomness: see <see cref="StratifiedSplit.Indices"/>. The same data
    /// and fraction give the same split for ever, whatever the seed of a training.
    /// </summary>
    /// <param name="heldOutFraction">The part of each class to hold out, between 0 and 1.</param>
    /// <param name="keptName">The name of the larger part, by default this dataset's name.</param>
    /// <param name="heldOutName">The name of the part held out, by default this dataset's name with "/held-out".</param>
    /// <returns>The part kept and the part held out, both in the order of this dataset.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The fraction is not between 0 and 1.</exception>
    public (ArrayDataset Kept, ArrayDataset HeldOut) SplitStratified(double heldOutFraction, string? keptName = null,
        string? heldOutName = null)
    {
        var (kept, heldOut) = StratifiedSplit.Indices(Labels, Classes, heldOutFraction);
        return (Subset(keptName ?? Name, kept), Subset(heldOutName ?? Name + "/held-out", heldOut));
    }

    /// <summary>The name, the number of samples, their shape and the number of classes.</summary>
    public override string ToString() => $"{Name}: {Count} samples of {Describe(_sampleShape)}, {Classes} classes";

    private static string Describe(int[] shape) => $"[{string.Join(", ", shape)}]";
}
