namespace TinyNet.Core;

public abstract partial class Device
{
    /// <summary>softmax(x) along an axis, e^(xᵢ − max x) / Σ e^(xⱼ − max x), or its logarithm.</summary>
    protected internal virtual void Softmax(Tensor x, int axis, bool logarithm, Tensor destination)
    {
        var totals = Tensor.Result("Softmax", x.Shape.With(axis, 1), this);
        Reduce(new MaxReduction(), x, totals);
        Map(new DifferenceMap(), x, totals, destination);
        if (logarithm)
        {
            Reduce(new ExpSumReduction(), destination, totals);
            Map(new MinusLog(), destination, totals, destination);
        }
        else
        {
            Map(new ExpOp(), destination, destination);
            Reduce(new SumReduction(), destination, totals);
            Map(new DivideOp(), destination, totals, destination);
        }
    }

    /// <summary>The gradient of <see cref="Softmax"/> from its output y: y · (g − Σ g y), for the logarithm g − e^y Σ g.</summary>
    protected internal virtual void SoftmaxGradient(Tensor y, Tensor gradient, int axis, bool logarithm, Tensor destination)
    {
        var totals = Tensor.Result("Softmax", y.Shape.With(axis, 1), this);
        if (logarithm)
        {
            Reduce(new SumReduction(), gradient, totals);
            Map(new LogSoftmaxGradientMap(), y, gradient, totals, destination);
        }
        else
        {
            var products = Tensor.Result("Softmax", y.Shape, this);
            Map(new MultiplyOp(), y, gradient, products);
            Reduce(new SumReduction(), products, totals);
            Map(new SoftmaxGradientMap(), y, gradient, totals, destination);
        }
    }

    /// <summary>ln Σ e^x over the axes that have size 1 in the destination, with the maximum taken out of the sum.</summary>
    protected internal virtual void LogSumExp(Tensor x, Tensor destination)
    {
        Tensor shifted = Tensor.Result("LogSumExp", x.Shape, this), max = Tensor.Result("LogSumExp", destination.Shape, this);
        Reduce(new MaxReduction(), x, max);
        Map(new FiniteOrZero(), max, max);
        Map(new DifferenceMap(), x, max, shifted);
        Reduce(new ExpSumReduction(), shifted, destination);
        Map(new LogPlus(), destination, max, destination);
    }

    /// <summary>losses[n] = −ln softmax(logits[n])[labels[n]] for logits [N, C]; also gives ln softmax(logits).</summary>
    protected internal virtual void CrossEntropy(Tensor logits, IndexTensor labels, Tensor logProbabilities, Tensor losses)
    {
        Softmax(logits, 1, logarithm: true, logProbabilities);
        var picked = losses.View(losses.Layout.Unsqueeze(1), "CrossEntropy");
        Gather(logProbabilities, 1, labels.Reshape([labels.Length, 1]), picked);
        Map(new ScaleMap(-1), losses, losses);
    }

    /// <summary>The gradient of <see cref="CrossEntropy"/> to the logits: g[n] · (softmax − onehot).</summary>
    protected internal virtual void CrossEntropyGradient(Tensor logProbabilities, IndexTensor labels, Tensor gradient, Tensor destination)
    {
        var column = gradient.View(gradient.Layout.Unsqueeze(1), "CrossEntropy");
        Map(new ExpProduct(), logProbabilities, column, destination);
        var negative = Tensor.Result("CrossEntropy", column.Shape, this);
        Map(new ScaleMap(-1), column, negative);
        ScatterAdd(negative, 1, labels.Reshape([labels.Length, 1]), destination);
    }

    /// <summary>An infinite maximum is not taken out: ∞ − ∞ would be nan.</summary>
    private readonly struct FiniteOrZero : IUnaryMap
    {
        public T Forward<T>(T a) where T : struct, ILane<T> => T.Select(T.Equal(T.Abs(a), T.Const(double.PositiveInfinity)), T.Zero, a);
    }

    private readonly struct LogPlus : IBinaryMap
    {
        public T Forward<T>(T a, T b) where T : struct, ILane<T> => T.Log(a) + b;
    }

    private readonly struct MinusLog : IBinaryMap
    {
        public T Forward<T>(T a, T b) where T : struct, ILane<T> => a - T.Log(b);
    }

    private readonly struct ExpProduct : IBinaryMap
    {
        public T Forward<T>(T a, T b) where T : struct, ILane<T> => T.Exp(a) * b;
    }

    private readonly struct SoftmaxGradientMap : ITernaryMap
    {
        public T Forward<T>(T a, T b, T c) where T : struct, ILane<T> => a * (b - c);
    }

    private readonly struct LogSoftmaxGradientMap : ITernaryMap
    {
        public T Forward<T>(T a, T b, T c) where T : struct, ILane<T> => b - T.Exp(a) * c;
    }

    private readonly struct ExpSumReduction : IReduction
    {
        public T Identity<T>() where T : struct, ILane<T> => T.Zero;

        public T Map<T>(T x) where T : struct, ILane<T> => T.Exp(x);

        public T Combine<T>(T a, T b) where T : struct, ILane<T> => a + b;

        public T Finish<T>(T total, T count) where T : struct, ILane<T> => total;
    }
}
