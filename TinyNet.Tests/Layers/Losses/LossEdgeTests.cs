using TinyNet.Autograd;
using TinyNet.Core;
using TinyNet.Layers;

namespace TinyNet.Tests.Layers;

/// <summary>Losses where numbers are small, infinite or of no meaning, on every width and the reference device.</summary>
public class LossEdgeTests
{
    [Fact]
    public void Classes_given_as_floats_are_told_where_they_go()
    {
        Tensor prediction = Tensor.Ones([4, 3]), labels = Tensor.Ones([4]);
        var refusal = Refusal.Of<ShapeException>(
            () => new CrossEntropy().Forward(prediction, labels), "or the classes themselves, one a sample, as an IndexTensor");
        Assert.DoesNotContain("for CrossEntropy", refusal.Message, StringComparison.Ordinal);
        Refusal.Of<ShapeException>(
            () => new MeanSquaredError().Forward(prediction, labels), "go into an IndexTensor, for CrossEntropy say");
    }

    private const float Inf = float.PositiveInfinity;

    [Fact]
    public void Classes_given_as_numbers_are_told_where_they_go()
    {
        Tensor prediction = Tensor.Ones([4, 3]), images = Tensor.Ones([4, 3, 2, 2]);
        Refusal.Of<ShapeException>(
            () => new CrossEntropy().Forward(prediction, Tensor.From([0, 1, 2, 0])), "[4, 3]", "[4]", "IndexTensor", "CrossEntropy");
        Refusal.Of<ShapeException>(() => new CrossEntropy().Forward(prediction, Tensor.Ones([4, 1])), "[4, 1]", "IndexTensor");
        Refusal.Of<ShapeException>(() => new CrossEntropy().Forward(images, Tensor.Ones([4, 2, 2])), "IndexTensor");
        Refusal.Of<ShapeException>(() => new KullbackLeibler().Forward(prediction, Tensor.Ones([4])), "IndexTensor");
        Refusal.Of<ShapeException>(() => new BinaryCrossEntropy().Forward(prediction, Tensor.Ones([4])), "IndexTensor");
        var exception = Refusal.Of<ShapeException>(() => new MeanSquaredError().Forward(Tensor.Ones([4, 1]), Tensor.Ones([4])), "Reshape");
        Assert.DoesNotContain("IndexTensor", exception.Message, StringComparison.Ordinal);
    }

    // float64 mathematics: q t ln(1 + e^-x) + (1 - t) ln(1 + e^x) and (1 - t) σ(x) - q t σ(-x).
    [Theory]
    [InlineData(-15, 0, 3.05902274e-7, 3.05902227e-7)]
    [InlineData(15, 1, 3.05902274e-7, -3.05902227e-7)]
    [InlineData(-10, 0, 4.53988992e-5, 4.53978687e-5)]
    [InlineData(10, 1, 4.53988992e-5, -4.53978687e-5)]
    [InlineData(-30, 0, 9.35762297e-14, 9.35762297e-14)]
    [InlineData(0, 1, 0.693147181, -0.5)]
    [InlineData(3, 0.25, 2.29858735, 0.702574127)]
    [InlineData(100, 0, 100, 1)]
    [InlineData(-100, 1, 100, -1)]
    [InlineData(Inf, 1, 0, 0)]
    [InlineData(-Inf, 0, 0, 0)]
    public void Binary_cross_entropy_with_logits_treats_both_classes_alike(float x, float target, double loss, double slope)
    {
        foreach (var device in Devices())
        {
            var (value, gradient) = Run(new BinaryCrossEntropyWithLogits(), [x], [target], device);
            AssertClose(loss, value);
            AssertClose(slope, gradient[0]);

            // A weight of 2 doubles both, that of positive targets what is theirs.
            var two = Tensor.From([2]);
            (value, gradient) = Run(new BinaryCrossEntropyWithLogits(weight: two), [x], [target], device);
            AssertClose(2 * loss, value);
            AssertClose(2 * slope, gradient[0]);
            if (target is 0 or 1)
            {
                (value, _) = Run(new BinaryCrossEntropyWithLogits(two), [x], [target], device);
                AssertClose((1 + target) * loss, value);
            }
        }
    }

    // ln(1 + e^-x) - ln(1 + e^x) = -x, which is 0 where x is infinite and the target leaves that out.
    [Theory]
    [InlineData(-4.9729193e-11f, 0.25f, 4.9729193e-11f)]
    [InlineData(0.00075899f, 0.9999993f, -0.00075899f)]
    [InlineData(-30, 1, 30)]
    [InlineData(Inf, 1, 0)]
    [InlineData(-Inf, 0, 0)]
    public void Binary_cross_entropy_with_logits_knows_its_slope_along_the_target(float x, float target, float slope)
    {
        foreach (var device in Devices())
        {
            var targets = new Parameter(Tensor.From([target], device));
            using var tape = Tape.Record();
            tape.Backward(new BinaryCrossEntropyWithLogits().Forward(Tensor.From([x], device), targets));
            Assert.Equal(slope, targets.Gradient!.Item());
        }
    }

    // ½ (x / v) 2 g, ½ g (1 / v - x² / v²) and g (ln t - x): parts of them are no floats.
    [Fact]
    public void Gradients_of_likelihoods_keep_their_range()
    {
        foreach (var device in Devices())
        {
            AssertGaussian(1.5e29f, 1e7f, 1e10f, 1.5e32, null);
            AssertGaussian(1e30f, 4e30f, 1e10f, 2.5e9, -3.125e8);
            AssertGaussian(-3e25f, 2e24f, 1e-20f, -1.5e-19, -1.125e-18);

            Parameter x = new(Tensor.From([2e20f], device)), target = new(Tensor.From([1e30f], device));
            using var tape = Tape.Record();
            var loss = new PoissonNegativeLogLikelihood(logInput: false, full: true).Forward(x, target);
            tape.Backward(loss, Tensor.FromScalar(1e15f, device));
            AssertClose(1e15 * Math.Log(1e30 / 2e20), target.Gradient!.Item());

            void AssertGaussian(float difference, float v, float gradient, double toPrediction, double? toVariance)
            {
                Parameter prediction = new(Tensor.From([difference], device)), variance = new(Tensor.From([v], device));
                using var tape = Tape.Record();
                var loss = new GaussianNegativeLogLikelihood().Forward(prediction, Tensor.From([0], device), variance);
                tape.Backward(loss, Tensor.FromScalar(gradient, device));
                AssertClose(toPrediction, prediction.Gradient!.Item());
                if (toVariance is { } right)
                {
                    AssertClose(right, variance.Gradient!.Item());
                }
            }
        }
    }

    [Fact]
    public void What_has_no_share_in_a_loss_may_be_infinite()
    {
        foreach (var device in Devices())
        {
            // 0.5 (ln 0.5 + 1) + 0.5 (ln 0.5 + 2): the third place has no share.
            Check(new KullbackLeibler(reduction: Reduction.Sum), [-1, -2, -Inf], [0.5f, 0.5f, 0], 1.5 + Math.Log(0.5), [-0.5f, -0.5f, 0]);
            float half = MathF.Log(0.5f);
            Check(
                new KullbackLeibler(logTarget: true, Reduction.Sum), [-1, -2, -3], [half, half, -Inf], 1.5 + Math.Log(0.5),
                [-0.5f, -0.5f, 0]);
            Check(
                new KullbackLeibler(logTarget: true, Reduction.Sum), [-1, -2, -Inf], [half, half, -Inf], 1.5 + Math.Log(0.5),
                [-0.5f, -0.5f, 0]);

            // e^x - t x at x = -∞, and x - t ln x at 0 without ε, where t = 0.
            Check(new PoissonNegativeLogLikelihood(reduction: Reduction.Sum), [-Inf, 0], [0, 2], 1, [0, -1]);
            Check(new PoissonNegativeLogLikelihood(logInput: false, epsilon: 0, reduction: Reduction.Sum), [0, 1], [0, 3], 1, [1, -2]);

            // A class that is masked out of the logits, with probability 0, and a class of weight 0 that cannot be.
            double log = Math.Log(1 + Math.Exp(-1));
            float first = (float)(1 / (1 + Math.Exp(-1)));
            var logits = new Parameter(Tensor.From([1, 0, -Inf], [1, 3], device));
            using var tape = Tape.Record();
            var loss = new CrossEntropy().Forward(logits, Tensor.From([1, 0, 0], [1, 3], device));
            AssertClose(log, loss.Item());
            tape.Backward(loss);
            Assert.All(logits.Gradient!.ToArray().Zip([first - 1, 1 - first, 0]), pair => AssertClose(pair.Second, pair.First));
            var both = Tensor.From([1, 0, -Inf, 1, 0, -Inf], [2, 3], device);
            AssertClose(log, new CrossEntropy(classWeights: Tensor.From([1, 1, 0])).Forward(both, IndexTensor.From(0, 2)).Item());
            AssertClose(
                log, new NegativeLogLikelihood(Tensor.From([1, 1, 0])).Forward(both.LogSoftmax(1), IndexTensor.From(0, 2)).Item());

            // Such a class gets a part of a smoothed label, or of a target: for label 0, 0.9 log + 0.1 / 3 (log + 1 + log).
            var one = Tensor.From([1, 0, -Inf], [1, 3], device);
            var smoothing = new CrossEntropy(0.1f, Tensor.From([1, 1, 0]));
            AssertClose(0.9 * log + 0.1 / 3 * (2 * log + 1), smoothing.Forward(one, IndexTensor.From(0)).Item());
            var target = Tensor.From([0.5f, 0.25f, 0.25f], [1, 3], device);
            AssertClose(0.5 * log + 0.25 * (log + 1), new CrossEntropy(classWeights: Tensor.From([1, 1, 0])).Forward(one, target).Item());

            void Check(Loss<Tensor> loss, float[] x, float[] target, double expected, float[] slopes)
            {
                var (value, gradient) = Run(loss, x, target, device);
                AssertClose(expected, value);
                Assert.All(gradient.Zip(slopes), pair => AssertClose(pair.Second, pair.First));
            }
        }
    }

    [Fact]
    public void A_parabola_may_be_narrower_than_its_reciprocal_can_say()
    {
        foreach (var device in Devices())
        {
            var (value, gradient) = Run(new SmoothL1(1e-40f, Reduction.Sum), [0, 3, -2, 5e-41f], [0, 0, 0, 0], device);
            AssertClose(5, value);
            Assert.All(gradient.Zip([0, 1, -1, 0.5f]), pair => Assert.Equal(pair.Second, pair.First, 1e-4));

            var x = new Parameter(Tensor.From([0, 3e-40f], device));
            using var tape = Tape.Record();
            var y = x / 1e-40f;
            Assert.Equal([0, 3], y.ToArray().Select(v => MathF.Round(v)));
            tape.Backward(y, Tensor.From([0, 2e-40f], device));
            Assert.Equal([0, 2], x.Gradient!.ToArray().Select(v => MathF.Round(v)));
        }
    }

    [Fact]
    public void The_normal_likelihood_squares_nothing_that_its_variance_makes_small()
    {
        foreach (var device in Devices())
        {
            Parameter mean = new(Tensor.From([1e20f, 0], device)), variance = new(Tensor.From([1e30f, 1e-40f], device));
            using var tape = Tape.Record();
            var loss = new GaussianNegativeLogLikelihood(epsilon: 1e-42f, reduction: Reduction.None)
                .Forward(mean, Tensor.Zeros([2], device), variance);
            AssertClose(0.5 * (Math.Log(1e30) + 1e10), loss.ToArray()[0]);
            AssertClose(0.5 * Math.Log(1e-40), loss.ToArray()[1]);
            tape.Backward(loss.Sum());
            AssertClose(1e-10, mean.Gradient!.ToArray()[0]);
            AssertClose(0, mean.Gradient!.ToArray()[1]);
            AssertClose(0.5 * (1e-30 - 1e-20), variance.Gradient!.ToArray()[0]);
        }
    }

    [Fact]
    public void A_mean_of_squares_is_one_where_a_square_is_no_float()
    {
        float[] target = new float[1_000_000], prediction = new float[target.Length], vanishing = new float[target.Length];
        prediction[77] = -1e20f;
        vanishing.AsSpan().Fill(1e-21f);
        foreach (var device in TestDevices.OfEachWidth())
        {
            var (value, gradient) = Run(new MeanSquaredError(), prediction, target, device);
            AssertClose(1e34, value);
            AssertClose(-2e14, gradient[77]);
            Assert.Equal(0, gradient[78]);
            (value, gradient) = Run(new MeanSquaredError(), vanishing, target, device);
            Assert.Equal(1e-42, value, 1e-45);
            AssertClose(2e-27, gradient[78]);
        }

        foreach (var device in Devices())
        {
            Tensor large = Tensor.From([-1e19f, 3e19f, 0, 0], [4, 1], device), zeros = Tensor.Zeros([4, 1], device);
            AssertClose(2.5e38, new MeanSquaredError(Reduction.BatchMean).Forward(large, zeros).Item());
            AssertClose(2.5e38, new MeanSquaredError().Forward(large, zeros).Item());
            Assert.Equal(Inf, new MeanSquaredError(Reduction.Sum).Forward(large, zeros).Item());
            Assert.Equal([1e38f, Inf, 0, 0], new MeanSquaredError(Reduction.None).Forward(large, zeros).ToArray().Select(Rounded));
        }

        static float Rounded(float value) => MathF.Abs(value / 1e38f - 1) < 1e-6f ? 1e38f : value;
    }

    [Fact]
    public void A_mean_of_samples_is_one_where_their_sum_is_no_float()
    {
        foreach (var device in Devices())
        {
            var x = Tensor.Full([4, 1], 3e38f, device);
            AssertClose(3e38, new MeanAbsoluteError(Reduction.BatchMean).Forward(x, Tensor.Zeros([4, 1], device)).Item());
        }
    }

    [Fact]
    public void Predictions_that_are_no_probabilities_are_refused()
    {
        foreach (var device in Devices())
        {
            var target = Tensor.From([0, 1], device);
            foreach (float wrong in new[] { 1.2f, -0.1f, Inf })
            {
                Refusal.Of<ArgumentException>(
                    () => new BinaryCrossEntropy().Forward(Tensor.From([0.5f, wrong], device), target),
                    "BinaryCrossEntropy", $"{wrong}", "[2]", "Sigmoid", "BinaryCrossEntropyWithLogits", "prediction");
            }

            Assert.True(float.IsNaN(new BinaryCrossEntropy().Forward(Tensor.From([0.5f, float.NaN], device), target).Item()));
            Refusal.Of<ArgumentException>(
                () => new GaussianNegativeLogLikelihood().Forward(target, target, Tensor.From([1, -2], device)), "variance of -2");
        }
    }

    [Fact]
    public void Targets_other_than_1_and_minus_1_are_refused_where_signs_are_meant()
    {
        foreach (var device in Devices())
        {
            Tensor x = Tensor.From([0.5f, 2], device), rows = Tensor.Ones([2, 3], device);
            foreach (float wrong in new[] { 0, 0.5f, 2, float.NaN })
            {
                var target = Tensor.From([1, wrong], device);
                Refuses("HingeEmbedding", () => new HingeEmbedding().Forward(x, target));
                Refuses("MarginRanking", () => new MarginRanking().Forward(x, x, target));
                Refuses("CosineEmbedding", () => new CosineEmbedding().Forward(rows, rows, target));

                void Refuses(string name, Func<object?> call) =>
                    Refusal.Of<ArgumentException>(call, name, $"a target of {wrong}", "[2]", "2 t - 1", "target");
            }
        }
    }

    [Fact]
    public void Looking_at_operands_allocates_no_arrays()
    {
        var (x, target) = (new Parameter(Tensor.Full([50_000], 0.5f)), Tensor.Ones([50_000]));
        Assert.InRange(TrainingLoop.LeastBytes(Step), 0, 50_000);

        void Step()
        {
            using var tape = Tape.Record();
            tape.Backward(new BinaryCrossEntropy().Forward(x, target) + new HingeEmbedding().Forward(x, target));
        }
    }

    private static (float Loss, float[] Gradient) Run(Loss<Tensor> loss, float[] x, float[] target, Device device)
    {
        var parameter = new Parameter(Tensor.From(x, device));
        using var tape = Tape.Record();
        var value = loss.Forward(parameter, Tensor.From(target, device));
        tape.Backward(value);
        return (value.Item(), parameter.Gradient!.ToArray());
    }

    private static IEnumerable<Device> Devices() => TestDevices.OfEachWidth().Append<Device>(Device.Reference);

    private static void AssertClose(double expected, float actual) =>
        Assert.True(Math.Abs(expected - actual) <= 1e-5 * Math.Abs(expected), $"{actual:R}, should be {expected:R}");
}
