using TinyNet.Autograd;
using TinyNet.Core;

namespace TinyNet.Layers;

/// <summary>
/// Convolution of images [N, C, H, W] (cross-correlation, as everywhere in the field):
/// y[n, o, i, j] = b[o] + Σ over p, q, c of W[p, q, c, o] · x[n, c, u(i, p), u(j, q)] with u(i, p) = i · stride + p · dilation − padding.
/// An axis becomes ⌊(size + 2 · padding − dilation · (kernel − 1) − 1) / stride⌋ + 1 long. Initially W and b are uniform in
/// ±1/√(fan in), as in PyTorch.
/// </summary>
/// <remarks>
/// Y. LeCun et al., "Gradient-based learning applied to document recognition", 1998. The weight is [height, width, in / groups, out];
/// initializers see it as [out, in / groups, height, width].
/// </remarks>
public sealed class Conv2d : ConvolutionLayer, ITakesNormalization
{
    /// <summary>Makes the layer.</summary>
    /// <param name="inChannels">The channels of the images.</param>
    /// <param name="outChannels">The channels of the output.</param>
    /// <param name="kernelSize">The size of the window: <c>3</c> or <c>(3, 5)</c>.</param>
    /// <param name="stride">The step from one window to the next; 1 by default.</param>
    /// <param name="padding">
    /// The zeros around the image: a number, a pair or <see cref="ConvolutionPadding.Same"/>; none by default.
    /// </param>
    /// <param name="dilation">The step from one tap to the next; 1 by default.</param>
    /// <param name="groups">
    /// Outputs see only the channels of their group; with as many groups as channels the convolution is depthwise.
    /// </param>
    /// <param name="bias">Whether there is a bias.</param>
    /// <param name="weightInitializer">How the weight starts; null for the default.</param>
    /// <param name="biasInitializer">How the bias starts; null for the default.</param>
    /// <param name="random">Where random numbers come from; null for <see cref="RandomStream.Default"/>.</param>
    /// <exception cref="ArgumentException">
    /// A size is not positive, channels do not fall into the groups, or padding 'same' comes with a stride.
    /// </exception>
    public Conv2d(
        int inChannels, int outChannels, Extent kernelSize,
        Extent? stride = null, ConvolutionPadding padding = default, Extent? dilation = null, int groups = 1, bool bias = true,
        Initializer? weightInitializer = null, Initializer? biasInitializer = null, RandomStream? random = null)
        : base(
            new ConvolutionSettings(inChannels, outChannels, kernelSize, stride ?? 1, padding, dilation ?? 1, groups, bias),
            weightInitializer, biasInitializer, random)
    {
    }

    internal override Tensor ForwardFused(Tensor input, in FusedLayers fused)
    {
        var normalization = fused.Normalization?.FixedStatistics;
        return fused.Function is { } function
            ? function.Convolve(input, Weight, Bias, Window, Groups, normalization)
            : input.Convolve(Weight, Bias, Window, Groups, normalization, default(IdentityOp));
    }

    /// <inheritdoc/>
    protected override Tensor ForwardCore(Tensor input) => input.Convolve(Weight, Bias, Window, Groups);
}
