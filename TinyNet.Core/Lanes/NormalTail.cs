using System.Runtime.CompilerServices;

namespace TinyNet.Core;

/// <summary>
/// The normal distribution Φ far below 0, to single precision, by what every lane has: e^(−x²/2) / |x| · polynomial in 1/x².
/// </summary>
internal static class NormalTail
{
    /// <summary>From here on it is right; above, what erf leaves of 1 has digits enough for a lane without a way of its own.</summary>
    public const float Start = -3.25f;

    // Φ is 0 in single precision from −14.2 on.
    private const float End = 15;

    /// <summary>Φ(x) for x up to <see cref="Start"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Below<T>(T x) where T : struct, ILane<T>
    {
        T distance = T.Min(-x, T.Const(End)), square = distance * distance, t = T.One / square;

        // |x| e^(x²/2) Φ(x) in 1/x² for −15 ≤ x ≤ −3.25, within 3e-8 of it (Remez exchange).
        T p = T.MultiplyAdd(t, T.Const(268.933545f), T.Const(-126.726885f));
        p = T.MultiplyAdd(t, p, T.Const(30.0765754f));
        p = T.MultiplyAdd(t, p, T.Const(-5.63041067f));
        p = T.MultiplyAdd(t, p, T.Const(1.19085989f));
        p = T.MultiplyAdd(t, p, T.Const(-0.398894066f));
        p = T.MultiplyAdd(t, p, T.Const(0.398942147f));

        // x² is rounded: what that leaves out is put back.
        T rest = T.FusedMultiplyAdd(distance, distance, -square);
        T factor = T.MultiplyAdd(rest, T.Const(-0.5f), T.One) * (p / distance);
        return T.Exp(square * T.Const(-0.5f)) * factor;
    }
}
