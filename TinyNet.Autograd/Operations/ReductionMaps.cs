using TinyNet.Core;

namespace TinyNet.Autograd;

/// <summary>
/// The product of all other elements, from an element a, the product b of those that are not 0, and the number c of zeros.
/// </summary>
internal readonly struct ProductGradientMap : ITernaryMap
{
    public T Forward<T>(T a, T b, T c) where T : struct, ILane<T>
    {
        T isZero = T.Equal(a, T.Zero);
        T alone = T.Select(T.Equal(c, T.One) & isZero, b, T.Zero);
        return T.Select(T.Equal(c, T.Zero), b / T.Select(isZero, T.One, a), alone);
    }
}

/// <summary>1 where x is y; for magnitudes the sign of x where |x| is y; else 0.</summary>
internal readonly struct IsExtremeMap(Flag ofMagnitudes) : IBinaryMap
{
    public T Forward<T>(T a, T b) where T : struct, ILane<T>
    {
        T isExtreme = T.Equal(ofMagnitudes ? T.Abs(a) : a, b) | (T.IsNaN(a) & T.IsNaN(b));
        return T.Select(isExtreme, ofMagnitudes ? SignOp.Of(a) : T.One, T.Zero);
    }
}

/// <summary>
/// a · b / c, 0 where a is 0: what of the gradient b of an extreme goes to each of the c elements where a says it stands.
/// </summary>
internal readonly struct ExtremeShareMap : ITernaryMap
{
    public T Forward<T>(T a, T b, T c) where T : struct, ILane<T> => T.Select(T.Equal(a, T.Zero), T.Zero, a * b / c);
}

/// <summary>The gradient of the p-norm b to an element a, given that of the norm, c; 0 where either is 0.</summary>
internal readonly struct PowerNormGradientMap(double p) : ITernaryMap
{
    public T Forward<T>(T a, T b, T c) where T : struct, ILane<T>
    {
        if (p == 1)
        {
            return c * SignOp.Of(a);
        }

        T isZero = T.Equal(b, T.Zero), norm = T.Select(isZero, T.One, b);
        T ratio = p == 2 ? a / norm : SignOp.Of(a) * T.Pow(T.Abs(a) / norm, T.Const(p - 1));
        return T.Select(isZero | T.Equal(a, T.Zero), T.Zero, c * ratio);
    }
}

/// <summary>The gradient of b = ln Σ e^a to an element a, given that of b, c.</summary>
internal readonly struct LogSumExpGradientMap : ITernaryMap
{
    public T Forward<T>(T a, T b, T c) where T : struct, ILane<T> => c * T.Exp(a - b);
}

/// <summary>
/// By what a difference to the mean is multiplied for the gradient of a variance, given the gradient b: 2 b / divisor; of its root a:
/// b / (a · divisor), 0 where a is 0.
/// </summary>
internal readonly struct VarianceFactorMap(int divisor, Flag isRoot) : IBinaryMap
{
    public T Forward<T>(T a, T b) where T : struct, ILane<T>
    {
        if (!isRoot)
        {
            return b * T.Const(2) / T.Const(divisor);
        }

        T isZero = T.Equal(a, T.Zero);
        return T.Select(isZero, T.Zero, b / (T.Select(isZero, T.One, a) * T.Const(divisor)));
    }
}
