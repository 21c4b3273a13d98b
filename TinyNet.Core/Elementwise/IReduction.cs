namespace TinyNet.Core;

/// <summary>
/// A reduction of many elements to one: each is mapped, the results are combined pairwise in a fixed order, and the
/// total is finished. <see cref="Combine"/> must be associative and commutative up to rounding.
/// </summary>
public interface IReduction
{
    /// <summary>What combining starts from, and the total of nothing.</summary>
    T Identity<T>() where T : struct, ILane<T>;

    /// <summary>What an element contributes.</summary>
    T Map<T>(T x) where T : struct, ILane<T>;

    /// <summary>The contribution of two parts together.</summary>
    T Combine<T>(T a, T b) where T : struct, ILane<T>;

    /// <summary>The result, from the total and the number of elements.</summary>
    T Finish<T>(T total, T count) where T : struct, ILane<T>;

    /// <summary>
    /// Whether a total that was computed in single precision shows that its range was enough for all that went into it. If not, a device
    /// computes it again in double precision. By default it is enough for magnitudes from 2⁻¹⁰⁰ to the largest float: squares that have
    /// vanished (below 2⁻¹⁴⁹ each) would change no such total, and one that has overflown leaves none.
    /// </summary>
    static virtual bool FloatSuffices(float total) => MathF.Abs(total) is >= 7.888609e-31f and <= float.MaxValue;
}
