using TinyNet.Core;

namespace TinyNet.Autograd;

/// <summary>Differentiable reductions over some or all axes. Reduced axes vanish, or stay with size 1 (<c>keepDims</c>).</summary>
public static partial class Reductions
{
    extension(Tensor x)
    {
        /// <summary>Σ x; 0 for nothing.</summary>
        public Tensor Sum(Axes axes = default, bool keepDims = false) =>
            Reduce("Sum", x, new SumReduction(), new SumRule(), axes, keepDims);

        /// <summary>Σ x / n; nan for nothing.</summary>
        public Tensor Mean(Axes axes = default, bool keepDims = false)
        {
            Operation.Check("Mean", x);
            int count = Count(x.Shape, axes.Reduce(x.Shape, "Mean"));
            return Reduce("Mean", x, new MeanReduction(), new MeanRule(count), axes, keepDims);
        }

        /// <summary>Σ x² / n; no square overflows or vanishes where the mean does not.</summary>
        internal Tensor MeanSquare()
        {
            Operation.Check("MeanSquare", x);
            return Reduce("MeanSquare", x, new VarianceReduction(correction: 0), new MeanSquareRule(x.Length), default, keepDims: false);
        }

        /// <summary>Π x; 1 for nothing. The gradient is right also where x holds zeros.</summary>
        public Tensor Product(Axes axes = default, bool keepDims = false) =>
            Reduce("Product", x, new ProductReduction(), new ProductRule(), axes, keepDims);

        /// <summary>max x, nan if any is nan; equal extremes share the gradient evenly.</summary>
        /// <exception cref="ShapeException">There is nothing to choose from.</exception>
        public Tensor Max(Axes axes = default, bool keepDims = false) =>
            Reduce("Max", NotEmpty("Max", x, axes), new MaxReduction(), new ExtremeRule(ofMagnitudes: false), axes, keepDims);

        /// <summary>min x, nan if any is nan; equal extremes share the gradient evenly.</summary>
        /// <exception cref="ShapeException">There is nothing to choose from.</exception>
        public Tensor Min(Axes axes = default, bool keepDims = false) =>
            Reduce("Min", NotEmpty("Min", x, axes), new MinReduction(), new ExtremeRule(ofMagnitudes: false), axes, keepDims);

        /// <summary>
        /// The p-norm (Σ |x|ᵖ)^(1/p); for p = ∞ max |x|, for p = −∞ min |x|, for p = 0 the number of elements that are not 0. No power on
        /// the way overflows or vanishes where the norm does not. The gradient is 0 where the norm is 0.
        /// </summary>
        /// <exception cref="ArgumentOutOfRangeException">p is nan.</exception>
        /// <exception cref="ShapeException">p is infinite, and there is nothing to choose from.</exception>
        public Tensor Norm(double p = 2, Axes axes = default, bool keepDims = false)
        {
            Operation.Check("Norm", x);
            Require.AtLeast(double.NegativeInfinity, p);
            if (p == 0)
            {
                return ElementwiseOperations.Apply(x, new IsNonZeroOp(), "Norm").Sum(axes, keepDims);
            }

            if (double.IsPositiveInfinity(p))
            {
                return Reduce("Norm", NotEmpty("Norm", x, axes), new MaxMagnitudeReduction(), new ExtremeRule(ofMagnitudes: true), axes,
                    keepDims);
            }

            if (double.IsNegativeInfinity(p))
            {
                return Reduce("Norm", NotEmpty("Norm", x, axes), new MinMagnitudeReduction(), new ExtremeRule(ofMagnitudes: true), axes,
                    keepDims);
            }

            return Math.Abs(p) <= PowerNormReduction.LargestPower
                ? Reduce("Norm", x, new PowerNormReduction(p), new PowerNormRule(p), axes, keepDims)
                : ScaledNorm(x, p, axes, keepDims);
        }

        /// <summary>ln Σ e^x, without overflow; the gradient is 0 where it is −∞.</summary>
        public Tensor LogSumExp(Axes axes = default, bool keepDims = false)
        {
            Operation.Check("LogSumExp", x);
            var reduced = axes.Reduce(x.Shape, "LogSumExp");
            var y = Tensor.Result("LogSumExp", reduced, x.Device);
            x.Device.LogSumExp(x, y);
            return Record("LogSumExp", x, y, new LogSumExpRule(), axes, keepDims);
        }

        /// <summary>Σ (x − mean)² / (n − 1), or / n if not <paramref name="unbiased"/>.</summary>
        public Tensor Variance(Axes axes = default, bool unbiased = true, bool keepDims = false) =>
            Spread("Variance", x, axes, unbiased, keepDims, isRoot: false);

        /// <summary>
        /// √ of <see cref="Variance(Tensor, Axes, bool, bool)"/>, also where that is no float; the gradient is 0 where it is 0.
        /// </summary>
        public Tensor StandardDeviation(Axes axes = default, bool unbiased = true, bool keepDims = false) =>
            Spread("StandardDeviation", x, axes, unbiased, keepDims, isRoot: true);

        /// <summary>
        /// The index of the largest element along an axis, or of all elements in row-major order; nan counts as the largest, the first
        /// of equals wins.
        /// </summary>
        /// <exception cref="ShapeException">There is nothing to choose from.</exception>
        public IndexTensor ArgMax(int? axis = null, bool keepDims = false) => ArgExtreme("ArgMax", x, axis, keepDims, largest: true);

        /// <summary>
        /// The index of the smallest element along an axis, or of all elements in row-major order; nan counts as the smallest, the
        /// first of equals wins.
        /// </summary>
        /// <exception cref="ShapeException">There is nothing to choose from.</exception>
        public IndexTensor ArgMin(int? axis = null, bool keepDims = false) => ArgExtreme("ArgMin", x, axis, keepDims, largest: false);

        /// <summary>The largest elements along an axis and their indices; the gradient goes to those elements alone.</summary>
        public (Tensor Values, IndexTensor Indices) MaxWithIndices(int axis, bool keepDims = false) =>
            ExtremeWithIndices("Max", x, axis, keepDims, largest: true);

        /// <summary>The smallest elements along an axis and their indices; the gradient goes to those elements alone.</summary>
        public (Tensor Values, IndexTensor Indices) MinWithIndices(int axis, bool keepDims = false) =>
            ExtremeWithIndices("Min", x, axis, keepDims, largest: false);

        /// <summary>Sums of the elements up to and including each, along an axis.</summary>
        public Tensor CumulativeSum(int axis)
        {
            Operation.Check("CumulativeSum", x);
            if (x.Rank == 0)
            {
                Operation.CheckScalarAxis("CumulativeSum", axis);
                return x.Copy();
            }

            int along = x.Shape.Axis(axis, "CumulativeSum");
            var y = Tensor.Result("CumulativeSum", x.Shape, x.Device);
            if (y.Length > 0)
            {
                x.Device.CumulativeSum(x, along, reverse: false, y);
            }

            if (Tape.Records(x))
            {
                var node = Node<CumulativeSumRule>.Rent();
                node.Rule.Set(node, x, along);
                Tape.Push(node, y);
            }

            Tape.CheckResult(y);
            return y;
        }
    }

    private static Tensor Reduce<TReduction, TRule>(string name, Tensor x, TReduction reduction, TRule rule, in Axes axes, bool keepDims)
        where TReduction : struct, IReduction where TRule : struct, IRule
    {
        Operation.Check(name, x);
        var y = Tensor.Result(name, axes.Reduce(x.Shape, name), x.Device);
        x.Device.Reduce(reduction, x, y);
        return Record(name, x, y, rule, axes, keepDims);
    }

    private static Tensor Record<TRule>(string name, Tensor x, Tensor y, TRule rule, in Axes axes, bool keepDims)
        where TRule : struct, IRule
    {
        if (Tape.Records(x))
        {
            var node = Node<ReductionRule<TRule>>.Rent();
            node.Rule.Set(node, rule, x, y);
            Tape.Push(node, y);
        }

        Tape.CheckResult(y);
        return keepDims ? y : y.Reshape(axes.Remove(x.Shape, name).Sizes);
    }

    /// <summary>m · (Σ |x / m|ᵖ)^(1/p), where m is the largest magnitude, or for p &lt; 0 the smallest.</summary>
    private static Tensor ScaledNorm(Tensor x, double p, in Axes axes, bool keepDims)
    {
        var reduced = axes.Reduce(x.Shape, "Norm");
        Tensor scale = Tensor.Result("Norm", reduced, x.Device), y = Tensor.Result("Norm", reduced, x.Device);
        var ratios = Tensor.Result("Norm", x.Shape, x.Device);
        if (p > 0)
        {
            x.Device.Reduce(new MaxMagnitudeReduction(), x, scale);
        }
        else
        {
            x.Device.Reduce(new MinMagnitudeReduction(), x, scale);
        }

        x.Device.Map(new NormScaleMap(), scale, scale);
        x.Device.Map(new DivideOp(), x, scale, ratios);
        x.Device.Reduce(new PowerNormReduction(p), ratios, y);
        x.Device.Map(new MultiplyOp(), y, scale, y);
        ratios.Release();
        scale.Release();
        return Record("Norm", x, y, new PowerNormRule(p), axes, keepDims);
    }

    private static Tensor Spread(string name, Tensor x, Axes axes, bool unbiased, bool keepDims, bool isRoot)
    {
        Operation.Check(name, x);
        var reduced = axes.Reduce(x.Shape, name);
        Tensor mean = Tensor.Result(name, reduced, x.Device), spread = Tensor.Result(name, reduced, x.Device), y = spread;
        var difference = Tensor.Result(name, x.Shape, x.Device);
        x.Device.Reduce(new MeanReduction(), x, mean);
        if (isRoot)
        {
            // Until the end the result is the largest magnitude.
            y = Tensor.Result(name, reduced, x.Device);
            x.Device.Reduce(new MaxMagnitudeReduction(), x, y);
            x.Device.Map(new PartOfDifferenceMap(), x, mean, y, difference);
        }
        else
        {
            // Where one overflows, so does the result.
            x.Device.Map(new DifferenceMap(), x, mean, difference);
        }

        // The mean is a float, and may be further from the true one than the elements are from each other: differences have one too.
        x.Device.Reduce(new MeanReduction(), difference, spread);
        x.Device.Map(new FiniteOrZeroMap(), spread, spread);
        x.Device.Map(new DifferenceMap(), difference, spread, difference);
        int correction = unbiased ? 1 : 0;
        if (isRoot)
        {
            x.Device.Reduce(new DeviationReduction(correction), difference, spread);
            x.Device.Map(new WholeOfPartMap(), spread, y, y);
        }
        else
        {
            x.Device.Reduce(new VarianceReduction(correction), difference, y);
        }

        if (Tape.Records(x))
        {
            var node = Node<SpreadRule>.Rent();
            node.Rule.Set(node, x, difference, spread, Math.Max(0, Count(x.Shape, reduced) - correction), isRoot);
            Tape.Push(node, y);
        }

        Tape.CheckResult(y);
        return keepDims ? y : y.Reshape(axes.Remove(x.Shape, name).Sizes);
    }

    private static IndexTensor ArgExtreme(string name, Tensor x, int? axis, bool keepDims, bool largest)
    {
        Operation.Check(name, x);
        if (axis is null || x.Rank == 0)
        {
            Operation.CheckScalarAxis(name, x.Rank == 0 ? axis ?? 0 : 0);
            using (Tape.NoGrad())
            {
                var flat = NotEmpty(name, x, default).Reshape(-1);
                var index = IndexTensor.Result(name, [1]);
                x.Device.ArgExtreme(flat, 0, largest, index);
                return index.Reshape(keepDims ? default(Axes).Reduce(x.Shape, name) : []);
            }
        }

        int along = x.Shape.Axis(axis.Value, name);
        var reduced = NotEmpty(name, x, along).Shape.With(along, 1);
        var indices = IndexTensor.Result(name, reduced);
        x.Device.ArgExtreme(x, along, largest, indices);
        return keepDims ? indices : indices.Reshape(reduced.Without(along));
    }

    private static (Tensor Values, IndexTensor Indices) ExtremeWithIndices(string name, Tensor x, int axis, bool keepDims, bool largest)
    {
        Operation.Check(name, x);
        var indices = ArgExtreme(name, x, axis, keepDims: x.Rank > 0, largest);
        if (x.Rank == 0)
        {
            return (x.Copy(), indices);
        }

        int along = x.Shape.Axis(axis, name);
        var values = x.Gather(along, indices);
        return keepDims ? (values, indices) : (values.Squeeze(along), indices.Reshape(indices.Shape.Without(along)));
    }

    private static int Count(in Shape shape, in Shape reduced)
    {
        int count = 1;
        for (int axis = 0; axis < shape.Rank; axis++)
        {
            count *= shape.Sizes[axis] == reduced.Sizes[axis] ? 1 : shape.Sizes[axis];
        }

        return count;
    }

    private static Tensor NotEmpty(string name, Tensor x, in Axes axes)
    {
        Operation.Check(name, x);
        return x.Length == 0 && axes.Reduce(x.Shape, name).Length != 0
            ? throw new ShapeException(name, $"shape {x.Shape} has no elements along the reduced axes",
                "an extreme of nothing does not exist; check the size first")
            : x;
    }
}
