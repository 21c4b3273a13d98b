using System.Runtime.CompilerServices;

namespace TinyNet.Core;

/// <summary>Σ x.</summary>
internal readonly struct SumReduction : IReduction
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Identity<T>() where T : struct, ILane<T> => T.Zero;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Map<T>(T x) where T : struct, ILane<T> => x;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Combine<T>(T a, T b) where T : struct, ILane<T> => a + b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Finish<T>(T total, T count) where T : struct, ILane<T> => total;

    // Adding floats rounds, but nothing vanishes.
    public static bool FloatSuffices(float total) => float.IsFinite(total);
}

/// <summary>Σ x / n; nan for nothing.</summary>
internal readonly struct MeanReduction : IReduction
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Identity<T>() where T : struct, ILane<T> => T.Zero;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Map<T>(T x) where T : struct, ILane<T> => x;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Combine<T>(T a, T b) where T : struct, ILane<T> => a + b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Finish<T>(T total, T count) where T : struct, ILane<T> => total / count;

    // Adding floats rounds, but nothing vanishes.
    public static bool FloatSuffices(float total) => float.IsFinite(total);
}

/// <summary>Σ x² / (n − correction): a variance, given differences to the mean; the mean of squares without a correction.</summary>
internal readonly struct VarianceReduction(int correction) : IReduction
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Identity<T>() where T : struct, ILane<T> => T.Zero;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Map<T>(T x) where T : struct, ILane<T> => x * x;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Combine<T>(T a, T b) where T : struct, ILane<T> => a + b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Finish<T>(T total, T count) where T : struct, ILane<T> => total / T.Max(count - T.Const(correction), T.Zero);
}

/// <summary>√(Σ x² / (n − correction)): a standard deviation, given differences to the mean; a float where its square is none.</summary>
internal readonly struct DeviationReduction(int correction) : IReduction
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Identity<T>() where T : struct, ILane<T> => T.Zero;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Map<T>(T x) where T : struct, ILane<T> => x * x;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Combine<T>(T a, T b) where T : struct, ILane<T> => a + b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Finish<T>(T total, T count) where T : struct, ILane<T> =>
        T.Sqrt(new VarianceReduction(correction).Finish(total, count));
}

/// <summary>Π x.</summary>
internal readonly struct ProductReduction : IReduction
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Identity<T>() where T : struct, ILane<T> => T.One;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Map<T>(T x) where T : struct, ILane<T> => x;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Combine<T>(T a, T b) where T : struct, ILane<T> => a * b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Finish<T>(T total, T count) where T : struct, ILane<T> => total;

    // A product of some elements may vanish in part, and others make it large again.
    public static bool FloatSuffices(float total) => false;
}

/// <summary>max x; nan if any element is nan.</summary>
internal readonly struct MaxReduction : IReduction
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Identity<T>() where T : struct, ILane<T> => T.Const(double.NegativeInfinity);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Map<T>(T x) where T : struct, ILane<T> => x;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Combine<T>(T a, T b) where T : struct, ILane<T> => T.Max(a, b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Finish<T>(T total, T count) where T : struct, ILane<T> => total;

    public static bool FloatSuffices(float total) => true;
}

/// <summary>min x; nan if any element is nan.</summary>
internal readonly struct MinReduction : IReduction
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Identity<T>() where T : struct, ILane<T> => T.Const(double.PositiveInfinity);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Map<T>(T x) where T : struct, ILane<T> => x;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Combine<T>(T a, T b) where T : struct, ILane<T> => T.Min(a, b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Finish<T>(T total, T count) where T : struct, ILane<T> => total;

    public static bool FloatSuffices(float total) => true;
}

/// <summary>
/// (Σ |x|ᵖ)^(1/p) for a finite p other than 0. Beyond <see cref="LargestPower"/> it is for elements over the largest of them (p &lt; 0: the
/// smallest).
/// </summary>
internal readonly struct PowerNormReduction(double p) : IReduction
{
    /// <summary>Up to this |p| doubles hold the powers of all floats, and their sums: 2^(−149 · 6) and 2^(128 · 6).</summary>
    public const double LargestPower = 6;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Identity<T>() where T : struct, ILane<T> => T.Zero;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Map<T>(T x) where T : struct, ILane<T> => p == 1 ? T.Abs(x) : p == 2 ? x * x : T.Pow(T.Abs(x), T.Const(p));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Combine<T>(T a, T b) where T : struct, ILane<T> => a + b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Finish<T>(T total, T count) where T : struct, ILane<T> =>
        p == 1 ? total : p == 2 ? T.Sqrt(total) : T.Pow(total, T.Const(1 / p));
}

/// <summary>max |x| (the ∞-norm); nan if any element is nan.</summary>
internal readonly struct MaxMagnitudeReduction : IReduction
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Identity<T>() where T : struct, ILane<T> => T.Zero;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Map<T>(T x) where T : struct, ILane<T> => T.Abs(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Combine<T>(T a, T b) where T : struct, ILane<T> => T.Max(a, b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Finish<T>(T total, T count) where T : struct, ILane<T> => total;

    public static bool FloatSuffices(float total) => true;
}

/// <summary>min |x| (the −∞-norm); nan if any element is nan.</summary>
internal readonly struct MinMagnitudeReduction : IReduction
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Identity<T>() where T : struct, ILane<T> => T.Const(double.PositiveInfinity);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Map<T>(T x) where T : struct, ILane<T> => T.Abs(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Combine<T>(T a, T b) where T : struct, ILane<T> => T.Min(a, b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Finish<T>(T total, T count) where T : struct, ILane<T> => total;

    public static bool FloatSuffices(float total) => true;
}

/// <summary>0 where every element is finite, else nan.</summary>
internal readonly struct FiniteCheckReduction : IReduction
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Identity<T>() where T : struct, ILane<T> => T.Zero;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Map<T>(T x) where T : struct, ILane<T> => x * T.Zero;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Combine<T>(T a, T b) where T : struct, ILane<T> => a + b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Finish<T>(T total, T count) where T : struct, ILane<T> => total;

    public static bool FloatSuffices(float total) => true;
}

/// <summary>Π x of the elements that are not 0.</summary>
internal readonly struct NonZeroProductReduction : IReduction
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Identity<T>() where T : struct, ILane<T> => T.One;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Map<T>(T x) where T : struct, ILane<T> => T.Select(T.Equal(x, T.Zero), T.One, x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Combine<T>(T a, T b) where T : struct, ILane<T> => a * b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Finish<T>(T total, T count) where T : struct, ILane<T> => total;

    // A product of some elements may vanish in part, and others make it large again.
    public static bool FloatSuffices(float total) => false;
}

/// <summary>
/// √|Π x| of the elements that are not 0, with the sign of the product: a float also where the product is none, but that of all elements
/// but one is.
/// </summary>
internal readonly struct NonZeroProductRootReduction : IReduction
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Identity<T>() where T : struct, ILane<T> => T.One;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Map<T>(T x) where T : struct, ILane<T> => default(NonZeroProductReduction).Map(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Combine<T>(T a, T b) where T : struct, ILane<T> => a * b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Finish<T>(T total, T count) where T : struct, ILane<T>
    {
        T root = T.Sqrt(T.Abs(total));
        return T.Select(total < T.Zero, -root, root);
    }

    // A product of some elements may vanish in part, and others make it large again.
    public static bool FloatSuffices(float total) => false;
}

/// <summary>The number of elements that are 0 (or that are not, if inverted).</summary>
internal readonly struct ZeroCountReduction(Flag inverted) : IReduction
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Identity<T>() where T : struct, ILane<T> => T.Zero;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Map<T>(T x) where T : struct, ILane<T>
    {
        T isZero = T.Equal(x, T.Zero);
        return T.Select(inverted ? ~isZero : isZero, T.One, T.Zero);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Combine<T>(T a, T b) where T : struct, ILane<T> => a + b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Finish<T>(T total, T count) where T : struct, ILane<T> => total;

    public static bool FloatSuffices(float total) => true;
}

/// <summary>1 if something holds of any element, else 0.</summary>
internal readonly struct AnyReduction<TMap>(TMap map) : IReduction where TMap : struct, IPredicateMap
{
    public static bool FloatSuffices(float total) => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Identity<T>() where T : struct, ILane<T> => T.Zero;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Map<T>(T x) where T : struct, ILane<T> => map.Forward(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Combine<T>(T a, T b) where T : struct, ILane<T> => T.Max(a, b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Finish<T>(T total, T count) where T : struct, ILane<T> => total;
}
