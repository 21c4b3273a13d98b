using TinyNet.Autograd;
using TinyNet.Core;

namespace TinyNet.Layers;

/// <summary>
/// Normalization of each sample of x [N, C, ..] by means and variances of its own: what <see cref="GroupNorm"/> and
/// <see cref="InstanceNorm"/> share.
/// </summary>
public abstract class SampleNorm : Module<Tensor, Tensor>, IFeatureLayer
{
    private readonly string _name;

    private protected SampleNorm(string name, int channels, float epsilon, bool affine)
    {
        _name = name;
        (Channels, Epsilon) = (Require.Positive(channels), Require.NotNegative(epsilon));
        if (affine)
        {
            Weight = AddParameter("weight", Tensor.Ones([channels]));
            Bias = AddParameter("bias", Tensor.Zeros([channels]));
        }
    }

    /// <summary>The number of channels C.</summary>
    public int Channels { get; }

    /// <summary>ε.</summary>
    public float Epsilon { get; }

    /// <summary>The weight [C], initially 1, if there is one.</summary>
    public Parameter? Weight { get; }

    /// <summary>The bias [C], initially 0, if there is one.</summary>
    public Parameter? Bias { get; }

    int IFeatureLayer.FeatureAxis => 1;

    int? IFeatureLayer.InputFeatures => Channels;

    int? IFeatureLayer.OutputFeatures => Channels;

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
        Operation.Check(_name, input);
        return input.Rank >= 2 && input.Shape[1] == Channels
            ? Normalize(input)
            : throw new ShapeException(_name, $"an input of shape {input.Shape}", $"the input needs {Channels} channels (axis 1)");
    }

    private protected abstract Tensor Normalize(Tensor input);
}
