using TinyNet.Autograd;
using TinyNet.Core;

namespace TinyNet.Layers;

/// <summary>
/// The mean under each window of images [N, C, H, W]:
/// y[n, c, i, j] = Σ over p, q of x[n, c, i · stride + p − padding, j · stride + q − padding] / n.
/// An axis becomes ⌊(size + 2 · padding − kernel) / stride⌋ + 1 long. n is the size of the window, or, if padding does not count,
/// of the part of it that lies inside the image.
/// </summary>
/// <remarks>Y. LeCun et al., "Gradient-based learning applied to document recognition", 1998.</remarks>
/// <param name="kernelSize">The size of the window: <c>2</c> or <c>(2, 3)</c>.</param>
/// <param name="stride">The step from one window to the next; the size of the window by default.</param>
/// <param name="padding">The zeros around the image: at most half the window; none by default.</param>
/// <param name="ceiling">
/// Whether to round up instead of down, so that no element is left out at the ends; a window that would start in the padding is
/// dropped, and what is beyond the padding never counts.
/// </param>
/// <param name="countPadding">Whether padding counts in the mean (PyTorch's <c>count_include_pad</c>).</param>
/// <exception cref="ArgumentOutOfRangeException">A size is not positive, or there is too much padding.</exception>
public sealed class AvgPool2d(
    Extent kernelSize, Extent? stride = null, Extent? padding = null, bool ceiling = false, bool countPadding = true)
    : WindowPooling("AvgPool2d", kernelSize, stride, padding ?? 0, dilation: 1, ceiling)
{
    private protected override Tensor Pool(Tensor images) => images.AveragePool(Window, Ceiling, countPadding);
}

/// <summary>The mean under each window of sequences [N, C, L], as in <see cref="AvgPool2d"/>.</summary>
/// <param name="kernelSize">The size of the window.</param>
/// <param name="stride">The step from one window to the next; the size of the window by default.</param>
/// <param name="padding">The zeros at both ends: at most half the window.</param>
/// <param name="ceiling">
/// Whether to round up instead of down, so that no element is left out at the end; a window that would start in the padding is
/// dropped, and what is beyond the padding never counts.
/// </param>
/// <param name="countPadding">Whether padding counts in the mean (PyTorch's <c>count_include_pad</c>).</param>
/// <exception cref="ArgumentOutOfRangeException">A size is not positive, or there is too much padding.</exception>
public sealed class AvgPool1d(int kernelSize, int? stride = null, int padding = 0, bool ceiling = false, bool countPadding = true)
    : WindowPooling("AvgPool1d", kernelSize, stride, padding, dilation: 1, ceiling)
{
    private protected override Tensor Pool(Tensor images) => images.AveragePool(Window, Ceiling, countPadding);
}
