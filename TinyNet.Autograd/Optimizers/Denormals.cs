using System.Runtime.CompilerServices;
using TinyNet.Core;

namespace TinyNet.Autograd;

/// <summary>State that decays for ever ends in denormal floats, with which processors compute twenty times slower.</summary>
public static class Denormals
{
    private const float SmallestNormal = 1.17549435e-38f;

    /// <summary>0 where a float would be denormal, else x; doubles, with which nothing is slow, stay as they are.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Flush<T>(T x) where T : struct, ILane<T> =>
        T.IsDoublePrecision ? x : T.Select(T.Abs(x) < T.Const(SmallestNormal), T.Zero, x);

    /// <summary>
    /// An ε that keeps a divisor from 0 even where it is 0 itself: then it counts as the smallest normal float, and a gradient that was
    /// always 0 changes nothing.
    /// </summary>
    internal static float Divisor(double epsilon) => Math.Max((float)epsilon, SmallestNormal);
}
