using TinyNet.Autograd;
using TinyNet.Core;

namespace TinyNet.Layers;

/// <summary>
/// Normalisation of x [N, C, ..] by the mean and variance of each group of channels of each sample:
/// y = (x − mean) / √(variance + ε) · weight + bias, with the variance over n, and weight and bias for each channel.
/// </summary>
/// <remarks>
/// Y. Wu, K. He, "Group normalization", ECCV 2018, arXiv:1803.08494. One group is layer normalisation of images, as many as channels are
/// instance normalisation.
/// </remarks>
public sealed class GroupNorm : Module<Tensor, Tensor>, IFeatureLayer
{
    private readonly float _epsilon;

    /// <summary>Makes the layer.</summary>
    /// <param name="groups">The number of groups.</param>
    /// <param name="channels">The number of channels C, a multiple of the groups.</param>
    /// <param name="epsilon">ε, added to the variance.</param>
    /// <param name="affine">Whether there are weight and bias.</param>
    /// <exception cref="ArgumentException">A setting is out of its range, or the channels do not fall into the groups.</exception>
    public GroupNorm(int groups, int channels, float epsilon = 1e-5f, bool affine = true)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(groups);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(channels);
        if (channels % groups != 0)
        {
            throw new ArgumentException($"{channels} channels in {groups} groups: make the channels a multiple of the groups", nameof(channels));
        }

        (Groups, Channels, _epsilon) = (groups, channels, Require.NotNegative(epsilon));
        if (affine)
        {
            Weight = AddParameter("weight", Tensor.Ones([channels]));
            Bias = AddParameter("bias", Tensor.Zeros([channels]));
        }
    }

    /// <summary>The number of groups.</summary>
    public int Groups { get; }

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
        FormattableString.Invariant($"GroupNorm({Groups} groups of {Channels}{(_epsilon == 1e-5f ? "" : $", epsilon {_epsilon}")}{(Weight is null ? ", no weight and bias" : "")})");

    /// <inheritdoc/>
    protected override Tensor ForwardCore(Tensor input)
    {
        Operation.Check("GroupNorm", input);
        return input.Rank >= 2 && input.Shape[1] == Channels
            ? input.GroupNorm(Groups, Weight, Bias, _epsilon)
            : throw new ShapeException("GroupNorm", $"an input of shape {input.Shape}", $"the input needs {Channels} channels (axis 1)");
    }
}
