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

/// <summary>Σ x.</summary>
internal readonly struct SumReduction : IReduction
{
    /// <inheritdoc/>
    public T Identity<T>() where T : struct, ILane<T> => T.Zero;

    /// <inheritdoc/>
    public T Map<T>(T x) where T : struct, ILane<T> => x;

    /// <inheritdoc/>
    public T Combine<T>(T a, T b) where T : struct, ILane<T> => a + b;

    /// <inheritdoc/>
    public T Finish<T>(T total, T count) where T : struct, ILane<T> => total;
}

/// <summary>Σ x / n; nan for nothing.</summary>
internal readonly struct MeanReduction : IReduction
{
    /// <inheritdoc/>
    public T Identity<T>() where T : struct, ILane<T> => T.Zero;

    /// <inheritdoc/>
    public T Map<T>(T x) where T : struct, ILane<T> => x;

    /// <inheritdoc/>
    public T Combine<T>(T a, T b) where T : struct, ILane<T> => a + b;

    /// <inheritdoc/>
    public T Finish<T>(T total, T count) where T : struct, ILane<T> => total / count;
}

/// <summary>Σ x² / (n − correction): a variance, given differences to the mean.</summary>
internal readonly struct VarianceReduction(int correction) : IReduction
{
    /// <inheritdoc/>
    public T Identity<T>() where T : struct, ILane<T> => T.Zero;

    /// <inheritdoc/>
    public T Map<T>(T x) where T : struct, ILane<T> => x * x;

    /// <inheritdoc/>
    public T Combine<T>(T a, T b) where T : struct, ILane<T> => a + b;

    /// <inheritdoc/>
    public T Finish<T>(T total, T count) where T : struct, ILane<T> => total / T.Max(count - T.Const(correction), T.Zero);
}

/// <summary>Π x.</summary>
internal readonly struct ProductReduction : IReduction
{
    /// <inheritdoc/>
    public T Identity<T>() where T : struct, ILane<T> => T.One;

    /// <inheritdoc/>
    public T Map<T>(T x) where T : struct, ILane<T> => x;

    /// <inheritdoc/>
    public T Combine<T>(T a, T b) where T : struct, ILane<T> => a * b;

    /// <inheritdoc/>
    public T Finish<T>(T total, T count) where T : struct, ILane<T> => total;
}

/// <summary>max x; nan if any element is nan.</summary>
internal readonly struct MaxReduction : IReduction
{
    /// <inheritdoc/>
    public T Identity<T>() where T : struct, ILane<T> => T.Const(double.NegativeInfinity);

    /// <inheritdoc/>
    public T Map<T>(T x) where T : struct, ILane<T> => x;

    /// <inheritdoc/>
    public T Combine<T>(T a, T b) where T : struct, ILane<T> => T.Max(a, b);

    /// <inheritdoc/>
    public T Finish<T>(T total, T count) where T : struct, ILane<T> => total;
}

/// <summary>min x; nan if any element is nan.</summary>
internal readonly struct MinReduction : IReduction
{
    /// <inheritdoc/>
    public T Identity<T>() where T : struct, ILane<T> => T.Const(double.PositiveInfinity);

    /// <inheritdoc/>
    public T Map<T>(T x) where T : struct, ILane<T> => x;

    /// <inheritdoc/>
    public T Combine<T>(T a, T b) where T : struct, ILane<T> => T.Min(a, b);

    /// <inheritdoc/>
    public T Finish<T>(T total, T count) where T : struct, ILane<T> => total;
}

/// <summary>(Σ |x|ᵖ)^(1/p) for a finite p other than 0.</summary>
internal readonly struct PowerNormReduction(double p) : IReduction
{
    /// <inheritdoc/>
    public T Identity<T>() where T : struct, ILane<T> => T.Zero;

    /// <inheritdoc/>
    public T Map<T>(T x) where T : struct, ILane<T> => p == 1 ? T.Abs(x) : p == 2 ? x * x : T.Pow(T.Abs(x), T.Const(p));

    /// <inheritdoc/>
    public T Combine<T>(T a, T b) where T : struct, ILane<T> => a + b;

    /// <inheritdoc/>
    public T Finish<T>(T total, T count) where T : struct, ILane<T> =>
        p == 1 ? total : p == 2 ? T.Sqrt(total) : T.Pow(total, T.Const(1 / p));
}

/// <summary>max |x| (the ∞-norm); nan if any element is nan.</summary>
internal readonly struct MaxMagnitudeReduction : IReduction
{
    /// <inheritdoc/>
    public T Identity<T>() where T : struct, ILane<T> => T.Zero;

    /// <inheritdoc/>
    public T Map<T>(T x) where T : struct, ILane<T> => T.Abs(x);

    /// <inheritdoc/>
    public T Combine<T>(T a, T b) where T : struct, ILane<T> => T.Max(a, b);

    /// <inheritdoc/>
    public T Finish<T>(T total, T count) where T : struct, ILane<T> => total;
}

/// <summary>min |x| (the −∞-norm); nan if any element is nan.</summary>
internal readonly struct MinMagnitudeReduction : IReduction
{
    /// <inheritdoc/>
    public T Identity<T>() where T : struct, ILane<T> => T.Const(double.PositiveInfinity);

    /// <inheritdoc/>
    public T Map<T>(T x) where T : struct, ILane<T> => T.Abs(x);

    /// <inheritdoc/>
    public T Combine<T>(T a, T b) where T : struct, ILane<T> => T.Min(a, b);

    /// <inheritdoc/>
    public T Finish<T>(T total, T count) where T : struct, ILane<T> => total;
}

/// <summary>0 where every element is finite, else nan.</summary>
internal readonly struct FiniteCheckReduction : IReduction
{
    /// <inheritdoc/>
    public T Identity<T>() where T : struct, ILane<T> => T.Zero;

    /// <inheritdoc/>
    public T Map<T>(T x) where T : struct, ILane<T> => x * T.Zero;

    /// <inheritdoc/>
    public T Combine<T>(T a, T b) where T : struct, ILane<T> => a + b;

    /// <inheritdoc/>
    public T Finish<T>(T total, T count) where T : struct, ILane<T> => total;
}

/// <summary>The product of the elements that are not 0.</summary>
internal readonly struct NonZeroProductReduction : IReduction
{
    /// <inheritdoc/>
    public T Identity<T>() where T : struct, ILane<T> => T.One;

    /// <inheritdoc/>
    public T Map<T>(T x) where T : struct, ILane<T> => T.Select(T.Equal(x, T.Zero), T.One, x);

    /// <inheritdoc/>
    public T Combine<T>(T a, T b) where T : struct, ILane<T> => a * b;

    /// <inheritdoc/>
    public T Finish<T>(T total, T count) where T : struct, ILane<T> => total;
}

/// <summary>The number of elements that are 0 (or that are not, if inverted).</summary>
internal readonly struct ZeroCountReduction(Flag inverted) : IReduction
{
    /// <inheritdoc/>
    public T Identity<T>() where T : struct, ILane<T> => T.Zero;

    /// <inheritdoc/>
    public T Map<T>(T x) where T : struct, ILane<T> => T.Select(T.Equal(x, T.Zero), inverted ? T.Zero : T.One, inverted ? T.One : T.Zero);

    /// <inheritdoc/>
    public T Combine<T>(T a, T b) where T : struct, ILane<T> => a + b;

    /// <inheritdoc/>
    public T Finish<T>(T total, T count) where T : struct, ILane<T> => total;
}
