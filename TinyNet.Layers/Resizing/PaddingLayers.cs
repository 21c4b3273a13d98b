using TinyNet.Autograd;
using TinyNet.Core;

namespace TinyNet.Layers;

/// <summary>A margin around images [N, C, H, W]: they become [N, C, top + H + bottom, left + W + right].</summary>
public abstract class ImagePadding : Module<Tensor, Tensor>, IFeatureLayer
{
    private readonly int _left, _right, _top, _bottom;
    private readonly PaddingMode _mode;
    private readonly float _value;

    private protected ImagePadding(int left, int right, int top, int bottom, PaddingMode mode, float value = 0)
    {
        (_left, _right, _top, _bottom) = (left, right, top, bottom);
        (_mode, _value) = (mode, value);
    }

    int IFeatureLayer.FeatureAxis => 1;

    /// <inheritdoc/>
    public override string Describe() => $"{GetType().Name}({_left}, {_right}, {_top}, {_bottom})";

    /// <inheritdoc/>
    protected sealed override Tensor ForwardCore(Tensor input)
    {
        Operation.Check(GetType().Name, input);
        return input.Rank == 4
            ? input.Pad([_left, _right, _top, _bottom], _mode, _value)
            : throw new ShapeException(
                GetType().Name,
                $"an input of shape {input.Shape}",
                "images have the axes [batch, channels, height, width]");
    }
}

/// <summary>Zeros around images. <inheritdoc cref="ImagePadding" path="/summary/node()"/></summary>
public sealed class ZeroPad2d : ImagePadding
{
    /// <summary>Makes the layer; negative margins crop.</summary>
    public ZeroPad2d(int left, int right, int top, int bottom) : base(left, right, top, bottom, PaddingMode.Constant)
    {
    }

    /// <summary>Makes the layer with the same margin on all sides.</summary>
    public ZeroPad2d(int padding) : this(padding, padding, padding, padding)
    {
    }
}

/// <summary>A constant around images. <inheritdoc cref="ImagePadding" path="/summary/node()"/></summary>
public sealed class ConstantPad2d : ImagePadding
{
    /// <summary>Makes the layer; negative margins crop.</summary>
    public ConstantPad2d(int left, int right, int top, int bottom, float value)
        : base(left, right, top, bottom, PaddingMode.Constant, value)
    {
    }

    /// <summary>Makes the layer with the same margin on all sides.</summary>
    public ConstantPad2d(int padding, float value) : this(padding, padding, padding, padding, value)
    {
    }
}

/// <summary>
/// Images mirrored at their edges, which are not repeated; margins are smaller than the image.
/// <inheritdoc cref="ImagePadding" path="/summary/node()"/>
/// </summary>
public sealed class ReflectionPad2d : ImagePadding
{
    /// <summary>Makes the layer.</summary>
    public ReflectionPad2d(int left, int right, int top, int bottom) : base(left, right, top, bottom, PaddingMode.Reflect)
    {
    }

    /// <summary>Makes the layer with the same margin on all sides.</summary>
    public ReflectionPad2d(int padding) : this(padding, padding, padding, padding)
    {
    }
}

/// <summary>The pixels at the edges of images, repeated. <inheritdoc cref="ImagePadding" path="/summary/node()"/></summary>
public sealed class ReplicationPad2d : ImagePadding
{
    /// <summary>Makes the layer.</summary>
    public ReplicationPad2d(int left, int right, int top, int bottom) : base(left, right, top, bottom, PaddingMode.Replicate)
    {
    }

    /// <summary>Makes the layer with the same margin on all sides.</summary>
    public ReplicationPad2d(int padding) : this(padding, padding, padding, padding)
    {
    }
}
