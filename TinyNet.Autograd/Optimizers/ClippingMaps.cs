using System.Runtime.CompilerServices;
using TinyNet.Core;

namespace TinyNet.Autograd;

/// <summary>2⁻³² of a p-norm, for p up to <see cref="PowerNormReduction.LargestPower"/>: a float where the norm itself is none.</summary>
internal readonly struct PartNormReduction(double p) : IReduction
{
    /// <summary>How many of the part make the norm.</summary>
    public const double Whole = 4294967296;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Identity<T>() where T : struct, ILane<T> => T.Zero;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Map<T>(T x) where T : struct, ILane<T> => new PowerNormReduction(p).Map(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Combine<T>(T a, T b) where T : struct, ILane<T> => a + b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Finish<T>(T total, T count) where T : struct, ILane<T> =>
        new PowerNormReduction(p).Finish(total, count) * T.Const(1 / Whole);
}

/// <summary>
/// What gradients are scaled by, min(1, maxNorm / (total + 1e-6)), from parts of their norms (<see cref="PartNormReduction"/>). A float
/// has few digits left for a factor below 2⁻¹²⁶, or none: such a one is given as −2⁶⁴ of it, which <see cref="ClipMap"/> knows.
/// </summary>
internal readonly struct ClipFactorReduction(double p, double maxNorm) : IReduction
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Identity<T>() where T : struct, ILane<T> => T.Zero;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Map<T>(T x) where T : struct, ILane<T> => new PowerNormReduction(p).Map(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Combine<T>(T a, T b) where T : struct, ILane<T> => a + b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Finish<T>(T total, T count) where T : struct, ILane<T>
    {
        T norm = new PowerNormReduction(p).Finish(total, count) * T.Const(PartNormReduction.Whole);
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
