using ILGPU;
using TinyNet.Core;

namespace TinyNet.Ilgpu;

/// <summary>Rows whose elements lie beside each other, along the last axis of a tensor; the rows themselves lie anywhere.</summary>
internal struct DenseRows
{
    public ArrayView<float> Memory;
    public WalkAxes Axes;
    public Steps Steps;

    /// <summary>Whether a tensor has such rows.</summary>
    public static bool Are(Tensor tensor) => tensor.Rank > 0 && (tensor.Layout.Strides[^1] == 1 || tensor.Shape.Sizes[^1] == 1);

    /// <summary>The rows of a tensor, in row-major order.</summary>
    public static DenseRows Of(Tensor tensor)
    {
        var axes = Walk.InOrder(tensor.Layout.Starts(tensor.Rank - 1), out var steps);
        return new() { Memory = tensor.Memory(), Axes = axes, Steps = steps };
    }

    /// <summary>Where a row starts.</summary>
    public readonly int Start(int row) => Steps.IndexOf(Axes.At(row));
}
