using System.Runtime.CompilerServices;

namespace TinyNet.Core;

/// <summary>
/// Winograd's minimal filtering F(4 × 4, 3 × 3): 16 outputs of a 3 × 3 window from a patch of 6 × 6 with 36 multiplications instead of
/// 144, Y = Aᵀ [(G g Gᵀ) ⊙ (Bᵀ d B)] A. Sums over channels move inside, so that ⊙ becomes 36 matrix products.
/// </summary>
/// <remarks>
/// A. Lavin, S. Gray, "Fast algorithms for convolutional neural networks", 2015, arXiv:1509.09308. The polynomials are interpolated at
/// 0, ±3/4, ±3/2 and ∞ instead of the usual 0, ±1, ±2 and ∞: every constant is a float without rounding, and the error is half as large
/// (root mean square 5e-7 at outputs of 0.6, where summing directly has 2.5e-7).
/// </remarks>
internal static unsafe class WinogradTransform
{
    /// <summary>Outputs of a tile along an axis.</summary>
    public const int Outputs = 4;

    /// <summary>Inputs of a tile along an axis, and points of interpolation.</summary>
    public const int Points = 6;

    /// <summary>Products of a tile.</summary>
    public const int Products = Points * Points;

    private const double P1 = 0.75, P2 = 1.5;
    private const double Square1 = P1 * P1, Square2 = P2 * P2;

    // Π (p − q) over the other finite points q, by which the filter's side is divided.
    private const double Weight0 = 1 / (Square1 * Square2), Weight1 = 1 / (2 * Square1 * (Square1 - Square2)), Weight2 = 1 / (2 * Square2 * (Square2 - Square1));

    /// <summary>Bᵀ d B for a lane of channels: patch pixels are <paramref name="pixelStride"/> apart, products <paramref name="productStride"/>.</summary>
    [SkipLocalsInit, MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Input<TLane>(float* patch, nint rowStride, nint pixelStride, float* target, nint productStride) where TLane : struct, IVectorLane<TLane>
    {
        float* half = stackalloc float[Products * TLane.Count];
        for (int column = 0; column < Points; column++)
        {
            float* x = patch + column * pixelStride;
            InputLine(TLane.Load(x), TLane.Load(x + rowStride), TLane.Load(x + 2 * rowStride), TLane.Load(x + 3 * rowStride), TLane.Load(x + 4 * rowStride), TLane.Load(x + 5 * rowStride),
                half + column * TLane.Count, Points * TLane.Count);
        }

        for (int row = 0; row < Points; row++)
        {
            float* x = half + row * Points * TLane.Count;
            InputLine(TLane.Load(x), TLane.Load(x + TLane.Count), TLane.Load(x + 2 * TLane.Count), TLane.Load(x + 3 * TLane.Count), TLane.Load(x + 4 * TLane.Count), TLane.Load(x + 5 * TLane.Count),
                target + row * Points * productStride, productStride);
        }
    }

    /// <summary>Aᵀ m A for a lane of channels, 4 × 4 values in <paramref name="target"/> one after the other.</summary>
    [SkipLocalsInit, MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Output<TLane>(float* products, nint productStride, float* target) where TLane : struct, IVectorLane<TLane>
    {
        float* half = stackalloc float[Outputs * Points * TLane.Count];
        for (int column = 0; column < Points; column++)
        {
            float* m = products + column * productStride;
            nint step = Points * productStride;
            OutputLine(TLane.Load(m), TLane.Load(m + step), TLane.Load(m + 2 * step), TLane.Load(m + 3 * step), TLane.Load(m + 4 * step), TLane.Load(m + 5 * step),
                half + column * TLane.Count, Points * TLane.Count);
        }

        for (int row = 0; row < Outputs; row++)
        {
            float* m = half + row * Points * TLane.Count;
            OutputLine(TLane.Load(m), TLane.Load(m + TLane.Count), TLane.Load(m + 2 * TLane.Count), TLane.Load(m + 3 * TLane.Count), TLane.Load(m + 4 * TLane.Count), TLane.Load(m + 5 * TLane.Count),
                target + row * Outputs * TLane.Count, TLane.Count);
        }
    }

    /// <summary>G g Gᵀ for a lane of outputs: taps are <paramref name="tapStride"/> apart, products <paramref name="productStride"/>.</summary>
    [SkipLocalsInit, MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Filter<TLane>(float* taps, nint tapStride, float* target, nint productStride) where TLane : struct, IVectorLane<TLane>
    {
        float* half = stackalloc float[Points * 3 * TLane.Count];
        for (int column = 0; column < 3; column++)
        {
            float* g = taps + column * tapStride;
            FilterLine(TLane.Load(g), TLane.Load(g + 3 * tapStride), TLane.Load(g + 6 * tapStride), half + column * TLane.Count, 3 * TLane.Count);
        }

        for (int row = 0; row < Points; row++)
        {
            float* g = half + row * 3 * TLane.Count;
            FilterLine(TLane.Load(g), TLane.Load(g + TLane.Count), TLane.Load(g + 2 * TLane.Count), target + row * Points * productStride, productStride);
        }
    }

    /// <summary>A y Aᵀ for a lane of channels: what a tile of 4 × 4 gradients, pixels dense, gives to the 36 products.</summary>
    [SkipLocalsInit, MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void OutputGradient<TLane>(float* gradients, nint rowStride, nint pixelStride, float* target, nint productStride) where TLane : struct, IVectorLane<TLane>
    {
        float* half = stackalloc float[Points * Outputs * TLane.Count];
        for (int column = 0; column < Outputs; column++)
        {
            float* y = gradients + column * pixelStride;
            OutputGradientLine(TLane.Load(y), TLane.Load(y + rowStride), TLane.Load(y + 2 * rowStride), TLane.Load(y + 3 * rowStride), half + column * TLane.Count, Outputs * TLane.Count);
        }

        for (int row = 0; row < Points; row++)
        {
            float* y = half + row * Outputs * TLane.Count;
            OutputGradientLine(TLane.Load(y), TLane.Load(y + TLane.Count), TLane.Load(y + 2 * TLane.Count), TLane.Load(y + 3 * TLane.Count), target + row * Points * productStride, productStride);
        }
    }

    /// <summary>Gᵀ u G for a lane of outputs: the gradient of the 36 products back to that of 3 × 3 taps.</summary>
    [SkipLocalsInit, MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void FilterGradient<TLane>(float* products, nint productStride, float* target, nint tapStride) where TLane : struct, IVectorLane<TLane>
    {
        float* half = stackalloc float[3 * Points * TLane.Count];
        for (int column = 0; column < Points; column++)
        {
            float* u = products + column * productStride;
            nint step = Points * productStride;
            FilterGradientLine(TLane.Load(u), TLane.Load(u + step), TLane.Load(u + 2 * step), TLane.Load(u + 3 * step), TLane.Load(u + 4 * step), TLane.Load(u + 5 * step),
                half + column * TLane.Count, Points * TLane.Count);
        }

        for (int row = 0; row < 3; row++)
        {
            float* u = half + row * Points * TLane.Count;
            FilterGradientLine(TLane.Load(u), TLane.Load(u + TLane.Count), TLane.Load(u + 2 * TLane.Count), TLane.Load(u + 3 * TLane.Count), TLane.Load(u + 4 * TLane.Count), TLane.Load(u + 5 * TLane.Count),
                target + row * 3 * tapStride, tapStride);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void InputLine<T>(T x0, T x1, T x2, T x3, T x4, T x5, float* target, nint step) where T : struct, IVectorLane<T>
    {
        T even1 = T.FusedMultiplyAdd(T.Const(-Square2), x2, x4), odd1 = T.Const(P1) * T.FusedMultiplyAdd(T.Const(-Square2), x1, x3);
        T even2 = T.FusedMultiplyAdd(T.Const(-Square1), x2, x4), odd2 = T.Const(P2) * T.FusedMultiplyAdd(T.Const(-Square1), x1, x3);
        T.Store(target, T.FusedMultiplyAdd(T.Const(Square1 * Square2), x0, T.FusedMultiplyAdd(T.Const(-(Square1 + Square2)), x2, x4)));
        T.Store(target + step, even1 + odd1);
        T.Store(target + 2 * step, even1 - odd1);
        T.Store(target + 3 * step, even2 + odd2);
        T.Store(target + 4 * step, even2 - odd2);
        T.Store(target + 5 * step, T.FusedMultiplyAdd(T.Const(Square1 * Square2), x1, T.FusedMultiplyAdd(T.Const(-(Square1 + Square2)), x3, x5)));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void OutputLine<T>(T m0, T m1, T m2, T m3, T m4, T m5, float* target, nint step) where T : struct, IVectorLane<T>
    {
        T even1 = m1 + m2, odd1 = m1 - m2, even2 = m3 + m4, odd2 = m3 - m4;
        T.Store(target, m0 + even1 + even2);
        T.Store(target + step, T.FusedMultiplyAdd(T.Const(P1), odd1, T.Const(P2) * odd2));
        T.Store(target + 2 * step, T.FusedMultiplyAdd(T.Const(Square1), even1, T.Const(Square2) * even2));
        T.Store(target + 3 * step, T.FusedMultiplyAdd(T.Const(P1 * Square1), odd1, T.FusedMultiplyAdd(T.Const(P2 * Square2), odd2, m5)));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void FilterLine<T>(T g0, T g1, T g2, float* target, nint step) where T : struct, IVectorLane<T>
    {
        T even1 = T.Const(Weight1) * T.FusedMultiplyAdd(T.Const(Square1), g2, g0), odd1 = T.Const(Weight1 * P1) * g1;
        T even2 = T.Const(Weight2) * T.FusedMultiplyAdd(T.Const(Square2), g2, g0), odd2 = T.Const(Weight2 * P2) * g1;
        T.Store(target, T.Const(Weight0) * g0);
        T.Store(target + step, even1 + odd1);
        T.Store(target + 2 * step, even1 - odd1);
        T.Store(target + 3 * step, even2 + odd2);
        T.Store(target + 4 * step, even2 - odd2);
        T.Store(target + 5 * step, g2);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void OutputGradientLine<T>(T y0, T y1, T y2, T y3, float* target, nint step) where T : struct, IVectorLane<T>
    {
        T even1 = T.FusedMultiplyAdd(T.Const(Square1), y2, y0), odd1 = T.FusedMultiplyAdd(T.Const(P1), y1, T.Const(P1 * Square1) * y3);
        T even2 = T.FusedMultiplyAdd(T.Const(Square2), y2, y0), odd2 = T.FusedMultiplyAdd(T.Const(P2), y1, T.Const(P2 * Square2) * y3);
        T.Store(target, y0);
        T.Store(target + step, even1 + odd1);
        T.Store(target + 2 * step, even1 - odd1);
        T.Store(target + 3 * step, even2 + odd2);
        T.Store(target + 4 * step, even2 - odd2);
        T.Store(target + 5 * step, y3);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void FilterGradientLine<T>(T u0, T u1, T u2, T u3, T u4, T u5, float* target, nint step) where T : struct, IVectorLane<T>
    {
        T even1 = T.Const(Weight1) * (u1 + u2), odd1 = T.Const(Weight1 * P1) * (u1 - u2), even2 = T.Const(Weight2) * (u3 + u4), odd2 = T.Const(Weight2 * P2) * (u3 - u4);
        T.Store(target, T.FusedMultiplyAdd(T.Const(Weight0), u0, even1 + even2));
        T.Store(target + step, odd1 + odd2);
        T.Store(target + 2 * step, T.FusedMultiplyAdd(T.Const(Square1), even1, T.FusedMultiplyAdd(T.Const(Square2), even2, u5)));
    }
}
