using TinyNet.Autograd;
using TinyNet.Core;

namespace TinyNet.Layers;

/// <summary>
/// Layer normalization: y = (x − μ) / √(σ² + ε) · w + b, with mean μ and biased variance σ² of each sample over the trailing axes
/// (J. L. Ba, J. R. Kiros, G. E. Hinton, "Layer normalization", 2016, arXiv:1607.06450). w starts as 1, b as 0.
/// </summary>
public sealed class LayerNorm : Module<Tensor, Tensor>, IFeatureLayer
{
    private readonly Shape _shape;
    private readonly float _epsilon;

    /// <summary>Makes the layer.</summary>
    /// <param name="normalizedShape">The sizes of the trailing axes: <c>[features]</c> for the last alone.</param>
    /// <param name="epsilon">ε.</param>
    /// <param name="elementwiseAffine">Whether there are w and b.</param>
    /// <param name="bias">Whether there is b, if there is w.</param>
    /// <exception cref="ArgumentException">The shape has no axes or an empty one, or ε is negative.</exception>
    public LayerNorm(Shape normalizedShape, float epsilon = 1e-5f, bool elementwiseAffine = true, bool bias = true)
    {
        _shape = EnsureShape(normalizedShape);
        _epsilon = Require.NotNegative(epsilon);
        Weight = elementwiseAffine ? AddParameter("weight", Tensor.Ones(normalizedShape)) : null;
        Bias = elementwiseAffine && bias ? AddParameter("bias", Tensor.Zeros(normalizedShape)) : null;
    }

    /// <summary>Makes the layer for the last axis.</summary>
    /// <param name="features">The size of the last axis.</param>
    /// <param name="epsilon">ε.</param>
    /// <exception cref="ArgumentException">The size is not positive, or ε is negative.</exception>
    public LayerNorm(int features, float epsilon = 1e-5f) : this([features], epsilon)
    {
    }

    /// <summary>w, of the normalized shape, if there is one.</summary>
    public Parameter? Weight { get; }

    /// <summary>b, of the normalized shape, if there is one.</summary>
    public Parameter? Bias { get; }

    int? IFeatureLayer.InputFeatures => _shape[^1];

    int? IFeatureLayer.OutputFeatures => _shape[^1];

    /// <inheritdoc/>
    public override string Describe() => $"LayerNorm({_shape}{(Weight is null ? ", no parameters" : Bias is null ? ", no bias" : "")})";

    internal static Shape EnsureShape(in Shape normalizedShape) => normalizedShape.Rank > 0 && normalizedShape.Length > 0
        ? normalizedShape
        : throw new ArgumentException(
            $"cannot normalize over {normalizedShape}: give one or more sizes, each positive",
            nameof(normalizedShape));

    /// <inheritdoc/>
    protected override Tensor ForwardCore(Tensor input) => input.LayerNorm(_shape, Weight, Bias, _epsilon);
}

/// <summary>
/// Root mean square normalization: y = x / √(mean x² + ε) · w, with the mean of each sample over the trailing axes (B. Zhang,
/// R. Sennrich, "Root mean square layer normalization", NeurIPS 2019, arXiv:1910.07467). w starts as 1.
/// </summary>
public sealed class RMSNorm : Module<Tensor, Tensor>, IFeatureLayer
{
    private readonly Shape _shape;
    private readonly float _epsilon;

    /// <summary>Makes the layer.</summary>
    /// <param name="normalizedShape">The sizes of the trailing axes: <c>[features]</c> for the last alone.</param>
    /// <param name="epsilon">ε; by default the spacing of floats at 1, as in PyTorch.</param>
    /// <param name="elementwiseAffine">Whether there is w.</param>
    /// <exception cref="ArgumentException">The shape has no axes or an empty one, or ε is negative.</exception>
    public RMSNorm(Shape normalizedShape, float epsilon = 1.1920929e-7f, bool elementwiseAffine = true)
    {
        _shape = LayerNorm.EnsureShape(normalizedShape);
        _epsilon = Require.NotNegative(epsilon);
        Weight = elementwiseAffine ? AddParameter("weight", Tensor.Ones(normalizedShape)) : null;
    }

    /// <summary>Makes the layer for the last axis.</summary>
    /// <param name="features">The size of the last axis.</param>
    /// <param name="epsilon">ε; by default the spacing of floats at 1, as in PyTorch.</param>
    /// <exception cref="ArgumentException">The size is not positive, or ε is negative.</exception>
    public RMSNorm(int features, float epsilon = 1.1920929e-7f) : this([features], epsilon)
    {
    }

    /// <summary>w, of the normalized shape, if there is one.</summary>
    public Parameter? Weight { get; }

    int? IFeatureLayer.InputFeatures => _shape[^1];

    int? IFeatureLayer.OutputFeatures => _shape[^1];

    /// <inheritdoc/>
    public override string Describe() => $"RMSNorm({_shape}{(Weight is null ? ", no parameters" : "")})";

    /// <inheritdoc/>
    protected override Tensor ForwardCore(Tensor input) => input.RmsNorm(_shape, Weight, _epsilon);
}
