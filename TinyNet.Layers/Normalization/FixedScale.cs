using TinyNet.Autograd;
using TinyNet.Core;

namespace TinyNet.Layers;

/// <summary>
/// A mean and a deviation for each channel, measured before the training: what <see cref="Standardize"/> and <see cref="Rescale"/> share.
/// They are buffers, mean [C] and deviation [C]: saved with the model, and not learned.
/// </summary>
public abstract class FixedScale : Module<Tensor, Tensor>, IFeatureLayer
{
    private protected FixedScale(ReadOnlySpan<float> mean, ReadOnlySpan<float> deviation, int axis)
    {
        ChannelScales.Ensure(GetType().Name, mean, deviation);
        (Channels, Axis) = (mean.Length, axis);
        Mean = AddBuffer("mean", Tensor.From(mean, [Channels]));
        Deviation = AddBuffer("deviation", Tensor.From(deviation, [Channels]));
    }

    private protected FixedScale(int channels, int axis)
    {
        (Channels, Axis) = (Require.Positive(channels), axis);
        Mean = AddBuffer("mean", Tensor.Zeros([channels]));
        Deviation = AddBuffer("deviation", Tensor.Ones([channels]));
    }

    /// <summary>The number of channels C.</summary>
    public int Channels { get; }

    /// <summary>The axis of the channels.</summary>
    public int Axis { get; }

    /// <summary>The mean of each channel [C].</summary>
    public Tensor Mean { get; }

    /// <summary>The deviation of each channel [C].</summary>
    public Tensor Deviation { get; }

    int IFeatureLayer.FeatureAxis => Axis;

    int? IFeatureLayer.InputFeatures => Channels;

    int? IFeatureLayer.OutputFeatures => Channels;

    /// <inheritdoc/>
    public override string Describe() => $"{GetType().Name}({Channels}{(Axis == 1 ? "" : $", axis {Axis}")})";

    /// <inheritdoc/>
    protected sealed override Tensor ForwardCore(Tensor input)
    {
        string name = GetType().Name;
        Operation.Check(name, input);
        int axis = Axis < 0 ? Axis + input.Rank : Axis;
        if ((uint)axis >= (uint)input.Rank || input.Shape[axis] != Channels)
        {
            throw new ShapeException(name, $"an input of shape {input.Shape}", $"the input needs {Channels} channels (axis {Axis})");
        }

        int[] shape = new int[input.Rank - axis];
        Array.Fill(shape, 1);
        shape[0] = Channels;
        return Scale(input, Mean.Reshape(shape), Deviation.Reshape(shape));
    }

    private protected abstract Tensor Scale(Tensor input, Tensor mean, Tensor deviation);
}
