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
public sealed class GroupNorm : SampleNorm
{
    /// <summary>Makes the layer.</summary>
    /// <param name="groups">The number of groups.</param>
    /// <param name="channels">The number of channels C, a multiple of the groups.</param>
    /// <param name="epsilon">ε, added to the variance.</param>
    /// <param name="affine">Whether there are weight and bias.</param>
    /// <exception cref="ArgumentException">A setting is out of its range, or the channels do not fall into the groups.</exception>
    public GroupNorm(int groups, int channels, float epsilon = 1e-5f, bool affine = true)
        : base("GroupNorm", channels, epsilon, affine)
    {
        Groups = Require.Positive(groups);
        if (channels % groups != 0)
        {
            throw new ArgumentException(
                $"{channels} channels in {groups} groups: make the channels a multiple of the groups",
                nameof(channels));
        }
    }

    /// <summary>The number of groups.</summary>
    public int Groups { get; }

    /// <inheritdoc/>
    public override string Describe() => $"GroupNorm({Groups} groups of {Channels}{Settings(affine: true)})";

    private protected override Tensor Normalize(Tensor input) => input.GroupNorm(Groups, Weight, Bias, Epsilon);
}
