using TinyNet.Autograd;
using TinyNet.Core;

namespace TinyNet.Layers;

/// <summary>
/// The mean of each of a number of parts that cover images [N, C, H, W] of any size evenly: part i of n covers ⌊i · size / n⌋ to
/// ⌈(i + 1) · size / n⌉ − 1.
/// </summary>
public sealed class AdaptiveAvgPool2d : Module<Tensor, Tensor>, IFeatureLayer
{
    private readonly Extent _outputSize;

    /// <summary>Makes the layer.</summary>
    /// <param name="outputSize">The number of parts: <c>2</c> or <c>(2, 3)</c>.</param>
    /// <exception cref="ArgumentOutOfRangeException">It is not positive.</exception>
    public AdaptiveAvgPool2d(Extent outputSize) => _outputSize = outputSize.EnsurePositive(nameof(outputSize));

    int IFeatureLayer.FeatureAxis => 1;

    /// <inheritdoc/>
    public override string ToString() => $"AdaptiveAvgPool2d({_outputSize})";

    /// <inheritdoc/>
    protected override Tensor ForwardCore(Tensor input) => input.AdaptiveAveragePool(_outputSize.Height, _outputSize.Width);
}

/// <summary>The mean of each of a number of parts that cover sequences [N, C, L] of any length evenly, as in <see cref="AdaptiveAvgPool2d"/>.</summary>
public sealed class AdaptiveAvgPool1d : Module<Tensor, Tensor>, IFeatureLayer
{
    private readonly int _outputSize;

    /// <summary>Makes the layer.</summary>
    /// <param name="outputSize">The number of parts.</param>
    /// <exception cref="ArgumentOutOfRangeException">It is not positive.</exception>
    public AdaptiveAvgPool1d(int outputSize)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(outputSize);
        _outputSize = outputSize;
    }

    int IFeatureLayer.FeatureAxis => 1;

    /// <inheritdoc/>
    public override string ToString() => $"AdaptiveAvgPool1d({_outputSize})";

    /// <inheritdoc/>
    protected override Tensor ForwardCore(Tensor input) => PoolWindow.AsImages("AdaptiveAvgPool1d", input).AdaptiveAveragePool(1, _outputSize).Squeeze(2);
}

/// <summary>The largest element of each of a number of parts that cover images [N, C, H, W] of any size evenly, as in <see cref="AdaptiveAvgPool2d"/>.</summary>
public sealed class AdaptiveMaxPool2d : Module<Tensor, Tensor>, IFeatureLayer
{
    private readonly Extent _outputSize;

    /// <summary>Makes the layer.</summary>
    /// <param name="outputSize">The number of parts: <c>2</c> or <c>(2, 3)</c>.</param>
    /// <exception cref="ArgumentOutOfRangeException">It is not positive.</exception>
    public AdaptiveMaxPool2d(Extent outputSize) => _outputSize = outputSize.EnsurePositive(nameof(outputSize));

    int IFeatureLayer.FeatureAxis => 1;

    /// <inheritdoc/>
    public override string ToString() => $"AdaptiveMaxPool2d({_outputSize})";

    /// <inheritdoc/>
    protected override Tensor ForwardCore(Tensor input) => input.AdaptiveMaxPool(_outputSize.Height, _outputSize.Width);
}

/// <summary>The largest element of each of a number of parts that cover sequences [N, C, L] of any length evenly, as in <see cref="AdaptiveAvgPool2d"/>.</summary>
public sealed class AdaptiveMaxPool1d : Module<Tensor, Tensor>, IFeatureLayer
{
    private readonly int _outputSize;

    /// <summary>Makes the layer.</summary>
    /// <param name="outputSize">The number of parts.</param>
    /// <exception cref="ArgumentOutOfRangeException">It is not positive.</exception>
    public AdaptiveMaxPool1d(int outputSize)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(outputSize);
        _outputSize = outputSize;
    }

    int IFeatureLayer.FeatureAxis => 1;

    /// <inheritdoc/>
    public override string ToString() => $"AdaptiveMaxPool1d({_outputSize})";

    /// <inheritdoc/>
    protected override Tensor ForwardCore(Tensor input) => PoolWindow.AsImages("AdaptiveMaxPool1d", input).AdaptiveMaxPool(1, _outputSize).Squeeze(2);
}
