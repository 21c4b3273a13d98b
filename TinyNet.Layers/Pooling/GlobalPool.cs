using TinyNet.Autograd;
using TinyNet.Core;

namespace TinyNet.Layers;

/// <summary>The mean of every channel: [N, C, ..] becomes [N, C], whatever the other axes are.</summary>
/// <remarks>M. Lin, Q. Chen, S. Yan, "Network in network", ICLR 2014, arXiv:1312.4400.</remarks>
public sealed class GlobalAvgPool : Module<Tensor, Tensor>, IFeatureLayer
{
    int IFeatureLayer.FeatureAxis => 1;

    /// <inheritdoc/>
    public override string Describe() => "GlobalAvgPool()";

    /// <inheritdoc/>
    protected override Tensor ForwardCore(Tensor input) => input.Mean(PixelAxes("GlobalAvgPool", input));

    /// <summary>All axes but those of batch and channels.</summary>
    internal static Axes PixelAxes(string name, Tensor input)
    {
        Operation.Check(name, input);
        if (input.Rank < 3)
        {
            throw new ShapeException(name, $"an input of shape {input.Shape}", "pooling takes the axes [batch, channels, ..]");
        }

        Span<int> axes = stackalloc int[input.Rank - 2];
        for (int i = 0; i < axes.Length; i++)
        {
            axes[i] = i + 2;
        }

        return new Axes(axes);
    }
}

/// <summary>
/// The largest element of every channel: [N, C, ..] becomes [N, C], whatever the other axes are. Equal ones share the gradient
/// evenly.
/// </summary>
public sealed class GlobalMaxPool : Module<Tensor, Tensor>, IFeatureLayer
{
    int IFeatureLayer.FeatureAxis => 1;

    /// <inheritdoc/>
    public override string Describe() => "GlobalMaxPool()";

    /// <inheritdoc/>
    protected override Tensor ForwardCore(Tensor input) => input.Max(GlobalAvgPool.PixelAxes("GlobalMaxPool", input));
}
