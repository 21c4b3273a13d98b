using System.Runtime.CompilerServices;
using TinyNet.Core;

namespace TinyNet.Autograd;

/// <summary>Norms as floats, also those that no float holds: such a large one is given as −2⁻⁶⁴ of it.</summary>
internal static class NormCode
{
    /// <summary>2⁶⁴, by which floats are multiplied and divided without rounding.</summary>
    public const double Large = 18446744073709551616.0;

    private const double MostAsItIs = 1e30;

    /// <summary>The code of a norm, of which double precision holds more than floats do.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Of<T>(T norm) where T : struct, ILane<T> =>
        T.Select(norm < T.Const(MostAsItIs), norm, norm * T.Const(-1 / Large));

    /// <summary>The norm of a code.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Norm<T>(T code) where T : struct, ILane<T> => T.Select(code < T.Zero, code * T.Const(-Large), code);
}

/// <summary>The code of the p-norm of numbers, for p up to <see cref="PowerNormReduction.LargestPower"/>.</summary>
internal readonly struct CodedNormReduction(double p) : IReduction
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Identity<T>() where T : struct, ILane<T> => T.Zero;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Map<T>(T x) where T : struct, ILane<T> => new PowerNormReduction(p).Map(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Combine<T>(T a, T b) where T : struct, ILane<T> => a + b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Finish<T>(T total, T count) where T : struct, ILane<T> => NormCode.Of(new PowerNormReduction(p).Finish(total, count));
}

/// <summary>The code of the p-norm of all numbers, from the codes of those of parts of them.</summary>
internal readonly struct TotalNormReduction(double p) : IReduction
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Identity<T>() where T : struct, ILane<T> => T.Zero;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Map<T>(T x) where T : struct, ILane<T> => new PowerNormReduction(p).Map(NormCode.Norm(x));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Combine<T>(T a, T b) where T : struct, ILane<T> => a + b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Finish<T>(T total, T count) where T : struct, ILane<T> => NormCode.Of(new PowerNormReduction(p).Finish(total, count));

    // There are few, and no float holds what they stand for.
    public static bool FloatSuffices(float total) => false;
}

/// <summary>The code of a norm a, where that is too large from b, 2⁻³² of it.</summary>
internal readonly struct NormCodeMap : IBinaryMap
{
    /// <summary>2⁻³².</summary>
    public const float Part = 1f / (1L << 32);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Forward<T>(T a, T b) where T : struct, ILane<T>
    {
        T code = NormCode.Of(a);
        return T.Select(code < T.Zero, b * T.Const(-Part), code);
    }
}

/// <summary>The norm of a code: ∞ where no float is as large.</summary>
internal readonly struct NormMap : IUnaryMap
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Forward<T>(T x) where T : struct, ILane<T> => NormCode.Norm(x);
}

/// <summary>
/// What gradients are scaled by, min(1, maxNorm / (total + 1e-6)), from the codes of norms (<see cref="NormCode"/>). A float
/// has few digits left for a factor below 2⁻¹²⁶, or none: such a one is given as −2⁶⁴ of it, which <see cref="ClipMap"/> knows.
/// </summary>
internal readonly struct ClipFactorReduction(double p, double maxNorm) : IReduction
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Identity<T>() where T : struct, ILane<T> => T.Zero;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Map<T>(T x) where T : struct, ILane<T> => new PowerNormReduction(p).Map(NormCode.Norm(x));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Combine<T>(T a, T b) where T : struct, ILane<T> => a + b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Finish<T>(T total, T count) where T : struct, ILane<T>
    {
        T norm = new PowerNormReduction(p).Finish(total, count);
        T factor = T.Min(T.One, T.Const(maxNorm) / (norm + T.Const(1e-6)));
        return T.Select(factor < T.Const(1e-30), factor * T.Const(-1 / ClipMap.Tiny), factor);
    }

    // There are few norms, and the factor of all gradients is made of them.
    public static bool FloatSuffices(float total) => false;
}

/// <summary><see cref="ClipMap"/> where the factor is known.</summary>
internal readonly struct ClipByMap(float factor) : IUnaryMap
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Forward<T>(T x) where T : struct, ILane<T> => default(ClipMap).Forward(x, T.Const(factor));
}

/// <summary>a times the factor b of <see cref="ClipFactorReduction"/>.</summary>
internal readonly struct ClipMap : IBinaryMap
{
    /// <summary>2⁻⁶⁴, by which floats are multiplied without rounding.</summary>
    public const double Tiny = 5.421010862427522e-20;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Forward<T>(T a, T b) where T : struct, ILane<T>
    {
        T scaled = a * T.Abs(b);
        return T.Select(b < T.Zero, scaled * T.Const(Tiny), scaled);
    }
}
