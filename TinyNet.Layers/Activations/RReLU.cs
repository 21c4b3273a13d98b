using TinyNet.Autograd;
using TinyNet.Core;

namespace TinyNet.Layers;

/// <summary>
/// Randomized leaky rectified linear unit: y = x for x &gt; 0, else a x; dy/dx = 1 for x &gt; 0, else a. While training, a is
/// uniform in [lower, upper) for each element; in evaluation a = (lower + upper) / 2.
/// </summary>
/// <remarks>
/// Range: all numbers for positive slopes.
/// Paper: B. Xu, N. Wang, T. Chen, M. Li, "Empirical evaluation of rectified activations in convolutional network", 2015,
/// arXiv:1505.00853.
/// </remarks>
public sealed class RReLU : Module<Tensor, Tensor>, IFeatureLayer
{
    private readonly float _lower, _upper;
    private readonly RandomStream? _random;

    /// <summary>Makes the layer.</summary>
    /// <param name="lower">The least slope; 1/8 by default.</param>
    /// <param name="upper">The largest slope; 1/3 by default.</param>
    /// <param name="random">Where the slopes come from; null for <see cref="RandomStream.Default"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">A slope is not finite, or upper is less than lower.</exception>
    public RReLU(float lower = 1 / 8f, float upper = 1 / 3f, RandomStream? random = null)
    {
        EnsureSlopes(lower, upper);
        (_lower, _upper) = (lower, upper);
        _random = random;
    }

    /// <inheritdoc/>
    protected internal override RandomStream Random => _random ?? RandomStream.Default;

    /// <inheritdoc/>
    public override string Describe() => FormattableString.Invariant($"RReLU({_lower}, {_upper})");

    /// <inheritdoc/>
    protected override Tensor ForwardCore(Tensor input) =>
        IsTraining ? input.RRelu(Random, _lower, _upper) : input.LeakyRelu(_lower / 2 + _upper / 2);

    /// <summary>The function with slopes drawn from a stream.</summary>
    internal static Tensor Randomized(Tensor x, RandomStream random, float lower, float upper)
    {
        Operation.Check("RReLU", x);
        ArgumentNullException.ThrowIfNull(random);
        EnsureSlopes(lower, upper);
        var slopes = Tensor.ResultLike("RReLU", x);
        x.Device.FillUniform(slopes, random.Reserve(slopes.Length), lower, upper);
        return x.Apply(slopes, default(PReLUOp));
    }

    private static void EnsureSlopes(float lower, float upper)
    {
        Require.Finite(lower);
        Require.Finite(Require.AtLeast(lower, upper));
    }
}
