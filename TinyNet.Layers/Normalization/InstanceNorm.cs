using TinyNet.Autograd;
using TinyNet.Core;

namespace TinyNet.Layers;

/// <summary>
/// Normalization of each channel of each sample of x [N, C, ..] by its mean and variance: y = (x − mean) / √(variance + ε) · weight + bias,
/// with the variance over n: <see cref="GroupNorm"/> with a group for each channel.
/// </summary>
/// <remarks>
/// D. Ulyanov, A. Vedaldi, V. Lempitsky, "Instance normalization: the missing ingredient for fast stylization", 2016, arXiv:1607.08022.
/// There are no running statistics, and, as in PyTorch, no weight and bias by default.
/// </remarks>
/// <param name="channels">The number of channels C.</param>
/// <param name="epsilon">ε, added to the variance.</param>
/// <param name="affine">Whether there are weight and bias.</param>
/// <exception cref="ArgumentOutOfRangeException">A setting is out of its range.</exception>
public sealed class InstanceNorm(int channels, float epsilon = 1e-5f, bool affine = false)
    : SampleNorm("InstanceNorm", channels, epsilon, affine)
{
    /// <inheritdoc/>
    public override string Describe() => $"InstanceNorm({Channels}{Settings(affine: false)})";

    // A channel must have several values, however many samples there are; GroupNorm, as in PyTorch, asks that of a single sample only.
    private protected override Tensor Normalize(Tensor input) => input.InstanceNorm(Weight, Bias, Epsilon);
}
