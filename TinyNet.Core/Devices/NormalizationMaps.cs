namespace TinyNet.Core;

/// <summary>1 / √(x + ε).</summary>
internal readonly struct InverseDeviationMap(double epsilon) : IUnaryMap
{
    public T Forward<T>(T x) where T : struct, ILane<T> => T.One / T.Sqrt(x + T.Const(epsilon));
}

/// <summary>(a − b) · c.</summary>
internal readonly struct CenteredMap : ITernaryMap
{
    public T Forward<T>(T a, T b, T c) where T : struct, ILane<T> => (a - b) * c;
}

/// <summary>a · b + c.</summary>
internal readonly struct MultiplyAddMap : ITernaryMap
{
    public T Forward<T>(T a, T b, T c) where T : struct, ILane<T> => T.FusedMultiplyAdd(a, b, c);
}
