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
}
