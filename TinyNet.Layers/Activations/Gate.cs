using System.Runtime.CompilerServices;
using TinyNet.Core;

namespace TinyNet.Layers;

/// <summary>What closes as a number falls, such as σ(x) in x σ(x).</summary>
internal static class Gate
{
    /// <summary>Where gates have long been 0, and the derivative of what they let through 0 or 1, in double precision too.</summary>
    public const float Closed = 1000;

    /// <summary>A number as far as it moves a gate; a product of the gate with ∞ would be nan.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Bounded<T>(T x) where T : struct, ILane<T> => T.AtMost(T.AtLeast(x, T.Const(-Closed)), T.Const(Closed));
}
