namespace TinyNet.Core;

public abstract partial class Device
{
    /// <summary>
    /// destination [N, C, H', W'] = the largest element of each part of x [N, C, H, W], −∞ of an empty part; nan counts as the largest.
    /// </summary>
    /// <param name="x">The images.</param>
    /// <param name="grid">The parts.</param>
    /// <param name="destination">The maxima.</param>
    /// <param name="positions">If wanted, which element of the part that is, in row-major order: the first of equals, the last of several nan. Of the destination's shape.</param>
    protected internal abstract void MaxPool(Tensor x, in PoolGrid grid, Tensor destination, Tensor? positions);

    /// <summary>The gradient of <see cref="MaxPool"/> to x: that of each part goes to the element at its position.</summary>
    protected internal abstract void MaxPoolGradient(Tensor positions, Tensor gradient, in PoolGrid grid, Tensor destination);

    /// <summary>destination [N, C, H', W'] = the sum of each part of x [N, C, H, W] over the size of the part.</summary>
    protected internal abstract void AveragePool(Tensor x, in PoolGrid grid, Tensor destination);

    /// <summary>The gradient of <see cref="AveragePool"/> to x: that of each part, over its size, goes to every element of it.</summary>
    protected internal abstract void AveragePoolGradient(Tensor gradient, in PoolGrid grid, Tensor destination);
}
