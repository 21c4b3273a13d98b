using System.Runtime.CompilerServices;

namespace TinyNet.Core;

public abstract partial class Device
{
    /// <summary>softmax(x) along an axis, e^(xᵢ − max x) / Σ e^(xⱼ − max x), or its logarithm.</summary>
    protected internal virtual void Softmax(Tensor x, int axis, bool logarithm, Tensor destination)
    {
        var totals = Temporary(x.Shape.With(axis, 1), "Softmax");
        Reduce(new MaxReduction(), x, totals);
        Map(new DifferenceMap(), x, totals, destination);
        if (logarithm)
        {
            ExpSumLessOne(destination, totals);
            Map(new MinusLog1pMap(), destination, totals, destination);
        }
        else
        {
            Map(new ExpOp(), destination, destination);
            Reduce(new SumReduction(), destination, totals);
            Map(new DivideOp(), destination, totals, destination);
        }

        Release(totals);
    }

    /// <summary>The gradient of <see cref="Softmax"/> from its output y: y · (g − Σ g y), for the logarithm g − e^y Σ g.</summary>
    protected internal virtual void SoftmaxGradient(Tensor y, Tensor gradient, int axis, bool logarithm, Tensor xGradient)
    {
        var totals = Temporary(y.Shape.With(axis, 1), "Softmax");
        if (logarithm)
        {
            Reduce(new SumReduction(), gradient, totals);
            Map(new LogSoftmaxGradientMap(), y, gradient, totals, xGradient);
        }
        else
        {
            var products = Temporary(y.Shape, "Softmax");
            Map(new MultiplyOp(), y, gradient, products);
            Reduce(new SumReduction(), products, totals);
            Map(new SoftmaxGradientMap(), y, gradient, totals, xGradient);
            Release(products);
        }

        Release(totals);
    }

    /// <summary>ln Σ e^x over the axes that have size 1 in the destination, with the maximum taken out of the sum.</summary>
    protected internal virtual void LogSumExp(Tensor x, Tensor destination)
    {
        Tensor shifted = Temporary(x.Shape, "LogSumExp"), max = Temporary(destination.Shape, "LogSumExp");
        Reduce(new MaxReduction(), x, max);
        Map(new FiniteOrZeroMap(), max, max);
        Map(new DifferenceMap(), x, max, shifted);
        ExpSumLessOne(shifted, destination);
        Map(new Log1pPlusMap(), destination, max, destination);
        Release(shifted, max);
    }

    /// <summary>
    /// Σ e^x − 1 of numbers the largest of which are 0: one of those is left out, so that nothing is rounded away where the others are
    /// small.
    /// </summary>
    private void ExpSumLessOne(Tensor x, Tensor totals)
    {
        var zeros = Temporary(totals.Shape, totals.Origin);
        Reduce(new ZeroCountReduction(inverted: false), x, zeros);
        Reduce(new NonZeroExpSumReduction(), x, totals);
        Map(new SumLessOneMap(), totals, zeros, totals);
        Release(zeros);
    }

    /// <summary>losses[n] = −ln softmax(logits[n])[labels[n]] for logits [N, C]; also gives ln softmax(logits).</summary>
    protected internal virtual void CrossEntropy(Tensor logits, IndexTensor labels, Tensor logProbabilities, Tensor losses)
    {
        Softmax(logits, 1, logarithm: true, logProbabilities);
        Gather(logProbabilities, 1, labels.Reshape([labels.Length, 1]), View(losses, losses.Layout.Unsqueeze(1)));
        Map(new ScaleMap(-1), losses, losses);
    }

    /// <summary>The gradient of <see cref="CrossEntropy"/> to the logits: g[n] · (softmax − onehot).</summary>
    protected internal virtual void CrossEntropyGradient(
        Tensor logProbabilities, IndexTensor labels, Tensor gradient, Tensor logitsGradient)
    {
        var column = View(gradient, gradient.Layout.Unsqueeze(1));
        var index = labels.Reshape([labels.Length, 1]);
        Tensor ofLabels = Temporary(column.Shape, "CrossEntropy"), products = Temporary(column.Shape, "CrossEntropy");
        Gather(logProbabilities, 1, index, ofLabels);
        Map(new Expm1ProductMap(), ofLabels, column, ofLabels);
        Map(new ExpProductMap(), logProbabilities, column, logitsGradient);

        // Where the labels are, 0 first, and then g · (p − 1) as one number: as a difference it would be rounded away where p is near 1.
        Gather(logitsGradient, 1, index, products);
        Map(new ScaleMap(-1), products, products);
        ScatterAdd(products, 1, index, logitsGradient);
        ScatterAdd(ofLabels, 1, index, logitsGradient);
        Release(ofLabels, products);
    }
}

/// <summary>x, or 0 where x is infinite: an infinite maximum stays in the sum, since ∞ − ∞ would be nan.</summary>
internal readonly struct FiniteOrZeroMap : IUnaryMap
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Forward<T>(T x) where T : struct, ILane<T> => T.Select(T.Equal(T.Abs(x), T.Const(double.PositiveInfinity)), T.Zero, x);
}

/// <summary>a + (b − 1), which is a where b is 1.</summary>
internal readonly struct SumLessOneMap : IBinaryMap
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Forward<T>(T a, T b) where T : struct, ILane<T> => a + (b - T.One);
}

/// <summary>ln(1 + a) + b.</summary>
internal readonly struct Log1pPlusMap : IBinaryMap
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Forward<T>(T a, T b) where T : struct, ILane<T> => T.Log1p(a) + b;
}

/// <summary>a − ln(1 + b).</summary>
internal readonly struct MinusLog1pMap : IBinaryMap
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Forward<T>(T a, T b) where T : struct, ILane<T> => a - T.Log1p(b);
}

/// <summary>e^a · b.</summary>
internal readonly struct ExpProductMap : IBinaryMap
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Forward<T>(T a, T b) where T : struct, ILane<T> => T.Exp(a) * b;
}

/// <summary>(e^a − 1) · b.</summary>
internal readonly struct Expm1ProductMap : IBinaryMap
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Forward<T>(T a, T b) where T : struct, ILane<T> => T.Expm1(a) * b;
}

/// <summary>
/// The gradient of softmax: a · (b − c), from the output, the gradient and Σ gradient · output, of halves, whose difference is a float.
/// </summary>
internal readonly struct SoftmaxGradientMap : ITernaryMap
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Forward<T>(T a, T b, T c) where T : struct, ILane<T> => (a + a) * (b * T.Const(0.5) - c * T.Const(0.5));
}

/// <summary>The gradient of log-softmax: b − e^a · c, from the output, the gradient and Σ gradient.</summary>
internal readonly struct LogSoftmaxGradientMap : ITernaryMap
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Forward<T>(T a, T b, T c) where T : struct, ILane<T> => b - T.Exp(a) * c;
}

/// <summary>Σ e^x.</summary>
internal readonly struct ExpSumReduction : IReduction
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Identity<T>() where T : struct, ILane<T> => T.Zero;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Map<T>(T x) where T : struct, ILane<T> => T.Exp(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Combine<T>(T a, T b) where T : struct, ILane<T> => a + b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Finish<T>(T total, T count) where T : struct, ILane<T> => total;
}

/// <summary>Σ e^x over the elements that are not 0.</summary>
internal readonly struct NonZeroExpSumReduction : IReduction
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Identity<T>() where T : struct, ILane<T> => T.Zero;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Map<T>(T x) where T : struct, ILane<T> => T.Select(T.Equal(x, T.Zero), T.Zero, T.Exp(x));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Combine<T>(T a, T b) where T : struct, ILane<T> => a + b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Finish<T>(T total, T count) where T : struct, ILane<T> => total;

    // Of nothing but numbers far below 0 next to nothing is left, and that is common.
    public static bool FloatSuffices(float total) => true;
}
