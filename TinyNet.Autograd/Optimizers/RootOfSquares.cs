using System.Runtime.CompilerServices;
using TinyNet.Core;

namespace TinyNet.Autograd;

/// <summary>
/// Second moments, kept as their roots: √v instead of v has the range of the gradient, whose square a float may not hold, and it is what
/// steps are divided by.
/// </summary>
/// <remarks>
/// A mean of squares follows its definition to a few roundings of a float in each step. What a float cannot hold is a change below half
/// of its last place: with a decay of β, √v may stop within 2⁻²⁵ / (1 − β) of itself from where it was going (3e-5 for 0.999), half of
/// what a v that is kept as a float may lack.
/// </remarks>
public static class RootOfSquares
{
    private const float Small = 9.094947e-13f, Large = 1.1529215e18f, Up = 1.2676506e30f, Down = 7.888609e-31f;

    /// <summary>
    /// √(xWeight · x² + yWeight · y²), correct to a few roundings wherever it is a normal float, though the squares may be none.
    /// </summary>
    /// <param name="x">The first number.</param>
    /// <param name="xWeight">Its weight, 2⁻²⁴ to 1, or 0: the decay of a mean of squares whose root x is.</param>
    /// <param name="y">The second number.</param>
    /// <param name="yWeight">Its weight.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Of<T>(T x, float xWeight, T y, float yWeight) where T : struct, ILane<T>
    {
        if (T.IsDoublePrecision)
        {
            // The squares of all floats are doubles.
            return T.Sqrt(T.FusedMultiplyAdd(T.Const(xWeight) * x, x, T.Const(yWeight) * y * y));
        }

        // Powers of two, 2¹⁰⁰ below 2⁻⁴⁰ and 2⁻¹⁰⁰ above 2⁶⁰, round nothing, and bring the squares back to where floats are normal.
        T size = T.Abs(x) + T.Abs(y), isSmall = size < T.Const(Small), isLarge = size > T.Const(Large);
        T scale = T.Select(isSmall, T.Const(Up), T.Select(isLarge, T.Const(Down), T.One));
        T back = T.Select(isSmall, T.Const(Down), T.Select(isLarge, T.Const(Up), T.One));
        x *= scale;
        y *= scale;
        return T.Sqrt(T.FusedMultiplyAdd(T.Const(xWeight) * x, x, T.Const(yWeight) * y * y)) * back;
    }
}
