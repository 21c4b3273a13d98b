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
}
