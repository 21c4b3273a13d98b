using System.Runtime.CompilerServices;
using TinyNet.Core;

namespace TinyNet.Autograd;

/// <summary>
/// Differentiable normalizations of x [N, C, ..] by means and variances of its channels: y = (x − mean) / √(variance + ε) · weight + bias.
/// The variance is that of n values over n. Results are channels last in memory.
/// </summary>
public static class ChannelNormalizations
{
    extension(Tensor x)
    {
        /// <summary>
        /// Batch normalization of x [N, C, ..]. While training, or without running statistics, each channel is normalized by its own
        /// mean and variance, over the whole batch; running statistics move towards them: running = (1 − momentum) · running + momentum
        /// · statistic, with the variance over n − 1. Else each channel is normalized by the running statistics, which are floats: they are
        /// exact to half the spacing of floats at the mean, and a variance of 3.4e38 or more (deviations from 1.8e19) is infinite there,
        /// while a batch of such values is normalized as any other. A batch that is refused leaves them as they were.
        /// </summary>
        /// <param name="weight">The weight [C], if any.</param>
        /// <param name="bias">The bias [C], if any.</param>
        /// <param name="runningMean">The running mean [C], if any; written in place while training.</param>
        /// <param name="runningVariance">The running variance [C], given with the mean.</param>
        /// <param name="training">Whether the model is being trained.</param>
        /// <param name="momentum">How much of the running statistics a batch replaces.</param>
        /// <param name="epsilon">What is added to the variance.</param>
        /// <exception cref="ShapeException">Sizes do not fit, or a channel has one value only to take statistics of.</exception>
        public Tensor BatchNorm(Tensor? weight, Tensor? bias, Tensor? runningMean = null, Tensor? runningVariance = null,
            bool training = true, double momentum = 0.1, float epsilon = 1e-5f) =>
            x.BatchNorm(weight, bias, runningMean, runningVariance, training, momentum, epsilon, default(IdentityOp));

        /// <summary>Normalization of each sample of x [N, C, ..] by the mean and variance of each group of its channels.</summary>
        /// <param name="groups">The number of groups; the channels are a multiple.</param>
        /// <param name="weight">The weight [C], if any.</param>
        /// <param name="bias">The bias [C], if any.</param>
        /// <param name="epsilon">What is added to the variance.</param>
        /// <exception cref="ShapeException">Sizes do not fit, or a single sample has one value only in each group.</exception>
        public Tensor GroupNorm(int groups, Tensor? weight = null, Tensor? bias = null, float epsilon = 1e-5f)
        {
            const string name = "GroupNorm";
            Check(name, x, weight, bias);
            Require.Positive(groups);
            if (x.Shape[1] % groups != 0)
            {
                throw new ShapeException(name, $"an input of shape {x.Shape} in {groups} groups",
                    "the channels (axis 1) are to be a multiple of the groups");
            }

            // As in PyTorch, a batch of several samples may have groups of one value.
            CheckCount(name, x, x.Shape[0] * (x.Shape[1] / groups), "group");
            return OfSamples(name, x, groups, weight, bias, epsilon);
        }

        /// <summary>Normalization of each channel of each sample of x [N, C, ..] by its mean and variance.</summary>
        /// <param name="weight">The weight [C], if any.</param>
        /// <param name="bias">The bias [C], if any.</param>
        /// <param name="epsilon">What is added to the variance.</param>
        /// <exception cref="ShapeException">Sizes do not fit, or a channel has one value only to take statistics of.</exception>
        public Tensor InstanceNorm(Tensor? weight = null, Tensor? bias = null, float epsilon = 1e-5f)
        {
            const string name = "InstanceNorm";
            Check(name, x, weight, bias);
            CheckCount(name, x, rows: 1);
            return OfSamples(name, x, x.Shape[1], weight, bias, epsilon);
        }

        /// <summary>
        /// f(batch normalization) as one operation, with the same bits as two. For training, the derivative of f must not read its
        /// input, which is not kept.
        /// </summary>
        internal Tensor BatchNorm<TOp>(Tensor? weight, Tensor? bias, Tensor? runningMean, Tensor? runningVariance, bool training,
            double momentum, float epsilon, TOp op)
            where TOp : struct, IUnaryOp
        {
            const string name = "BatchNorm";
            Check(name, x, weight, bias);
            CheckVector(name, "a running mean", runningMean, x);
            CheckVector(name, "a running variance", runningVariance, x);
            bool usesRunning = !training && runningMean is not null && runningVariance is not null;
            if (!usesRunning)
            {
                CheckCount(name, x, x.Shape[0]);
            }

            var images = Images(x);
            if (usesRunning)
            {
                var running = ChannelStatistics.Running(runningMean!, runningVariance!, epsilon, weight, bias);
                return Shaped(Normalize(name, images, running, statisticsFromInput: false, op), x);
            }

            var (means, deviations) = Moments(name, images, 1, x.Shape[1]);
            var y = Normalize(name, images, new(means, deviations, epsilon, weight, bias), statisticsFromInput: true, op);

            // Last, when nothing refuses the batch any more.
            if (training && x.Length > 0)
            {
                double count = (double)x.Length / x.Shape[1];
                Move(runningMean, means, new WeightedSumMap(1 - momentum, momentum));
                Move(runningVariance, deviations, new WeightedSquareMap(1 - momentum, momentum * (count / (count - 1))));
            }

            return Shaped(y, x);
        }
    }

    private static Tensor OfSamples(string name, Tensor x, int groups, Tensor? weight, Tensor? bias, float epsilon)
    {
        var images = Images(x);
        var (means, deviations) = Moments(name, images, x.Shape[0], groups);
        var own = new ChannelStatistics(means, deviations, epsilon, weight, bias);
        return Shaped(Normalize(name, images, own, statisticsFromInput: true, default(IdentityOp)), x);
    }

    private static (Tensor Means, Tensor Deviations) Moments(string name, Tensor images, int sets, int groups)
    {
        Shape shape = [2, sets, groups];
        Tensor means = Tensor.Result(name, shape, images.Device), deviations = Tensor.Result(name, shape, images.Device);
        if (images.Length > 0)
        {
            images.Device.ChannelMoments(images, means, deviations);
        }

        return (means, deviations);
    }

    private static Tensor Normalize<TOp>(string name, Tensor x, in ChannelStatistics by, bool statisticsFromInput, TOp op)
        where TOp : struct, IUnaryOp
    {
        var y = Tensor.ImageResult(name, x.Shape, x.Device);
        if (x.Length > 0)
        {
            var factors = by.Factors(name, x.Shape[1]);
            x.Device.ChannelNormalize(x, factors, op, y);
            Node.Drop(factors);
        }

        if (Tape.Records(x, by.Weight ?? x, by.Bias))
        {
            var node = Node<ActivatedRule<NormalizationRule, TOp>>.Rent();
            node.Rule.Operation.Set(node, x, by, statisticsFromInput);
            node.Rule.Set(node, op, y);
            Tape.Push(node, y);
        }

        Tape.CheckResult(y);
        return y;
    }

    /// <summary>
    /// running = f(running, statistic), in place, with the first row of statistics, means or deviations: the rest of each is less than
    /// rounding leaves of it here.
    /// </summary>
    private static void Move<TMap>(Tensor? running, Tensor statistics, TMap map) where TMap : struct, IBinaryMap
    {
        if (running is not null)
        {
            var first = statistics.View(new Layout(running.Shape), statistics.Origin);
            running.Device.Map(map, running, first, running);
            running.Storage.MarkWritten();
        }
    }

    /// <summary>[N, C, ..] as images [N, C, H, W].</summary>
    private static Tensor Images(Tensor x) => x.Rank == 4 ? x : x.Reshape(x.Shape[0], x.Shape[1], 1, x.Rank == 2 ? 1 : Pixels(x));

    private static Tensor Shaped(Tensor y, Tensor x) => x.Rank == 4 ? y : y.Reshape(x.Shape.Sizes);

    private static int Pixels(Tensor x)
    {
        int pixels = 1;
        foreach (int size in x.Shape.Sizes[2..])
        {
            pixels *= size;
        }

        return pixels;
    }

    private static void Check(string name, Tensor x, Tensor? weight, Tensor? bias)
    {
        Operation.Check(name, x);
        if (x.Rank < 2)
        {
            throw new ShapeException(name, $"an input of shape {x.Shape}", "the input has the axes [batch, channels, ..]");
        }

        CheckVector(name, "a weight", weight, x);
        CheckVector(name, "a bias", bias, x);
    }

    private static void CheckVector(string name, string what, Tensor? vector, Tensor x)
    {
        if (vector is null)
        {
            return;
        }

        Operation.Check(name, x, vector);
        if (vector.Rank != 1 || vector.Shape[0] != x.Shape[1])
        {
            throw new ShapeException(name, $"{what} of shape {vector.Shape} for an input of shape {x.Shape}",
                $"it needs one number for each channel (axis 1): {x.Shape[1]}");
        }
    }

    private static void CheckCount(string name, Tensor x, int rows, string part = "channel")
    {
        if ((long)rows * Pixels(x) == 1)
        {
            throw new ShapeException(name, $"an input of shape {x.Shape}, with one value for each {part}",
                $"expected more than 1 value per {part}: its variance would be 0");
        }
    }

    private struct NormalizationRule : IGradientRule
    {
        private Edge _x, _weight, _bias;
        private Saved _savedX, _savedWeight, _means, _deviations;
        private bool _statisticsFromInput;
        private float _epsilon;

        public void Set(Node node, Tensor x, in ChannelStatistics by, bool statisticsFromInput)
        {
            (_x, _weight, _bias) = (new Edge(x), new Edge(by.Weight), new Edge(by.Bias));
            (_statisticsFromInput, _epsilon) = (statisticsFromInput, by.Epsilon);
            _savedX = node.Save(x);
            _means = node.Save(by.Means);
            _deviations = node.Save(by.Deviations);
            _savedWeight = node.Save(by.Weight);
        }

        public readonly void Backward(Node node, Tensor gradient)
        {
            // One parameter may be weight and bias: then the second contribution must not be written into the first.
            Tensor? toX = _x.BeginIfNeeded(), toWeight = _weight.BeginIfNeeded(), toBias = node.NewContribution(_bias);
            if (gradient.Length > 0)
            {
                node.Device.ChannelNormalizeGradient(
                    _savedX.Get(node), gradient, _means.Get(node), _deviations.Get(node), _epsilon, _savedWeight.GetIfSet(node),
                    _statisticsFromInput, toX, toWeight, toBias);
            }

            End(_x, toX, gradient.Length);
            End(_weight, toWeight, gradient.Length);
            End(_bias, toBias, gradient.Length);
        }

        /// <summary>Adds a contribution; without images nothing was written, and it is 0.</summary>
        private static void End(in Edge edge, Tensor? contribution, int length)
        {
            if (length == 0)
            {
                contribution?.Device.Fill(contribution, 0);
            }

            edge.End(contribution);
        }
    }

    internal readonly struct WeightedSumMap(double first, double second) : IBinaryMap
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public T Forward<T>(T a, T b) where T : struct, ILane<T> => T.MultiplyAdd(a, T.Const(first), b * T.Const(second));
    }

    /// <summary>first · a + second · b²: the square alone may be beyond floats.</summary>
    internal readonly struct WeightedSquareMap(double first, double second) : IBinaryMap
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public T Forward<T>(T a, T b) where T : struct, ILane<T> => T.MultiplyAdd(a, T.Const(first), b * (b * T.Const(second)));
    }
}

/// <summary>By what channels are normalized: means and deviations [P, S, G], ε, and weight and bias [C].</summary>
internal readonly record struct ChannelStatistics(Tensor Means, Tensor Deviations, float Epsilon, Tensor? Weight, Tensor? Bias)
{
    /// <summary>Of running means and variances [C].</summary>
    public static ChannelStatistics Running(Tensor mean, Tensor variance, float epsilon, Tensor? weight, Tensor? bias)
    {
        const string name = "BatchNorm";
        var deviations = Tensor.Result(name, [1, 1, variance.Length], variance.Device);
        variance.Device.Map(new SqrtOp(), variance, deviations.View(new Layout(variance.Shape), deviations.Origin));
        return new(mean.View(mean.Layout.Unsqueeze(0).Unsqueeze(0), name), deviations, epsilon, weight, bias);
    }

    /// <summary>The factors [4, S, C] of <see cref="Device.ChannelFactors"/>.</summary>
    public Tensor Factors(string name, int channels)
    {
        var factors = Tensor.Result(name, [4, Deviations.Shape[1], channels], Deviations.Device);
        Deviations.Device.ChannelFactors(Means, Deviations, Epsilon, Weight, Bias, factors);
        return factors;
    }
}
