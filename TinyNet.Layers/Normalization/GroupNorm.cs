using TinyNet.Autograd;
using TinyNet.Core;

namespace TinyNet.Layers;

/// <summary>
/// Normalization of x [N, C, ..] by the mean and variance of each group of channels of each sample:
/// y = (x − mean) / √(variance + ε) · weight + bias, with the variance over n, and weight and bias for each channel.
/// </summary>
/// <remarks>
/// Y. Wu, K. He, "Group normalization", ECCV 2018, arXiv:1803.08494. One group is layer normalization of images, as many as channels
/// are <see cref="InstanceNorm"/>.
/// </remarks>
public class GroupNorm : Module<Tensor, Tensor>, IFeatureLayer
{
    /// <summary>Makes the layer.</summary>
    /// <param name="groups">The number of groups.</param>
    /// <param name="channels">The number of channels C, a multiple of the groups.</param>
    /// <param name="epsilon">ε, added to the variance.</param>
    /// <param name="affine">Whether there are weight and bias.</param>
    /// <exception cref="ArgumentException">A setting is out of its range, or the channels do not fall into the groups.</exception>
    public GroupNorm(int groups, int channels, float epsilon = 1e-5f, bool affine = true)
    {
        Require.Positive(groups);
        Require.Positive(channels);
        if (channels % groups != 0)
        {
            throw new ArgumentException(
                $"{channels} channels in {groups} groups: make the channels a multiple of the groups",
                nameof(channels));
        }

        (Groups, Channels, Epsilon) = (groups, channels, Require.NotNegative(epsilon));
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

    /// <summary>ε.</summary>
    public float Epsilon { get; }

    /// <summary>The weight [C], initially 1, if there is one.</summary>
    public Parameter? Weight { get; }

    /// <summary>The bias [C], initially 0, if there is one.</summary>
    public Parameter? Bias { get; }

    /// <summary>The name of the operation, for messages.</summary>
    private protected virtual string Name => "GroupNorm";

    int IFeatureLayer.FeatureAxis => 1;

    int? IFeatureLayer.InputFeatures => Channels;

    int? IFeatureLayer.OutputFeatures => Channels;

    /// <inheritdoc/>
    public override string ToString() => $"GroupNorm({Groups} groups of {Channels}{Settings(affine: true)})";

    /// <summary>What differs from the defaults.</summary>
    /// <param name="affine">Whether there are weight and bias by default.</param>
    private protected string Settings(bool affine)
    {
        string epsilon = Epsilon == 1e-5f ? "" : FormattableString.Invariant($", epsilon {Epsilon}");
        return epsilon + (Weight is not null == affine ? "" : affine ? ", no weight and bias" : ", weight and bias");
    }

    /// <inheritdoc/>
    protected sealed override Tensor ForwardCore(Tensor input)
    {
        Operation.Check(Name, input);
        return input.Rank >= 2 && input.Shape[1] == Channels
            ? Normalize(input)
            : throw new ShapeException(Name, $"an input of shape {input.Shape}", $"the input needs {Channels} channels (axis 1)");
    }

    private protected virtual Tensor Normalize(Tensor input) => input.GroupNorm(Groups, Weight, Bias, Epsilon);
}
