using TinyNet.Core;

namespace TinyNet.Layers;

/// <summary>1 where an element is outside of [low, high], else 0; nan is let pass, as it shows in the loss.</summary>
internal readonly struct OutsideReduction(float low, float high) : IReduction
{
    public T Identity<T>() where T : struct, ILane<T> => T.Zero;

    public T Map<T>(T x) where T : struct, ILane<T> => T.Select((x < T.Const(low)) | (x > T.Const(high)), T.One, T.Zero);

    public T Combine<T>(T a, T b) where T : struct, ILane<T> => T.Max(a, b);

    public T Finish<T>(T total, T count) where T : struct, ILane<T> => total;

    public static bool FloatSuffices(float total) => true;
}

/// <summary>1 where an element is neither 1 nor −1, else 0.</summary>
internal readonly struct UnsignedReduction : IReduction
{
    public T Identity<T>() where T : struct, ILane<T> => T.Zero;

    public T Map<T>(T x) where T : struct, ILane<T> => T.Select(T.Equal(T.Abs(x), T.One), T.Zero, T.One);

    public T Combine<T>(T a, T b) where T : struct, ILane<T> => T.Max(a, b);

    public T Finish<T>(T total, T count) where T : struct, ILane<T> => total;

    public static bool FloatSuffices(float total) => true;
}
