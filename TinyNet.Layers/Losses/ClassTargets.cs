using System.Buffers;
using TinyNet.Autograd;
using TinyNet.Core;

namespace TinyNet.Layers;

/// <summary>Classes as targets: their weights, the one that is ignored, and the losses of logarithms of probabilities [N, C, ..].</summary>
internal sealed class ClassTargets
{
    private readonly string _loss;
    private readonly int? _ignoreIndex;
    private Tensor? _weights;

    public ClassTargets(string loss, Tensor? weights, int? ignoreIndex)
    {
        if (weights is not null && weights.Rank != 1)
        {
            throw new ArgumentException($"class weights of shape {weights.Shape}: give a vector, one for each class", nameof(weights));
        }

        foreach (float weight in weights?.ToArray() ?? [])
        {
            if (!(weight >= 0 && float.IsFinite(weight)))
            {
                throw new ArgumentException($"a class weight of {weight}: weights are numbers of 0 or more", nameof(weights));
            }
        }

        (_loss, _weights, _ignoreIndex) = (loss, weights, ignoreIndex);
    }

    /// <summary>Whether there are neither weights nor ignored labels.</summary>
    public bool ArePlain(IndexTensor labels) => _weights is null && !HasIgnored(labels);

    /// <summary>Refuses labels of another shape than the predictions, and those that are no class and not ignored.</summary>
    public void EnsureFit(Tensor prediction, IndexTensor target)
    {
        ArgumentNullException.ThrowIfNull(prediction);
        ArgumentNullException.ThrowIfNull(target);
        if (prediction.Rank < 2 || prediction.Shape.Without(1) != target.Shape)
        {
            throw new ShapeException(_loss, $"predictions of shape {prediction.Shape} with labels of shape {target.Shape}", "give predictions [N, C, ..] and labels [N, ..]");
        }

        int classes = prediction.Shape[1];
        foreach (int label in target.Values)
        {
            if ((uint)label >= (uint)classes && label != _ignoreIndex)
            {
                throw new ShapeException(_loss, $"label {label} with {classes} classes (labels of shape {target.Shape})", $"valid are 0 to {classes - 1}{(_ignoreIndex is { } ignored ? $", and {ignored}, which is ignored" : "")}");
            }
        }
    }

    public void EnsureNoneIgnored()
    {
        if (_ignoreIndex is { } ignored)
        {
            throw new InvalidOperationException($"{_loss}: label {ignored} is to be ignored, but the targets are probabilities, which have no labels; make the loss without ignoreIndex");
        }
    }

    /// <summary>The weights on the device of the predictions, in a shape that broadcasts along axis 1.</summary>
    public Tensor? Weights(Tensor prediction)
    {
        if (prediction.Rank < 2)
        {
            throw new ShapeException(_loss, $"predictions of shape {prediction.Shape}", "give predictions [N, C, ..]");
        }

        if (_weights is null)
        {
            return null;
        }

        if (_weights.Length != prediction.Shape[1])
        {
            throw new ShapeException(_loss, $"{_weights.Length} class weights for predictions of shape {prediction.Shape}", $"give {prediction.Shape[1]}: one for each class");
        }

        if (_weights.Device != prediction.Device)
        {
            _weights = _weights.Keep(prediction.Device);
        }

        Span<int> sizes = stackalloc int[prediction.Rank];
        sizes.Fill(1);
        sizes[1] = _weights.Length;
        return _weights.Reshape(sizes);
    }

    /// <summary>The losses (1 − ε) · −w_y x_y + ε / C · Σ −w_c x_c, 0 where the label is ignored, reduced.</summary>
    public Tensor Reduce(Tensor logarithms, IndexTensor labels, float smoothing, Reduction reduction)
    {
        var weights = Weights(logarithms);
        var ignored = HasIgnored(labels) ? Ignored(labels, logarithms.Device) : null;
        var index = (ignored is null ? labels : WithoutIgnored(labels)).Reshape(logarithms.Shape.With(1, 1));
        var losses = -logarithms.Gather(1, index).Squeeze(1);
        var weight = weights?.Expand(logarithms.Shape.Sizes).Gather(1, index).Squeeze(1);
        if (weight is not null)
        {
            losses *= weight;
        }

        if (smoothing > 0)
        {
            var all = (weights is null ? logarithms : logarithms * weights).Sum(1);
            losses = (1 - smoothing) * losses - smoothing / logarithms.Shape[1] * all;
        }

        if (ignored is not null)
        {
            losses = losses.MaskedFill(ignored, 0);
            weight = weight is null ? 1f - ignored : weight.MaskedFill(ignored, 0);
        }

        return reduction switch
        {
            Reduction.None => losses,
            Reduction.Sum => losses.Sum(),
            Reduction.BatchMean => losses.Sum() / labels.Shape[0],
            _ => weight is null ? losses.Mean() : losses.Sum() / weight.Sum(),
        };
    }

    private bool HasIgnored(IndexTensor labels) => _ignoreIndex is { } ignored && labels.Values.Contains(ignored);

    private Tensor Ignored(IndexTensor labels, Device device)
    {
        float[] rented = ArrayPool<float>.Shared.Rent(labels.Length);
        var values = rented.AsSpan(0, labels.Length);
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = labels.Values[i] == _ignoreIndex ? 1 : 0;
        }

        var mask = Tensor.Result(_loss, labels.Shape, device);
        device.Upload(values, mask);
        ArrayPool<float>.Shared.Return(rented);
        return mask;
    }

    /// <summary>0 stands in for the ignored label, which need not be a class.</summary>
    private IndexTensor WithoutIgnored(IndexTensor labels)
    {
        var others = IndexTensor.Result(_loss, labels.Shape);
        labels.Values.Replace(others.Overwrite(_loss), _ignoreIndex!.Value, 0);
        return others;
    }
}
