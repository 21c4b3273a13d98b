namespace TinyNet.Core;

public abstract partial class Device
{
    /// <summary>destination [N, C, H', W'] = x [N, C, H, W] at other points.</summary>
    protected internal abstract void Resize(Tensor x, in ResizeGrid grid, Tensor destination);

    /// <summary>The gradient of <see cref="Resize"/> to x.</summary>
    protected internal abstract void ResizeGradient(Tensor gradient, in ResizeGrid grid, Tensor destination);
}
