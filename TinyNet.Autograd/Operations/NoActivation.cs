using TinyNet.Core;

namespace TinyNet.Autograd;

/// <summary>Stands for no activation after a product or convolution, in operations that take one in.</summary>
internal readonly struct NoActivation : IUnaryOp
{
    public T Forward<T>(T x) where T : struct, ILane<T> => x;

    public T Derivative<T>(T x, T y) where T : struct, ILane<T> => T.One;
}
