using System.Runtime.CompilerServices;

namespace TinyNet.Core;

/// <summary>1 / √(σ² + ε) of a deviation σ. Only ratios are squared, so that neither square leaves the range of floats.</summary>
internal readonly struct InverseDeviationMap(double epsilon) : IUnaryMap
{
    // 2⁻¹⁴⁹, the smallest float: that a ratio to 0 is none to nan.
    private const double Smallest = 1.401298464324817e-45;

    private readonly float _root = (float)Math.Sqrt(epsilon);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Forward<T>(T x) where T : struct, ILane<T>
    {
        T root = T.Const(_root), larger = T.Max(x, root), ratio = T.Min(x, root) / T.Max(larger, T.Const(Smallest));
        return T.One / larger / T.Sqrt(T.MultiplyAdd(ratio, ratio, T.One));
    }
}

/// <summary>√(Σ x² / n), which is a deviation if what is left of the mean is subtracted before.</summary>
internal readonly struct RootMeanSquareReduction : IReduction
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Identity<T>() where T : struct, ILane<T> => T.Zero;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Map<T>(T x) where T : struct, ILane<T> => x * x;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Combine<T>(T a, T b) where T : struct, ILane<T> => a + b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Finish<T>(T total, T count) where T : struct, ILane<T> => T.Sqrt(total / count);
}

/// <summary>a − b − c, in this order.</summary>
internal readonly struct CenteredMap : ITernaryMap
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Forward<T>(T a, T b, T c) where T : struct, ILane<T> => a - b - c;
}

/// <summary>(a − b) · c.</summary>
internal readonly struct CenteredProductMap : ITernaryMap
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Forward<T>(T a, T b, T c) where T : struct, ILane<T> => (a - b) * c;
}

/// <summary>a · b + c.</summary>
internal readonly struct MultiplyAddMap : ITernaryMap
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Forward<T>(T a, T b, T c) where T : struct, ILane<T> => T.MultiplyAdd(a, b, c);
}

/// <summary>c − a · b.</summary>
internal readonly struct MultiplySubtractMap : ITernaryMap
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Forward<T>(T a, T b, T c) where T : struct, ILane<T> => c - a * b;
}
