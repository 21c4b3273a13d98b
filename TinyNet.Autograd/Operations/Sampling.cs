using System.Buffers;
using TinyNet.Core;

namespace TinyNet.Autograd;

/// <summary>
/// Random draws of classes. A draw is computed in double precision on the host, where the indices lie: the same logits give the same
/// classes on every device and with any number of threads. It has no gradient.
/// </summary>
public static class Sampling
{
    extension(Tensor x)
    {
        /// <summary>
        /// Draws a class for each row of logits [.., classes]: class i with the probability e^xᵢ / Σ e^xⱼ. One with a logit of −∞ is never
        /// drawn. The result is [..].
        /// </summary>
        /// <param name="random">Where the random numbers come from: one for each row.</param>
        /// <exception cref="ShapeException">There are no classes.</exception>
        /// <exception cref="TensorException">A logit is nan or +∞, or all of a row are −∞.</exception>
        public IndexTensor Categorical(RandomStream random)
        {
            var (values, rows, classes) = Read("Categorical", x, random);
            var drawn = IndexTensor.Result("Categorical", x.Shape.Without(-1));
            double[] totals = Allocation.RentOnHost<double>(classes, "Categorical");
            var range = random.Reserve(rows);
            var results = drawn.Overwrite("Categorical");
            for (int row = 0; row < rows; row++)
            {
                var logits = values.AsSpan(row * classes, classes);
                float largest = Largest(logits);
                double total = 0;
                for (int i = 0; i < classes; i++)
                {
                    totals[i] = total += Math.Exp((double)logits[i] - largest);
                }

                results[row] = Pick(totals.AsSpan(0, classes), Uniform(range, row));
            }

            ArrayPool<double>.Shared.Return(totals);
            ArrayPool<float>.Shared.Return(values);
            return drawn;
        }

        /// <summary>
        /// Draws several classes for each row of weights [.., classes]: class i with a probability in proportion to its weight, which is 0
        /// or more; they need not add up to 1. The result is [.., count], in the order in which they were drawn.
        /// </summary>
        /// <param name="count">How many classes are drawn for each row.</param>
        /// <param name="random">Where the random numbers come from.</param>
        /// <param name="replacement">Whether a class can be drawn again. Else each is drawn once at most.</param>
        /// <exception cref="ArgumentOutOfRangeException">
        /// The count is not positive, or larger than the number of classes where none is drawn again.
        /// </exception>
        /// <exception cref="ShapeException">There are no classes.</exception>
        /// <exception cref="TensorException">
        /// A weight is negative, nan or infinite, all of a row are 0, or there are fewer above 0 than are to be drawn without replacement.
        /// </exception>
        public IndexTensor Multinomial(int count, RandomStream random, bool replacement = false)
        {
            var (values, rows, classes) = Read("Multinomial", x, random);
            if (replacement)
            {
                Require.Positive(count);
            }
            else
            {
                Require.Between(1, classes, count);
            }

            var drawn = IndexTensor.Result("Multinomial", x.Shape.With(-1, count));
            var results = drawn.Overwrite("Multinomial");
            var range = random.Reserve(replacement ? drawn.Length : x.Length);
            for (int row = 0; row < rows; row++)
            {
                var weights = values.AsSpan(row * classes, classes);
                EnsureWeights(weights, replacement ? 1 : count);
                var result = results.Slice(row * count, count);
                if (replacement)
                {
                    DrawAgain(weights, range, row * count, result);
                }
                else
                {
                    DrawOnce(weights, range, row * classes, result);
                }
            }

            ArrayPool<float>.Shared.Return(values);
            return drawn;
        }
    }

    private static (float[] Values, int Rows, int Classes) Read(string name, Tensor x, RandomStream random)
    {
        Operation.Check(name, x);
        ArgumentNullException.ThrowIfNull(random);
        if (x.Rank == 0 || x.Shape[^1] == 0)
        {
            throw new ShapeException(name, $"shape {x.Shape} has no classes", "give [.., classes]");
        }

        float[] values = Allocation.RentOnHost<float>(x.Length, name);
        x.CopyTo(values);
        return (values, x.Length / x.Shape[^1], x.Shape[^1]);
    }

    /// <summary>A random number inside of (0, 1).</summary>
    private static double Uniform(in RandomRange range, int index) =>
        (Philox.Word(range.Seed, range.Position + (ulong)index) + 0.5) / 4294967296.0;

    /// <summary>The first class whose running total is above a part of all.</summary>
    private static int Pick(ReadOnlySpan<double> totals, double part)
    {
        double sought = part * totals[^1];
        int first = 0, last = totals.Length - 1;
        while (first < last)
        {
            int middle = (first + last) / 2;
            (first, last) = totals[middle] > sought ? (first, middle) : (middle + 1, last);
        }

        return first;
    }

    private static void DrawAgain(ReadOnlySpan<float> weights, in RandomRange range, int from, Span<int> drawn)
    {
        double[] totals = Allocation.RentOnHost<double>(weights.Length, "Multinomial");
        double total = 0;
        for (int i = 0; i < weights.Length; i++)
        {
            totals[i] = total += weights[i];
        }

        for (int k = 0; k < drawn.Length; k++)
        {
            drawn[k] = Pick(totals.AsSpan(0, weights.Length), Uniform(range, from + k));
        }

        ArrayPool<double>.Shared.Return(totals);
    }

    /// <summary>
    /// Each class arrives after a time −ln u / w, and the first ones are drawn: as if each were drawn from those that are left
    /// (P. S. Efraimidis, P. G. Spirakis, "Weighted random sampling with a reservoir", 2006).
    /// </summary>
    private static void DrawOnce(ReadOnlySpan<float> weights, in RandomRange range, int from, Span<int> drawn)
    {
        var arrivals = Allocation.RentOnHost<SortKey>(weights.Length, "Multinomial");
        for (int i = 0; i < weights.Length; i++)
        {
            arrivals[i] = SortKey.Of(-Math.Log(Uniform(range, from + i)) / weights[i], i, descending: false);
        }

        SortKey.SortFirst(arrivals.AsSpan(0, weights.Length), drawn.Length);
        SortKey.WriteIndices(arrivals.AsSpan(0, drawn.Length), drawn, stride: 1);
        ArrayPool<SortKey>.Shared.Return(arrivals);
    }

    private static float Largest(ReadOnlySpan<float> logits)
    {
        float largest = float.NegativeInfinity;
        foreach (float logit in logits)
        {
            if (float.IsNaN(logit) || float.IsPositiveInfinity(logit))
            {
                throw new TensorException("Categorical", $"the logit {logit}", "logits are numbers, or −∞ for what is never drawn");
            }

            largest = Math.Max(largest, logit);
        }

        return largest > float.NegativeInfinity ? largest
            : throw new TensorException("Categorical", "a row of nothing but −∞", "a class is needed that can be drawn");
    }

    private static void EnsureWeights(ReadOnlySpan<float> weights, int count)
    {
        int positive = 0;
        foreach (float weight in weights)
        {
            if (!(weight >= 0) || float.IsPositiveInfinity(weight))
            {
                throw new TensorException("Multinomial", $"the weight {weight}",
                    "weights are numbers of 0 or more; Softmax makes them of logits");
            }

            positive += weight > 0 ? 1 : 0;
        }

        if (positive < count)
        {
            throw new TensorException("Multinomial", $"{positive} classes with a weight above 0, of which {count} are to be drawn",
                "draw fewer, or with replacement");
        }
    }
}
