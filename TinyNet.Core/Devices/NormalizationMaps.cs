using System.Runtime.CompilerServices;

namespace TinyNet.Core;

/// <summary>
/// 1 / ⁴√(σ² + ε) of a deviation σ, which is a float for every σ: a scale is its square. Only ratios are squared, so that neither square
/// leaves the range of floats.
/// </summary>
internal readonly struct ScaleRootMap(double epsilon) : IUnaryMap
{
    // 2⁻¹⁴⁹, the smallest float: that a ratio to 0 is none to nan.
    private const double Smallest = 1.401298464324817e-45;

    private readonly float _root = (float)Math.Sqrt(epsilon);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Forward<T>(T x) where T : struct, ILane<T>
    {
        T root = T.Const(_root), larger = T.Max(x, root), ratio = T.Min(x, root) / T.Max(larger, T.Const(Smallest));
        return T.One / T.Sqrt(larger * T.Sqrt(T.MultiplyAdd(ratio, ratio, T.One)));
    }
}

/// <summary>The distance of a to a mean that is <see cref="TwoFloats"/>, b and c.</summary>
internal readonly struct CenteredMap : ITernaryMap
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Forward<T>(T a, T b, T c) where T : struct, ILane<T> => a - b - c * T.Const(TwoFloats.RestUnit);
}

/// <summary>a · b², of the root b of a scale, which need not be a float itself.</summary>
internal readonly struct TwiceScaledMap : IBinaryMap
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Forward<T>(T a, T b) where T : struct, ILane<T> => a * b * b;
}

/// <summary>(a − b) · c², likewise.</summary>
internal readonly struct CenteredTwiceScaledMap : ITernaryMap
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Forward<T>(T a, T b, T c) where T : struct, ILane<T> => (a - b) * c * c;
}

/// <summary>a · b + c.</summary>
internal readonly struct MultiplyAddMap : ITernaryMap
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Forward<T>(T a, T b, T c) where T : struct, ILane<T> => T.MultiplyAdd(a, b, c);
}
