using TinyNet.Autograd;
using TinyNet.Core;

namespace TinyNet.Layers;

/// <summary>
/// The mean of each of a number of parts that cover images [N, C, H, W] of any size evenly: part i of n covers ⌊i · size / n⌋ to
/// ⌈(i + 1) · size / n⌉ − 1.
/// </summary>
/// <param name="outputSize">The number of parts: <c>2</c> or <c>(2, 3)</c>.</param>
/// <exception cref="ArgumentOutOfRangeException">It is not positive.</exception>
public sealed class AdaptiveAvgPool2d(Extent outputSize) : AdaptivePooling("AdaptiveAvgPool2d", outputSize)
{
    private protected override Tensor Pool(Tensor images) => images.AdaptiveAveragePool(OutputSize.Height, OutputSize.Width);
}

/// <summary>
/// The mean of each of a number of parts that cover sequences [N, C, L] of any length evenly, as in <see cref="AdaptiveAvgPool2d"/>.
/// </summary>
/// <param name="outputSize">The number of parts.</param>
/// <exception cref="ArgumentOutOfRangeException">It is not positive.</exception>
public sealed class AdaptiveAvgPool1d(int outputSize) : AdaptivePooling("AdaptiveAvgPool1d", outputSize)
{
    private protected override Tensor Pool(Tensor images) => images.AdaptiveAveragePool(OutputSize.Height, OutputSize.Width);
}

/// <summary>
/// The largest element of each of a number of parts that cover images [N, C, H, W] of any size evenly, as in
/// <see cref="AdaptiveAvgPool2d"/>.
/// </summary>
/// <param name="outputSize">The number of parts: <c>2</c> or <c>(2, 3)</c>.</param>
/// <exception cref="ArgumentOutOfRangeException">It is not positive.</exception>
public sealed class AdaptiveMaxPool2d(Extent outputSize) : AdaptivePooling("AdaptiveMaxPool2d", outputSize)
{
    private protected override Tensor Pool(Tensor images) => images.AdaptiveMaxPool(OutputSize.Height, OutputSize.Width);
}

/// <summary>
/// The largest element of each of a number of parts that cover sequences [N, C, L] of any length evenly, as in
/// <see cref="AdaptiveAvgPool2d"/>.
/// </summary>
/// <param name="outputSize">The number of parts.</param>
/// <exception cref="ArgumentOutOfRangeException">It is not positive.</exception>
public sealed class AdaptiveMaxPool1d(int outputSize) : AdaptivePooling("AdaptiveMaxPool1d", outputSize)
{
    private protected override Tensor Pool(Tensor images) => images.AdaptiveMaxPool(OutputSize.Height, OutputSize.Width);
}
