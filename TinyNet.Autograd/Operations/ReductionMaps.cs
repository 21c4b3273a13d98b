using System.Runtime.CompilerServices;
using TinyNet.Core;

namespace TinyNet.Autograd;

/// <summary>
/// The product of all other elements and more, from an element a, the root b of the product of those that are not 0 and more, with its
/// sign, and the number c of zeros. Roots are divided: a product is too far from some elements for a ratio.
/// </summary>
internal readonly struct ProductGradientMap : ITernaryMap
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Forward<T>(T a, T b, T c) where T : struct, ILane<T>
    {
        T isZero = T.Equal(a, T.Zero);
        T alone = T.Select(T.Equal(c, T.One) & isZero, b * T.Abs(b), T.Zero);
        T root = b / T.Sqrt(T.Abs(T.Select(isZero, T.One, a))), square = root * T.Abs(root);
        return T.Select(T.Equal(c, T.Zero), T.Select(a < T.Zero, -square, square), alone);
    }
}

/// <summary>The root, with its sign, of b times the number of which a is that root.</summary>
internal readonly struct RootOfProductMap : IBinaryMap
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Forward<T>(T a, T b) where T : struct, ILane<T>
    {
        T root = a * T.Sqrt(T.Abs(b));
        return T.Select(b < T.Zero, -root, root);
    }
}

/// <summary>The product a of elements times b; 0 where one of both has fewer digits than a float has, or is none.</summary>
internal readonly struct WholeProductMap : IBinaryMap
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Forward<T>(T a, T b) where T : struct, ILane<T>
    {
        T product = a * b;
        return T.Select(IsNormal(a) & IsNormal(product), product, T.Zero);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T IsNormal<T>(T value) where T : struct, ILane<T> =>
        (T.Abs(value) >= T.Const(1.17549435e-38f)) & (T.Abs(value) <= T.Const(float.MaxValue));
}

/// <summary>
/// The product of all other elements and more, from an element a, the product b of those that are not 0 and more, and what it is by roots,
/// c, which stays where b is 0: of whole numbers a quotient is whole, a square of roots is not.
/// </summary>
internal readonly struct ProductQuotientMap : ITernaryMap
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Forward<T>(T a, T b, T c) where T : struct, ILane<T>
    {
        T quotient = b / T.Select(T.Equal(a, T.Zero), T.One, a);
        return T.Select(T.Equal(b, T.Zero) | T.Equal(c, T.Zero), c, quotient);
    }
}

/// <summary>1 where x is y; for magnitudes the sign of x where |x| is y; else 0.</summary>
internal readonly struct IsExtremeMap(Flag ofMagnitudes) : IBinaryMap
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Forward<T>(T a, T b) where T : struct, ILane<T>
    {
        T isExtreme = T.Equal(ofMagnitudes ? T.Abs(a) : a, b) | (T.IsNaN(a) & T.IsNaN(b));
        return T.Select(isExtreme, ofMagnitudes ? SignOp.Of(a) : T.One, T.Zero);
    }
}

/// <summary>The place c of an element a that is the extreme b, ∞ of any other.</summary>
internal readonly struct ExtremePlaceMap : ITernaryMap
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Forward<T>(T a, T b, T c) where T : struct, ILane<T> =>
        T.Select(T.Equal(a, b) | (T.IsNaN(a) & T.IsNaN(b)), c, T.Const(double.PositiveInfinity));
}

/// <summary>
/// a · b / c, 0 where a is 0: what of the gradient b of an extreme goes to each of the c elements where a says it stands.
/// </summary>
internal readonly struct ExtremeShareMap : ITernaryMap
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Forward<T>(T a, T b, T c) where T : struct, ILane<T> => T.Select(T.Equal(a, T.Zero), T.Zero, a * b / c);
}

/// <summary>A magnitude, but 1 for 0 and ∞: what elements are divided by, so that their powers neither overflow nor vanish.</summary>
internal readonly struct NormScaleMap : IUnaryMap
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Forward<T>(T x) where T : struct, ILane<T> =>
        T.Select(T.Equal(x, T.Zero) | T.Equal(x, T.Const(double.PositiveInfinity)), T.One, x);
}

/// <summary>
/// The gradient of the p-norm b to an element a, given that of the norm, c; 0 where either is 0. No power in it overflows, or vanishes,
/// where the gradient does not: a quotient is between 0 and 1 for p ≥ 1, and for |p − 1| ≤ 1 the powers of both are floats.
/// </summary>
internal readonly struct PowerNormGradientMap(double p) : ITernaryMap
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Forward<T>(T a, T b, T c) where T : struct, ILane<T>
    {
        if (p == 1)
        {
            return c * SignOp.Of(a);
        }

        T isZero = T.Equal(b, T.Zero), norm = T.Select(isZero, T.One, b);
        T ratio = p == 2 ? a / norm : SignOp.Of(a) * Power(T.Abs(a), norm);
        return T.Select(isZero | T.Equal(a, T.Zero), T.Zero, c * ratio);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private T Power<T>(T magnitude, T norm) where T : struct, ILane<T> => Math.Abs(p - 1) <= 1
        ? T.Pow(magnitude, T.Const(p - 1)) * T.Pow(norm, T.Const(1 - p))
        : T.Pow(magnitude / norm, T.Const(p - 1));
}

/// <summary>a − b, but a where b is −∞.</summary>
internal readonly struct FiniteDifferenceMap : IBinaryMap
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Forward<T>(T a, T b) where T : struct, ILane<T> =>
        a - T.Select(T.Equal(b, T.Const(double.NegativeInfinity)), T.Zero, b);
}

/// <summary>a / b, 0 where b is 0.</summary>
internal readonly struct ShareMap : IBinaryMap
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Forward<T>(T a, T b) where T : struct, ILane<T>
    {
        T isZero = T.Equal(b, T.Zero);
        return T.Select(isZero, T.Zero, a / T.Select(isZero, T.One, b));
    }
}

/// <summary>
/// The part of differences to a mean that is a float with all its digits: a quarter where numbers are large, 2⁶⁴ where they are small, so
/// that neither it nor the deviation is denormal, else all.
/// </summary>
internal static class DifferencePart
{
    // 2¹²⁶ and 2⁻⁸⁰.
    private const double Large = 8.507059173023462e37, Small = 8.271806125530277e-25, Enlarging = 18446744073709551616.0;

    /// <summary>How large that part is, for the largest magnitude of the numbers.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Of<T>(T magnitude) where T : struct, ILane<T> => T.Select(
        magnitude > T.Const(Large), T.Const(0.25f), T.Select(magnitude < T.Const(Small), T.Const(Enlarging), T.One));
}

/// <summary>The part of the difference of an element a to a mean b that is a float, where the largest magnitude is c.</summary>
internal readonly struct PartOfDifferenceMap : ITernaryMap
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Forward<T>(T a, T b, T c) where T : struct, ILane<T>
    {
        T part = DifferencePart.Of(c);
        return a * part - b * part;
    }
}

/// <summary>What a is a part of, as of a difference between numbers whose largest magnitude is b.</summary>
internal readonly struct WholeOfPartMap : IBinaryMap
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Forward<T>(T a, T b) where T : struct, ILane<T> => a / DifferencePart.Of(b);
}

/// <summary>
/// The gradient of a standard deviation b to an element whose difference to the mean is a, given that of b over the divisor, c: a / b · c,
/// 0 where b is 0.
/// </summary>
internal readonly struct DeviationGradientMap : ITernaryMap
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Forward<T>(T a, T b, T c) where T : struct, ILane<T>
    {
        T isZero = T.Equal(b, T.Zero);
        return T.Select(isZero, T.Zero, a / T.Select(isZero, T.One, b) * c);
    }
}
