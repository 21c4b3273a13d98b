using System.Runtime.CompilerServices;

namespace TinyNet.Core;

// sin x = (−1)ᵏ sin r with x = kπ + r and |r| ≤ π/2 (Cody and Waite 1980: π in three parts, each product exact in a fused
// multiply-add), sin r an odd polynomial; cos x likewise about the odd multiples of π/2.
internal static partial class LaneMath
{
    private const float InversePi = 0.318309873f;
    private const float PiHigh = 3.1415925f;
    private const float PiMiddle = 1.50995788e-7f;
    private const float PiLow = 1.07806051e-14f;

    /// <summary>Up to here k has few enough bits; beyond it each element is computed in double precision.</summary>
    public const float LargeAngle = 1 << 20;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Sin<T>(T x) where T : struct, IFloatLane<T>
    {
        T result = SinOfModerate(x);
        return T.Any(T.Abs(x) > T.Const(LargeAngle)) ? SinOfLarge(x, T.One, result) : result;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T SinOfProduct<T>(T a, T b) where T : struct, IFloatLane<T>
    {
        T angle = a * b, result = SinOfModerate(angle);
        return T.Any(T.Abs(angle) > T.Const(LargeAngle)) ? SinOfLarge(a, b, result) : result;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Cos<T>(T x) where T : struct, IFloatLane<T>
    {
        T result = CosOfModerate(x);
        return T.Any(T.Abs(x) > T.Const(LargeAngle)) ? CosOfLarge(x, result) : result;
    }

    /// <summary>
    /// sin x for |x| up to <see cref="LargeAngle"/>, without branches or memory: for lanes that have a way of their own beyond.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T SinOfModerate<T>(T x) where T : struct, IFloatLane<T>
    {
        T angle = T.Abs(x);
        T shifted = T.MultiplyAdd(angle, T.Const(InversePi), T.Const(RoundingShift));
        T sine = SinReduced(angle, shifted - T.Const(RoundingShift));
        return T.Xor(sine, T.Xor(T.ShiftLeft(shifted, 31), SignOf(x)));
    }

    /// <summary>cos x for |x| up to <see cref="LargeAngle"/>, as <see cref="SinOfModerate"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T CosOfModerate<T>(T x) where T : struct, IFloatLane<T>
    {
        T angle = T.Abs(x);
        T shifted = T.MultiplyAdd(angle, T.Const(InversePi), T.Const(-0.5f)) + T.Const(RoundingShift);
        T sine = SinReduced(angle, shifted - T.Const(RoundingShift) + T.Const(0.5f));
        return T.Xor(sine, T.Xor(T.ShiftLeft(shifted, 31), T.FromBits(SignBit)));
    }

    /// <summary>sin(angle − multiple · π).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T SinReduced<T>(T angle, T multiple) where T : struct, IFloatLane<T>
    {
        T r = T.FusedMultiplyAdd(multiple, T.Const(-PiHigh), angle);
        r = T.FusedMultiplyAdd(multiple, T.Const(-PiMiddle), r);
        r = T.MultiplyAdd(multiple, T.Const(-PiLow), r);

        // (sin r − r) / r³ in r² for |r| ≤ 1.6, within 6e-10 of the sine.
        T square = r * r;
        T q = T.MultiplyAdd(square, T.Const(-2.54214783e-8f), T.Const(2.76241894e-6f));
        q = T.MultiplyAdd(square, q, T.Const(-0.000198430702f));
        q = T.MultiplyAdd(square, q, T.Const(0.00833335053f));
        q = T.MultiplyAdd(square, q, T.Const(-0.166666672f));
        T sine = T.MultiplyAdd(square * r, q, r);

        // Rounding near ±π/2 may end just beyond ±1.
        return T.AtMost(T.AtLeast(sine, -T.One), T.One);
    }
}
