using TinyNet.Autograd;
using TinyNet.Core;

namespace TinyNet.Layers;

/// <summary>
/// Transposed convolution of images [N, C, H, W]: each pixel adds its window, W scaled by it, to the output. It is the gradient of
/// <see cref="Conv2d"/> to its input. An axis becomes
/// (size − 1) · stride − 2 · padding + dilation · (kernel − 1) + output padding + 1 long.
/// </summary>
/// <remarks>
/// M. D. Zeiler et al., "Deconvolutional networks", CVPR 2010. The weight is [height, width, out / groups, in]; initializers see it as
/// [in, out / groups, height, width]. Initially W and b are uniform in ±1/√(out / groups · height · width), as in PyTorch.
/// </remarks>
public sealed class ConvTranspose2d : ConvolutionLayer
{
    private readonly Extent _outputPadding;

    /// <summary>Makes the layer.</summary>
    /// <param name="inChannels">The channels of the images.</param>
    /// <param name="outChannels">The channels of the output.</param>
    /// <param name="kernelSize">The size of the window.</param>
    /// <param name="stride">The step from one window to the next in the output; 1 by default.</param>
    /// <param name="padding">What is cut off around the output; none by default.</param>
    /// <param name="outputPadding">What the output grows by at its ends, less than the stride or dilation.</param>
    /// <param name="dilation">The step from one tap to the next; 1 by default.</param>
    /// <param name="groups">Outputs see only the channels of their group.</param>
    /// <param name="bias">Whether there is a bias.</param>
    /// <param name="weightInitializer">How the weight starts; null for the default.</param>
    /// <param name="biasInitializer">How the bias starts; null for the default.</param>
    /// <param name="random">Where random numbers come from; null for <see cref="RandomStream.Default"/>.</param>
    /// <exception cref="ArgumentException">
    /// A size is not positive, the output padding is too large, or channels do not fall into the groups.
    /// </exception>
    public ConvTranspose2d(
        int inChannels, int outChannels, Extent kernelSize,
        Extent? stride = null, ConvolutionPadding padding = default, Extent? outputPadding = null, Extent? dilation = null, int groups = 1,
        bool bias = true, Initializer? weightInitializer = null, Initializer? biasInitializer = null, RandomStream? random = null)
        : base(
            new ConvolutionSettings(inChannels, outChannels, kernelSize, stride ?? 1, padding, dilation ?? 1, groups, bias)
            {
                IsTransposed = true,
                OutputPadding = outputPadding ?? 0,
            },
            weightInitializer, biasInitializer, random) => _outputPadding = outputPadding ?? 0;

    /// <inheritdoc/>
    protected override Tensor ForwardCore(Tensor input) =>
        input.ConvolveTransposed(Weight, Bias, Window, (_outputPadding.Height, _outputPadding.Width), Groups);
}
