using TinyNet.Core;

namespace TinyNet.Autograd;

/// <summary>
/// The classes that logits [N, C, ..], or probabilities, predict beside the labels [N, ..]: the one rule of <c>x.Accuracy</c> and of all
/// metrics. Predicted are the classes with the largest logits; of equal ones the first count as larger, and nan as largest, as in
/// <c>ArgMax</c> and <c>TopK</c>.
/// </summary>
internal readonly ref struct ClassPredictions
{
    private readonly ReadOnlySpan<int> _predicted;
    private readonly int _top, _inner;
    private readonly int? _ignoreIndex;

    /// <summary>Predicts, by logits and labels that <see cref="Check"/> has let pass.</summary>
    /// <param name="output">The logits or probabilities.</param>
    /// <param name="labels">The right classes.</param>
    /// <param name="top">How many classes a prediction has.</param>
    /// <param name="ignoreIndex">A label that does not count; null for none.</param>
    public ClassPredictions(Tensor output, IndexTensor labels, int top, int? ignoreIndex)
    {
        (_top, _ignoreIndex) = (top, ignoreIndex);
        Labels = labels.Values;
        _inner = output.Rank == 2 ? 1 : labels.Length / Math.Max(1, labels.Shape.Sizes[0]);
        _predicted = (top == 1 ? output.ArgMax(1, keepDims: true) : output.TopK(top, 1).Indices).Values;
    }

    /// <summary>The classes that <see cref="OnDevice"/> has found, one for each label.</summary>
    public ClassPredictions(ReadOnlySpan<float> classes, IndexTensor labels, int? ignoreIndex)
    {
        (_top, _inner, _ignoreIndex) = (1, 1, ignoreIndex);
        Labels = labels.Values;
        int[] predicted = new int[classes.Length];
        for (int i = 0; i < predicted.Length; i++)
        {
            predicted[i] = (int)classes[i];
        }

        _predicted = predicted;
    }

    /// <summary>The right classes, and what is ignored.</summary>
    public ReadOnlySpan<int> Labels { get; }

    /// <summary>Looks at logits and all labels, so that what is refused leaves no trace.</summary>
    /// <param name="name">Who asks, for messages.</param>
    /// <param name="output">The logits or probabilities.</param>
    /// <param name="labels">The right classes.</param>
    /// <param name="top">How many classes a prediction has.</param>
    /// <param name="ignoreIndex">A label that does not count; null for none.</param>
    /// <returns>How many classes there are.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The prediction has no class, or more than there are.</exception>
    /// <exception cref="ShapeException">The logits have no classes, or the labels another shape.</exception>
    /// <exception cref="TensorException">A label is no class, and not ignored.</exception>
    public static int Check(string name, Tensor output, IndexTensor labels, int top, int? ignoreIndex)
    {
        Operation.Check(name, output);
        ArgumentNullException.ThrowIfNull(labels);
        if (output.Rank < 2 || output.Shape.Sizes[1] == 0 || labels.Shape != output.Shape.Without(1))
        {
            throw new ShapeException(name, $"logits of shape {output.Shape} with labels of shape {labels.Shape}",
                "give logits [N, C, ..] and labels [N, ..]");
        }

        int classes = output.Shape.Sizes[1];
        Require.Between(1, classes, top);
        foreach (int label in labels.Values)
        {
            if ((uint)label >= (uint)classes && label != ignoreIndex)
            {
                throw new TensorException(name, $"label {label} with {classes} to choose from (labels of shape {labels.Shape})",
                    $"valid are 0 to {classes - 1}{(ignoreIndex is { } ignored ? $", and {ignored}, which is ignored" : "")}");
            }
        }

        return classes;
    }

    /// <summary>The classes with the largest logits [N, 1, ..], as floats: nothing is read, and so no device waited for.</summary>
    public static Tensor OnDevice(Tensor output)
    {
        const string name = "Accuracy";
        Shape reduced = output.Shape.With(1, 1), ofClasses = default(Axes).Reduce(output.Shape, name).With(1, output.Shape.Sizes[1]);
        var classes = output.Device.Numbers(ofClasses, name);
        Tensor largest = Tensor.Result(name, reduced, output.Device), first = Tensor.Result(name, reduced, output.Device);
        var places = Tensor.ResultLike(name, output);
        output.Device.Reduce(new MaxReduction(), output, largest);
        output.Device.Map(new ExtremePlaceMap(), output, largest, classes, places);
        output.Device.Reduce(new MinReduction(), places, first);
        places.Release();
        largest.Release();
        classes.Release();
        return first;
    }

    /// <summary>Whether the label at a place counts.</summary>
    public bool Counts(int place) => Labels[place] != _ignoreIndex;

    /// <summary>The class predicted at a place, of which <paramref name="rank"/> others are larger.</summary>
    public int At(int place, int rank = 0) => _predicted[(place / _inner * _top + rank) * _inner + place % _inner];

    /// <summary>How many labels count, and how many of those are among the predicted classes.</summary>
    public (int Counted, int Right) Count()
    {
        int counted = 0, right = 0;
        for (int i = 0; i < Labels.Length; i++)
        {
            if (Counts(i))
            {
                counted++;
                for (int rank = 0; rank < _top; rank++)
                {
                    right += At(i, rank) == Labels[i] ? 1 : 0;
                }
            }
        }

        return (counted, right);
    }
}
