using TinyNet.Core;

namespace TinyNet.Layers;

/// <summary>A number times a gate that closes as the number falls, as in x σ(x).</summary>
internal static class Gate
{
    /// <summary>Where gates have long been 0, and the derivative of what they let through 0 or 1, in double precision too.</summary>
    public const float Closed = 1000;

    /// <summary>x · gate, and −0 at −∞, where the product of both would be nan. The gate is 0 there.</summary>
    public static T Pass<T>(T x, T gate) where T : struct, ILane<T> => T.AtLeast(x, T.Const(-float.MaxValue)) * gate;

    /// <summary>A number as far as it moves a gate.</summary>
    public static T Bounded<T>(T x) where T : struct, ILane<T> => T.AtMost(T.AtLeast(x, T.Const(-Closed)), T.Const(Closed));
}
