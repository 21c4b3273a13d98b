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
    private const double Weight0 = 1 / (Square1 * Square2);
    private const double Weight1 = 1 / (2 * Square1 * (Square1 - Square2)), Weight2 = 1 / (2 * Square2 * (Square2 - Square1));

    /// <summary>
    /// Bᵀ d B for a lane of channels: patch pixels are <paramref name="pixelStride"/> apart, products <paramref name="productStride"/>.
    /// </summary>
    [SkipLocalsInit, MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static void Input<TLane>(float* patch, nint rowStride, nint pixelStride, float* target, nint productStride)
        where TLane : struct, IVectorLane<TLane>
    {
        float* half = stackalloc float[Products * TLane.Count];
        for (int column = 0; column < Points; column++)
        {
            float* x = patch + column * pixelStride;
            InputLine<TLane>(x, rowStride, half + column * TLane.Count, Points * TLane.Count);
        }

        for (int row = 0; row < Points; row++)
        {
            float* x = half + row * Points * TLane.Count;
            InputLine<TLane>(x, TLane.Count, target + row * Points * productStride, productStride);
        }
    }

    /// <summary>Aᵀ m A for a lane of channels, 4 × 4 values in <paramref name="target"/> one after the other.</summary>
    [SkipLocalsInit, MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static void Output<TLane>(float* products, nint productStride, float* target) where TLane : struct, IVectorLane<TLane>
    {
        float* half = stackalloc float[Outputs * Points * TLane.Count];
        for (int column = 0; column < Points; column++)
        {
            float* m = products + column * productStride;
            nint step = Points * productStride;
            OutputLine<TLane>(m, step, half + column * TLane.Count, Points * TLane.Count);
        }

        for (int row = 0; row < Outputs; row++)
        {
            float* m = half + row * Points * TLane.Count;
            OutputLine<TLane>(m, TLane.Count, target + row * Outputs * TLane.Count, TLane.Count);
        }
    }

    /// <summary>
    /// G g Gᵀ for a lane of outputs: taps are <paramref name="tapStride"/> apart, products <paramref name="productStride"/>.
    /// </summary>
    [SkipLocalsInit, MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static void Filter<TLane>(float* taps, nint tapStride, float* target, nint productStride)
        where TLane : struct, IVectorLane<TLane>
    {
        float* half = stackalloc float[Points * 3 * TLane.Count];
        for (int column = 0; column < 3; column++)
        {
            float* g = taps + column * tapStride;
            FilterLine<TLane>(g, 3 * tapStride, half + column * TLane.Count, 3 * TLane.Count);
        }

        for (int row = 0; row < Points; row++)
        {
            float* g = half + row * 3 * TLane.Count;
            FilterLine<TLane>(g, TLane.Count, target + row * Points * productStride, productStride);
        }
    }

    /// <summary>A y Aᵀ for a lane of channels: what a tile of 4 × 4 gradients, pixels dense, gives to the 36 products.</summary>
    [SkipLocalsInit, MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static void OutputGradient<TLane>(float* gradients, nint rowStride, nint pixelStride, float* target, nint productStride)
        where TLane : struct, IVectorLane<TLane>
    {
        float* half = stackalloc float[Points * Outputs * TLane.Count];
        for (int column = 0; column < Outputs; column++)
        {
            float* y = gradients + column * pixelStride;
            OutputGradientLine<TLane>(y, rowStride, half + column * TLane.Count, Outputs * TLane.Count);
        }

        for (int row = 0; row < Points; row++)
        {
            float* y = half + row * Outputs * TLane.Count;
            OutputGradientLine<TLane>(y, TLane.Count, target + row * Points * productStride, productStride);
        }
    }

    /// <summary>Gᵀ u G for a lane of outputs: the gradient of the 36 products back to that of 3 × 3 taps.</summary>
    [SkipLocalsInit, MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static void FilterGradient<TLane>(float* products, nint productStride, float* target, nint tapStride)
        where TLane : struct, IVectorLane<TLane>
    {
        float* half = stackalloc float[3 * Points * TLane.Count];
        for (int column = 0; column < Points; column++)
        {
            float* u = products + column * productStride;
            nint step = Points * productStride;
            FilterGradientLine<TLane>(u, step, half + column * TLane.Count, Points * TLane.Count);
        }

        for (int row = 0; row < 3; row++)
        {
            float* u = half + row * Points * TLane.Count;
            FilterGradientLine<TLane>(u, TLane.Count, target + row * 3 * tapStride, tapStride);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void InputLine<T>(float* x, nint step, float* target, nint targetStep) where T : struct, IVectorLane<T>
    {
        T x0 = T.Load(x), x1 = T.Load(x + step), x2 = T.Load(x + 2 * step);
        T x3 = T.Load(x + 3 * step), x4 = T.Load(x + 4 * step), x5 = T.Load(x + 5 * step);
        T even1 = T.MultiplyAdd(T.Const(-Square2), x2, x4), odd1 = T.Const(P1) * T.MultiplyAdd(T.Const(-Square2), x1, x3);
        T even2 = T.MultiplyAdd(T.Const(-Square1), x2, x4), odd2 = T.Const(P2) * T.MultiplyAdd(T.Const(-Square1), x1, x3);
        T first = T.MultiplyAdd(T.Const(-(Square1 + Square2)), x2, x4);
        T.Store(target, T.MultiplyAdd(T.Const(Square1 * Square2), x0, first));
        T.Store(target + targetStep, even1 + odd1);
        T.Store(target + 2 * targetStep, even1 - odd1);
        T.Store(target + 3 * targetStep, even2 + odd2);
        T.Store(target + 4 * targetStep, even2 - odd2);
        T last = T.MultiplyAdd(T.Const(-(Square1 + Square2)), x3, x5);
        T.Store(target + 5 * targetStep, T.MultiplyAdd(T.Const(Square1 * Square2), x1, last));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void OutputLine<T>(float* m, nint step, float* target, nint targetStep) where T : struct, IVectorLane<T>
    {
        T m0 = T.Load(m), m1 = T.Load(m + step), m2 = T.Load(m + 2 * step);
        T m3 = T.Load(m + 3 * step), m4 = T.Load(m + 4 * step), m5 = T.Load(m + 5 * step);
        T even1 = m1 + m2, odd1 = m1 - m2, even2 = m3 + m4, odd2 = m3 - m4;
        T.Store(target, m0 + even1 + even2);
        T.Store(target + targetStep, T.MultiplyAdd(T.Const(P1), odd1, T.Const(P2) * odd2));
        T.Store(target + 2 * targetStep, T.MultiplyAdd(T.Const(Square1), even1, T.Const(Square2) * even2));
        T last = T.MultiplyAdd(T.Const(P2 * Square2), odd2, m5);
        T.Store(target + 3 * targetStep, T.MultiplyAdd(T.Const(P1 * Square1), odd1, last));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void FilterLine<T>(float* g, nint step, float* target, nint targetStep) where T : struct, IVectorLane<T>
    {
        T g0 = T.Load(g), g1 = T.Load(g + step), g2 = T.Load(g + 2 * step);
        T even1 = T.Const(Weight1) * T.MultiplyAdd(T.Const(Square1), g2, g0), odd1 = T.Const(Weight1 * P1) * g1;
        T even2 = T.Const(Weight2) * T.MultiplyAdd(T.Const(Square2), g2, g0), odd2 = T.Const(Weight2 * P2) * g1;
        T.Store(target, T.Const(Weight0) * g0);
        T.Store(target + targetStep, even1 + odd1);
        T.Store(target + 2 * targetStep, even1 - odd1);
        T.Store(target + 3 * targetStep, even2 + odd2);
        T.Store(target + 4 * targetStep, even2 - odd2);
        T.Store(target + 5 * targetStep, g2);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void OutputGradientLine<T>(float* y, nint step, float* target, nint targetStep) where T : struct, IVectorLane<T>
    {
        T y0 = T.Load(y), y1 = T.Load(y + step), y2 = T.Load(y + 2 * step), y3 = T.Load(y + 3 * step);
        T even1 = T.MultiplyAdd(T.Const(Square1), y2, y0), odd1 = T.MultiplyAdd(T.Const(P1), y1, T.Const(P1 * Square1) * y3);
        T even2 = T.MultiplyAdd(T.Const(Square2), y2, y0), odd2 = T.MultiplyAdd(T.Const(P2), y1, T.Const(P2 * Square2) * y3);
        T.Store(target, y0);
        T.Store(target + targetStep, even1 + odd1);
        T.Store(target + 2 * targetStep, even1 - odd1);
        T.Store(target + 3 * targetStep, even2 + odd2);
        T.Store(target + 4 * targetStep, even2 - odd2);
        T.Store(target + 5 * targetStep, y3);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void FilterGradientLine<T>(float* u, nint step, float* target, nint targetStep) where T : struct, IVectorLane<T>
    {
        T u0 = T.Load(u), u1 = T.Load(u + step), u2 = T.Load(u + 2 * step);
        T u3 = T.Load(u + 3 * step), u4 = T.Load(u + 4 * step), u5 = T.Load(u + 5 * step);
        T even1 = T.Const(Weight1) * (u1 + u2), odd1 = T.Const(Weight1 * P1) * (u1 - u2);
        T even2 = T.Const(Weight2) * (u3 + u4), odd2 = T.Const(Weight2 * P2) * (u3 - u4);
        T.Store(target, T.MultiplyAdd(T.Const(Weight0), u0, even1 + even2));
        T.Store(target + targetStep, odd1 + odd2);
        T.Store(target + 2 * targetStep, T.MultiplyAdd(T.Const(Square1), even1, T.MultiplyAdd(T.Const(Square2), even2, u5)));
    }
}
