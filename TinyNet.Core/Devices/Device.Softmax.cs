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
            Reduce(new ExpSumReduction(), destination, totals);
            Map(new MinusLogMap(), destination, totals, destination);
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
        Reduce(new ExpSumReduction(), shifted, destination);
        Map(new LogPlusMap(), destination, max, destination);
        Release(shifted, max);
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
        Map(new ExpProductMap(), logProbabilities, column, logitsGradient);
        var negative = Temporary(column.Shape, "CrossEntropy");
        Map(new ScaleMap(-1), column, negative);
        ScatterAdd(negative, 1, labels.Reshape([labels.Length, 1]), logitsGradient);
        Release(negative);
    }
}

/// <summary>x, or 0 where x is infinite: an infinite maximum stays in the sum, since ∞ − ∞ would be nan.</summary>
internal readonly struct FiniteOrZeroMap : IUnaryMap
{
    public T Forward<T>(T x) where T : struct, ILane<T> => T.Select(T.Equal(T.Abs(x), T.Const(double.PositiveInfinity)), T.Zero, x);
}

/// <summary>ln a + b.</summary>
internal readonly struct LogPlusMap : IBinaryMap
{
    public T Forward<T>(T a, T b) where T : struct, ILane<T> => T.Log(a) + b;
}

/// <summary>a − ln b.</summary>
internal readonly struct MinusLogMap : IBinaryMap
{
    public T Forward<T>(T a, T b) where T : struct, ILane<T> => a - T.Log(b);
}

/// <summary>e^a · b.</summary>
internal readonly struct ExpProductMap : IBinaryMap
{
    public T Forward<T>(T a, T b) where T : struct, ILane<T> => T.Exp(a) * b;
}

/// <summary>The gradient of softmax: a · (b − c), from the output, the gradient and Σ gradient · output.</summary>
internal readonly struct SoftmaxGradientMap : ITernaryMap
{
    public T Forward<T>(T a, T b, T c) where T : struct, ILane<T> => a * (b - c);
}

/// <summary>The gradient of log-softmax: b − e^a · c, from the output, the gradient and Σ gradient.</summary>
internal readonly struct LogSoftmaxGradientMap : ITernaryMap
{
    public T Forward<T>(T a, T b, T c) where T : struct, ILane<T> => b - T.Exp(a) * c;
}

/// <summary>Σ e^x.</summary>
internal readonly struct ExpSumReduction : IReduction
{
    public T Identity<T>() where T : struct, ILane<T> => T.Zero;

    public T Map<T>(T x) where T : struct, ILane<T> => T.Exp(x);

    public T Combine<T>(T a, T b) where T : struct, ILane<T> => a + b;

    public T Finish<T>(T total, T count) where T : struct, ILane<T> => total;
}
