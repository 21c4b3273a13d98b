using TinyNet.Autograd;
using TinyNet.Core;

namespace TinyNet.Layers;

/// <summary>
/// The largest element under each window of images [N, C, H, W]: y[n, c, i, j] = max over p, q of
/// x[n, c, i · stride + p · dilation − padding, j · stride + q · dilation − padding]. An axis becomes
/// ⌊(size + 2 · padding − dilation · (kernel − 1) − 1) / stride⌋ + 1 long. Padding counts as −∞.
/// </summary>
/// <remarks>
/// Of equal elements the first, row by row, gets the gradient. K. Yamaguchi et al., "A neural network for speaker-independent isolated
/// word recognition", ICSLP 1990.
/// </remarks>
/// <param name="kernelSize">The size of the window: <c>2</c> or <c>(2, 3)</c>.</param>
/// <param name="stride">The step from one window to the next; the size of the window by default.</param>
/// <param name="padding">What is around the image: at most half the window; none by default.</param>
/// <param name="dilation">The step from one element of the window to the next; 1 by default.</param>
/// <param name="ceiling">
/// Whether to round up instead of down, so that no element is left out at the ends; a window that would start in the padding is
/// dropped.
/// </param>
/// <exception cref="ArgumentOutOfRangeException">A size is not positive, or there is too much padding.</exception>
public sealed class MaxPool2d(
    Extent kernelSize, Extent? stride = null, Extent? padding = null, Extent? dilation = null, bool ceiling = false)
    : WindowPooling("MaxPool2d", kernelSize, stride, padding ?? 0, dilation ?? 1, ceiling)
{
    private protected override Tensor Pool(Tensor images) => images.MaxPool(Window, Ceiling);
}

/// <summary>The largest element under each window of sequences [N, C, L], as in <see cref="MaxPool2d"/>.</summary>
/// <param name="kernelSize">The size of the window.</param>
/// <param name="stride">The step from one window to the next; the size of the window by default.</param>
/// <param name="padding">What is at both ends: at most half the window.</param>
/// <param name="dilation">The step from one element of the window to the next.</param>
/// <param name="ceiling">
/// Whether to round up instead of down, so that no element is left out at the end; a window that would start in the padding is
/// dropped.
/// </param>
/// <exception cref="ArgumentOutOfRangeException">A size is not positive, or there is too much padding.</exception>
public sealed class MaxPool1d(int kernelSize, int? stride = null, int padding = 0, int dilation = 1, bool ceiling = false)
    : WindowPooling("MaxPool1d", kernelSize, stride, padding, dilation, ceiling)
{
    private protected override Tensor Pool(Tensor images) => images.MaxPool(Window, Ceiling);
}
