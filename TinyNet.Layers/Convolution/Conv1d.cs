using TinyNet.Autograd;
using TinyNet.Core;

namespace TinyNet.Layers;

/// <summary>
/// Convolution of sequences [N, C, L]: y[n, o, i] = b[o] + Σ over p, c of W[p, c, o] · x[n, c, i · stride + p · dilation − padding].
/// The axis becomes ⌊(L + 2 · padding − dilation · (kernel − 1) − 1) / stride⌋ + 1 long. Initially W and b are uniform in
/// ±1/√(fan in), as in PyTorch.
/// </summary>
/// <remarks>The weight is [kernel, in / groups, out]; initializers see it as [out, in / groups, 1, kernel].</remarks>
public sealed class Conv1d : ConvolutionLayer
{
    /// <summary>Makes the layer.</summary>
    /// <param name="inChannels">The channels of the sequences.</param>
    /// <param name="outChannels">The channels of the output.</param>
    /// <param name="kernelSize">The size of the window.</param>
    /// <param name="stride">The step from one window to the next.</param>
    /// <param name="padding">The zeros at both ends: a number or <see cref="ConvolutionPadding.Same"/>; none by default.</param>
    /// <param name="dilation">The step from one tap to the next.</param>
    /// <param name="groups">Outputs see only the channels of their group.</param>
    /// <param name="bias">Whether there is a bias.</param>
    /// <param name="weightInitializer">How the weight starts; null for the default.</param>
    /// <param name="biasInitializer">How the bias starts; null for the default.</param>
    /// <param name="random">Where random numbers come from; null for <see cref="RandomStream.Default"/>.</param>
    /// <exception cref="ArgumentException">
    /// A size is not positive, channels do not fall into the groups, or padding 'same' comes with a stride.
    /// </exception>
    public Conv1d(
        int inChannels, int outChannels, int kernelSize,
        int stride = 1, ConvolutionPadding padding = default, int dilation = 1, int groups = 1, bool bias = true,
        Initializer? weightInitializer = null, Initializer? biasInitializer = null, RandomStream? random = null)
        : base(
            new ConvolutionSettings(inChannels, outChannels, kernelSize, stride, padding, dilation, groups, bias) { IsOfSequences = true },
            weightInitializer, biasInitializer, random)
    {
    }

    /// <inheritdoc/>
    protected override Tensor ForwardCore(Tensor input)
    {
        Operation.Check("Conv1d", input);
        return input.Rank == 3
            ? input.Unsqueeze(2).Convolve(Weight.Unsqueeze(0), Bias, Window, Groups).Squeeze(2)
            : throw new ShapeException("Conv1d", $"an input of shape {input.Shape}", "sequences have the axes [batch, channels, length]");
    }
}
