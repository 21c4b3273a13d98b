using System.Globalization;
using TinyNet.Core;

namespace TinyNet.Data;

/// <summary>
/// Data by formulas and random numbers, to try a network on with nothing downloaded: what is right is known. The same arguments give
/// the same data for ever; a part for validation comes of <see cref="Dataset{TBatch}.Split"/>, not of another seed.
/// </summary>
public static class Synthetic
{
    // Ten to these are a little more than the smallest and less than the largest number that a float holds.
    private const float SmallestExponent = -44.8f, LargestExponent = 38.5f;

    /// <summary>
    /// Clouds of points x [features], as many as classes, of normally distributed numbers with variance 1 about a center; sample i is of
    /// class i mod classes. The centers' coordinates are normally distributed, too.
    /// </summary>
    /// <param name="count">The number of samples.</param>
    /// <param name="features">The number of features of one.</param>
    /// <param name="classes">The number of clouds.</param>
    /// <param name="separation">The standard deviation of the centers; with 0 the features say nothing about the class.</param>
    /// <param name="seed">What the random numbers are drawn from.</param>
    /// <exception cref="ArgumentOutOfRangeException">
    /// A number is negative, there is no feature or class, or <paramref name="separation"/> is no number.
    /// </exception>
    /// <exception cref="ShapeException">No array holds so much.</exception>
    public static ArrayDataset Clouds(int count, int features, int classes, float separation = 2, ulong seed = 0)
    {
        Require.NotNegative(count);
        Require.Positive(features);
        Require.Positive(classes);
        var random = new RandomStream(seed);
        float[] centers = Normal(random, [classes, features], Require.NotNegative(separation));
        float[] points = Normal(random, [count, features]);
        int[] labels = new int[count];
        for (int i = 0; i < count; i++)
        {
            labels[i] = i % classes;
            for (int k = 0; k < features; k++)
            {
                points[i * features + k] += centers[labels[i] * features + k];
            }
        }

        return new ArrayDataset("clouds", points, [features], labels, Numbered(classes));
    }

    /// <summary>y = Σ xₖ² of normally distributed x [features].</summary>
    /// <param name="count">The number of samples.</param>
    /// <param name="features">The number of features of one.</param>
    /// <param name="seed">What the random numbers are drawn from.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is negative, or there is no feature.</exception>
    /// <exception cref="ShapeException">No array holds so much.</exception>
    public static RegressionDataset SumOfSquares(int count, int features, ulong seed = 0) => Function("sum of squares", count,
        Require.Positive(features), seed, static x =>
        {
            double sum = 0;
            foreach (float value in x)
            {
                sum += (double)value * value;
            }

            return sum;
        });

    /// <summary>y = sin x₀ + cos x₁ of normally distributed x [features]; the other features say nothing.</summary>
    /// <param name="count">The number of samples.</param>
    /// <param name="features">The number of features of one, at least 2.</param>
    /// <param name="seed">What the random numbers are drawn from.</param>
    /// <exception cref="ArgumentOutOfRangeException">The count is negative, or there are less than two features.</exception>
    /// <exception cref="ShapeException">No array holds so much.</exception>
    public static RegressionDataset SinPlusCos(int count, int features = 2, ulong seed = 0) => Function("sin + cos", count,
        Require.AtLeast(2, features), seed, static x => Math.Sin(x[0]) + Math.Cos(x[1]));

    /// <summary>
    /// Sequences [steps, features] of normally distributed numbers; of class 1 are those whose first features have a positive sum over
    /// all steps, which a network has to keep in mind.
    /// </summary>
    /// <param name="count">The number of samples.</param>
    /// <param name="steps">The number of steps of each.</param>
    /// <param name="features">The number of features of a step.</param>
    /// <param name="seed">What the random numbers are drawn from.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is negative, or there is no step or feature.</exception>
    /// <exception cref="ShapeException">No array holds so much.</exception>
    public static ArrayDataset Sequences(int count, int steps, int features, ulong seed = 0)
    {
        Require.NotNegative(count);
        Require.Positive(steps);
        Require.Positive(features);
        float[] values = Normal(new RandomStream(seed), [count, steps, features]);
        int[] labels = new int[count];
        for (int i = 0; i < count; i++)
        {
            double sum = 0;
            for (int step = 0; step < steps; step++)
            {
                sum += values[(i * steps + step) * features];
            }

            labels[i] = sum > 0 ? 1 : 0;
        }

        return new ArrayDataset("sequences", values, [steps, features], labels, Numbered(2));
    }

    /// <summary>
    /// Texts as tokens, each of a length of its own; sample i is of class i mod classes. Half of its tokens are any, the other half those
    /// that are, less 1, the class modulo the number of classes. Token 0 is the padding.
    /// </summary>
    /// <param name="count">The number of samples.</param>
    /// <param name="vocabulary">The number of tokens there are, the padding included; more than there are classes.</param>
    /// <param name="shortest">The least tokens of a sample.</param>
    /// <param name="longest">The most tokens of a sample.</param>
    /// <param name="classes">The number of classes.</param>
    /// <param name="seed">What the random numbers are drawn from.</param>
    /// <exception cref="ArgumentOutOfRangeException">
    /// A number is negative, there is no class or no token for one, or <paramref name="longest"/> is less than
    /// <paramref name="shortest"/>.
    /// </exception>
    public static TokenDataset Texts(int count, int vocabulary = 10_000, int shortest = 10, int longest = 50, int classes = 2,
        ulong seed = 0)
    {
        Require.Between(0, Array.MaxLength, count);
        Require.Above(Require.Between(1, Array.MaxLength, classes), vocabulary);
        Require.AtLeast(Require.NotNegative(shortest), Require.Between(0, Array.MaxLength, longest));
        var random = new RandomStream(seed);
        int[][] texts = new int[count][];
        int[] labels = new int[count];
        for (int i = 0; i < count; i++)
        {
            labels[i] = i % classes;
            int tokensOfClass = (vocabulary - 2 - labels[i]) / classes + 1;
            texts[i] = new int[shortest + random.Next(longest - shortest + 1)];
            for (int k = 0; k < texts[i].Length; k++)
            {
                texts[i][k] = random.Next(2) == 0
                    ? 1 + random.Next(vocabulary - 1)
                    : 1 + labels[i] + classes * random.Next(tokensOfClass);
            }
        }

        return new TokenDataset("texts", texts, labels, Numbered(classes));
    }

    /// <summary>Latent vectors [size] of normally distributed numbers, what a generator makes its outputs of.</summary>
    /// <param name="count">The number of samples.</param>
    /// <param name="size">The number of numbers of one.</param>
    /// <param name="seed">What the random numbers are drawn from.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is negative, or the size is 0.</exception>
    /// <exception cref="ShapeException">No array holds so much.</exception>
    public static UnlabeledDataset LatentVectors(int count, int size, ulong seed = 0) =>
        new("latent vectors", Normal(new RandomStream(seed), [Require.NotNegative(count), Require.Positive(size)]), [size]);

    /// <summary>
    /// Finite numbers of either sign and every magnitude that a float has, from 10⁻⁴⁴ to 10³⁸, for the logarithm of which all are equally
    /// likely: to see what a network or a loss makes of them.
    /// </summary>
    /// <param name="count">The number of samples.</param>
    /// <param name="features">The number of features of one.</param>
    /// <param name="seed">What the random numbers are drawn from.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is negative, or there is no feature.</exception>
    /// <exception cref="ShapeException">No array holds so much.</exception>
    public static UnlabeledDataset ExtremeValues(int count, int features, ulong seed = 0)
    {
        Shape shape = [Require.NotNegative(count), Require.Positive(features)];
        var random = new RandomStream(seed);
        float[] values = Tensor.Uniform(shape, random, SmallestExponent, LargestExponent, Device.Cpu).ToArray();
        foreach (ref float value in values.AsSpan())
        {
            double magnitude = Math.Pow(10, value);
            value = (float)(random.Next(2) == 0 ? magnitude : -magnitude);
        }

        return new UnlabeledDataset("extreme values", values, [features]);
    }

    private static RegressionDataset Function(string name, int count, int features, ulong seed, Func<ReadOnlySpan<float>, double> function)
    {
        float[] x = Normal(new RandomStream(seed), [Require.NotNegative(count), features]);
        float[] y = new float[count];
        for (int i = 0; i < count; i++)
        {
            y[i] = (float)function(x.AsSpan(i * features, features));
        }

        return new RegressionDataset(name, x, [features], y);
    }

    private static float[] Normal(RandomStream random, Shape shape, float standardDeviation = 1) =>
        Tensor.Normal(shape, random, 0, standardDeviation, Device.Cpu).ToArray();

    private static string[] Numbered(int classes)
    {
        string[] names = new string[classes];
        for (int i = 0; i < classes; i++)
        {
            names[i] = i.ToString(CultureInfo.InvariantCulture);
        }

        return names;
    }
}
