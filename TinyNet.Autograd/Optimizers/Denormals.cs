using TinyNet.Core;

namespace TinyNet.Autograd;

/// <summary>State that decays for ever ends in denormal floats, with which processors compute twenty times slower.</summary>
public static class Denormals
{
    private const double SmallestNormal = 1.1754943508222875e-38;

    /// <summary>0 where a float would be denormal, else x; doubles, with which nothing is slow, stay as they are.</summary>
    public static T Flush<T>(T x) where T : struct, ILane<T> =>
        T.IsDoublePrecision ? x : T.Select(T.Abs(x) < T.Const(SmallestNormal), T.Zero, x);
}
