using System.Runtime.CompilerServices;

namespace TinyNet.Core;

/// <summary>
/// Products of three factors and more, of any magnitudes: what is multiplied first is such that nothing on the way overflows or vanishes
/// where the result does not.
/// </summary>
internal static class Factors
{
    /// <summary>a · b · c.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Product<T>(T a, T b, T c) where T : struct, ILane<T>
    {
        // A large c goes with the smaller of both, a small c with the larger.
        T takesA = Smaller(a, b, T.Abs(c) >= T.One);
        return T.Select(takesA, a, b) * c * T.Select(takesA, b, a);
    }

    /// <summary>a · b / c.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Over<T>(T a, T b, T c) where T : struct, ILane<T>
    {
        T takesA = Smaller(a, b, T.Abs(c) < T.One);
        return T.Select(takesA, a, b) / c * T.Select(takesA, b, a);
    }

    /// <summary>a · b / c².</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T OverSquare<T>(T a, T b, T c) where T : struct, ILane<T>
    {
        T takesA = Smaller(a, b, T.Abs(c) < T.One);
        return Over(T.Select(takesA, a, b) / c, T.Select(takesA, b, a), c);
    }

    /// <summary>a · b · c² · d, where |d| is 1 or on the same side of 1 as |c|.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T ProductWithSquare<T>(T a, T b, T c, T d) where T : struct, ILane<T>
    {
        // A large c goes with the smaller of both, a small c with the larger. The second c goes with it, too, where the other one is on the
        // other side of 1: from there on all factors change a magnitude the same way. Where both are on one side, each takes one c.
        T takesA = Smaller(a, b, T.Abs(c) >= T.One), other = T.Select(takesA, b, a);
        T first = T.Select(takesA, a, b) * c * d;
        T areApart = (T.Abs(a) - T.One) * (T.Abs(b) - T.One) < T.Zero;
        return T.Select(areApart, first * c, first) * T.Select(areApart, other, other * c);
    }

    /// <summary>Mask: |a| is the smaller of both where the smaller one is wanted, the larger one elsewhere.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T Smaller<T>(T a, T b, T wanted) where T : struct, ILane<T>
    {
        T isSmaller = T.Abs(a) < T.Abs(b);
        return (isSmaller & wanted) | ~(isSmaller | wanted);
    }
}
