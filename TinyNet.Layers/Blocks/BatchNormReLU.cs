using TinyNet.Core;

namespace TinyNet.Layers;

/// <summary>
/// Batch normalization of vectors [N, C], sequences [N, C, L] or images [N, C, H, W], and the rectified linear unit after it, as one
/// operation: y = max(0, (x − mean) / √(variance + ε) · weight + bias). It has the parameters and buffers of the normalization.
/// </summary>
/// <remarks>
/// S. Ioffe, C. Szegedy, "Batch normalization: accelerating deep network training by reducing internal covariate shift", ICML 2015,
/// arXiv:1502.03167.
/// </remarks>
public sealed class BatchNormReLU : Module<Tensor, Tensor>, IFeatureLayer
{
    private readonly Sequential _layers;

    /// <summary>Makes the layer.</summary>
    /// <param name="normalization">The normalization, as <c>new BatchNorm2d(64)</c>.</param>
    public BatchNormReLU(BatchNorm normalization)
    {
        ArgumentNullException.ThrowIfNull(normalization);
        Normalization = normalization;
        _layers = Child("layers", new Sequential(normalization, new ReLU()));
    }

    /// <summary>The normalization.</summary>
    public BatchNorm Normalization { get; }

    int IFeatureLayer.FeatureAxis => 1;

    int? IFeatureLayer.InputFeatures => Normalization.Features;

    int? IFeatureLayer.OutputFeatures => Normalization.Features;

    /// <inheritdoc/>
    public override string Describe() => $"BatchNormReLU({Normalization.Describe()})";

    private protected override string Title => "BatchNormReLU";

    /// <inheritdoc/>
    protected override Tensor ForwardCore(Tensor input) => _layers.Forward(input);
}
