using TinyNet.Autograd;
using TinyNet.Core;

namespace TinyNet.Layers;

/// <summary>
/// Squeeze and excitation of images [N, C, H, W]: every channel is scaled by a gate in (0, 1) that a small network computes from
/// the means of all channels, y = x · σ(W₂ f(W₁ mean(x) + b₁) + b₂).
/// </summary>
/// <remarks>J. Hu, L. Shen, S. Albanie, G. Sun, E. Wu, "Squeeze-and-excitation networks", 2017, arXiv:1709.01507.</remarks>
public sealed class SqueezeExcite : Module<Tensor, Tensor>
{
    private readonly int _channels;
    private readonly Dense _squeeze, _excite;
    private readonly Module<Tensor, Tensor> _activation, _gate;

    /// <summary>Makes the block.</summary>
    /// <param name="channels">C.</param>
    /// <param name="squeezedChannels">The size of the hidden layer; C / 16, but at least 1, by default.</param>
    /// <param name="activation">f; ReLU by default.</param>
    /// <param name="random">Where random numbers come from; null for <see cref="RandomStream.Default"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">A size is not positive.</exception>
    public SqueezeExcite(int channels, int? squeezedChannels = null, Module<Tensor, Tensor>? activation = null, RandomStream? random = null)
    {
        Require.Positive(channels);
        _channels = channels;
        int hidden = squeezedChannels ?? Math.Max(1, channels / 16);
        _squeeze = Child("squeeze", new Dense(channels, hidden, random: random));
        _activation = Child("activation", activation ?? new ReLU());
        _excite = Child("excite", new Dense(hidden, channels, random: random));
        _gate = Child("gate", new Sigmoid());
    }

    /// <inheritdoc/>
    public override string Describe() => $"SqueezeExcite({_channels}, squeezed to {_squeeze.OutFeatures})";

    /// <inheritdoc/>
    protected override Tensor ForwardCore(Tensor input)
    {
        Operation.Check("SqueezeExcite", input);
        if (input.Rank != 4 || input.Shape[1] != _channels)
        {
            throw new ShapeException(
                "SqueezeExcite",
                $"images of shape {input.Shape}",
                $"images have the axes [batch, channels, height, width], with {_channels} channels");
        }

        var gates = _gate.Forward(_excite.Forward(_activation.Forward(_squeeze.Forward(input.Mean(new Axes(2, 3))))));
        return input * gates.Reshape(input.Shape[0], _channels, 1, 1);
    }
}
