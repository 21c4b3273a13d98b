using TinyNet.Autograd;
using TinyNet.Core;

namespace TinyNet.Layers;

/// <summary>
/// Normalisation of each channel of each sample of x [N, C, ..] by its mean and variance: y = (x − mean) / √(variance + ε) · weight + bias,
/// with the variance over n.
/// </summary>
/// <remarks>
/// D. Ulyanov, A. Vedaldi, V. Lempitsky, "Instance normalization: the missing ingredient for fast stylization", 2016, arXiv:1607.08022.
/// There are no running statistics, and, as in PyTorch, no weight and bias by default.
/// </remarks>
public sealed class InstanceNorm : Module<Tensor, Tensor>, IFeatureLayer
{
    private readonly float _epsilon;

    /// <summary>Makes the layer.</summary>
    /// <param name="channels">The number of channels C.</param>
    /// <param name="epsilon">ε, added to the variance.</param>
    /// <param name="affine">Whether there are weight and bias.</param>
    /// <exception cref="ArgumentOutOfRangeException">A setting is out of its range.</exception>
    public InstanceNorm(int channels, float epsilon = 1e-5f, bool affine = false)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(channels);
        (Channels, _epsilon) = (channels, Require.NotNegative(epsilon));
        if (affine)
        {
            Weight = AddParameter("weight", Tensor.Ones([channels]));
            Bias = AddParameter("bias", Tensor.Zeros([channels]));
        }
    }

    /// <summary>The number of channels C.</summary>
    public int Channels { get; }

    /// <summary>The weight [C], initially 1, if there is one.</summary>
    public Parameter? Weight { get; }

    /// <summary>The bias [C], initially 0, if there is one.</summary>
    public Parameter? Bias { get; }

    int IFeatureLayer.FeatureAxis => 1;

    int? IFeatureLayer.InputFeatures => Channels;

    int? IFeatureLayer.OutputFeatures => Channels;

    /// <inheritdoc/>
    public override string ToString() =>
        FormattableString.Invariant($"InstanceNorm({Channels}{(_epsilon == 1e-5f ? "" : $", epsilon {_epsilon}")}{(Weight is null ? "" : ", weight and bias")})");

    /// <inheritdoc/>
    protected override Tensor ForwardCore(Tensor input)
    {
        Operation.Check("InstanceNorm", input);
        return input.Rank >= 2 && input.Shape[1] == Channels
            ? input.InstanceNorm(Weight, Bias, _epsilon)
            : throw new ShapeException("InstanceNorm", $"an input of shape {input.Shape}", $"the input needs {Channels} channels (axis 1)");
    }
}
