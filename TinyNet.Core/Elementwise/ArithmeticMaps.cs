using System.Runtime.CompilerServices;

namespace TinyNet.Core;

/// <summary>a + b.</summary>
internal readonly struct SumMap : IBinaryMap
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Forward<T>(T a, T b) where T : struct, ILane<T> => a + b;
}

/// <summary>a − b.</summary>
internal readonly struct DifferenceMap : IBinaryMap
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Forward<T>(T a, T b) where T : struct, ILane<T> => a - b;
}

/// <summary>a · factor.</summary>
internal readonly struct ScaleMap(double factor) : IUnaryMap
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Forward<T>(T x) where T : struct, ILane<T> => x * T.Const(factor);
}

/// <summary>a / divisor.</summary>
internal readonly struct DivideByMap(float divisor) : IUnaryMap
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Forward<T>(T x) where T : struct, ILane<T> => x / T.Const(divisor);
}

/// <summary>The same number everywhere.</summary>
internal readonly struct ConstantMap(float value) : IUnaryMap
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Forward<T>(T x) where T : struct, ILane<T> => T.Const(value);
}

/// <summary>How two numbers are compared.</summary>
internal enum Comparison
{
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    Equal,
    NotEqual,
}

/// <summary>1 where the comparison holds, else 0; every comparison but "not equal" with nan is false.</summary>
internal readonly struct CompareMap(Comparison comparison) : IBinaryMap
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Forward<T>(T a, T b) where T : struct, ILane<T>
    {
        T mask = comparison switch
        {
            Comparison.Less => a < b,
            Comparison.LessOrEqual => a <= b,
            Comparison.Greater => a > b,
            Comparison.GreaterOrEqual => a >= b,
            Comparison.Equal => T.Equal(a, b),
            _ => ~T.Equal(a, b),
        };
        return T.Select(mask, T.One, T.Zero);
    }
}

/// <summary>1 where the comparison with a number holds, else 0.</summary>
internal readonly struct CompareWithMap(Comparison comparison, float number) : IUnaryMap
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Forward<T>(T x) where T : struct, ILane<T> => new CompareMap(comparison).Forward(x, T.Const(number));
}

/// <summary>condition ≠ 0 ? a : b.</summary>
internal readonly struct WhereMap : ITernaryMap
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Forward<T>(T a, T b, T c) where T : struct, ILane<T> => T.Select(T.Equal(a, T.Zero), c, b);
}

/// <summary>b where the mask a is not 0, else 0; or the other way round.</summary>
internal readonly struct MaskMap(Flag whereZero) : IBinaryMap
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Forward<T>(T a, T b) where T : struct, ILane<T> =>
        whereZero ? T.Select(T.Equal(a, T.Zero), b, T.Zero) : T.Select(T.Equal(a, T.Zero), T.Zero, b);
}
