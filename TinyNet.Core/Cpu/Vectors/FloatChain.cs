using System.Runtime.CompilerServices;

namespace TinyNet.Core;

/// <summary>
/// How long sums in single precision may become. Roundings of terms of all kinds cancel, but those of equal terms go the same way: a sum
/// of n of them is wrong by up to n · 2⁻²⁵ of itself. Where more come together, blocks are summed up in float, their totals in double.
/// </summary>
internal static class FloatChain
{
    /// <summary>Terms that one float takes up before its total moves on.</summary>
    public const int Terms = 256;

    /// <summary>Totals of such chains that a float takes up, where keeping each apart would take too much memory.</summary>
    public const int Totals = 64;

    /// <summary>
    /// 2⁻¹¹⁰, the least mean magnitude of products that a sum in float is sure of: each errs by 2⁻¹⁵⁰ at most where it is too small for a
    /// float.
    /// </summary>
    public const double LeastMean = 7.703719777548943e-34;

    /// <summary>
    /// Adds a term, and what the rounding of the sums before has lost (W. Kahan, CACM 8, 1965): of an infinite one nothing, as ∞ − ∞ is
    /// nan.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Add<TLane>(ref TLane total, ref TLane lost, TLane term) where TLane : struct, ILane<TLane>
    {
        TLane whole = term - lost, sum = total + whole;
        lost = TLane.Select(TLane.Abs(sum) < TLane.Const(float.PositiveInfinity), sum - total - whole, TLane.Zero);
        total = sum;
    }
}
