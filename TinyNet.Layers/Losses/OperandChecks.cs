using System.Runtime.CompilerServices;
using TinyNet.Core;

namespace TinyNet.Layers;

/// <summary>1 where an element is outside of [low, high], else 0; nan is let pass, as it shows in the loss.</summary>
internal readonly struct OutsideMap(float low, float high) : IPredicateMap
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Forward<T>(T x) where T : struct, ILane<T> => T.Select((x < T.Const(low)) | (x > T.Const(high)), T.One, T.Zero);
}

/// <summary>1 where an element is neither 1 nor −1, else 0.</summary>
internal readonly struct UnsignedMap : IPredicateMap
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Forward<T>(T x) where T : struct, ILane<T> => T.Select(T.Equal(T.Abs(x), T.One), T.Zero, T.One);
}
