using TinyNet.Autograd;
using TinyNet.Core;
using TinyNet.Layers;

namespace TinyNet.Tests.Layers;

/// <summary>Every loss: gradient check, reductions, and the shapes it refuses. Values are replayed from recorded cases.</summary>
public class LossTests
{
    [Fact]
    public void Cross_entropy_is_the_mean_over_samples()
    {
        // torch.nn.functional.cross_entropy(logits, labels): 0.5 (ln(1 + e^-1 + e^-3) + ln 3)
        var logits = new Parameter(Tensor.From([2, 1, -1, 0, 0, 0], [2, 3]));
        using var tape = Tape.Record();
        var loss = new CrossEntropy().Forward(logits, IndexTensor.From(0, 2));
        Assert.Equal(0.5 * (Math.Log(1 + Math.Exp(-1) + Math.Exp(-3)) + Math.Log(3)), loss.Item(), 1e-6);
        tape.Backward(loss);
        double total = 1 + Math.Exp(-1) + Math.Exp(-3);
        double[] expected = [(1 / total - 1) / 2, Math.Exp(-1) / total / 2, Math.Exp(-3) / total / 2, 1 / 6.0, 1 / 6.0, -1 / 3.0];
        Assert.All(logits.Gradient!.ToArray().Zip(expected), pair => Assert.Equal(pair.Second, pair.First, 1e-6));
    }

    [Fact]
    public void Cross_entropy_does_not_overflow() =>
        Assert.Equal(2000, new CrossEntropy().Forward(Tensor.From([1000, -1000], [1, 2]), IndexTensor.From(1)).Item());

    [Fact]
    public void Cross_entropy_refuses_what_does_not_belong_together()
    {
        var loss = new CrossEntropy();
        var logits = Tensor.Ones([2, 3]);
        Refusal.Of<ShapeException>(() => loss.Forward(logits, IndexTensor.From(0)), "CrossEntropy", "[2, 3]", "[1]");
        Refusal.Of<ShapeException>(() => loss.Forward(logits, IndexTensor.From([0, 1], [2, 1])), "[2, 1]");
        Refusal.Of<ShapeException>(() => loss.Forward(Tensor.Ones([3]), IndexTensor.From(0, 1, 2)), "[3]");
        Refusal.Of<TensorException>(() => loss.Forward(logits, IndexTensor.From(0, 3)), "label 3 with 3", "0 to 2");
        Refusal.Of<TensorException>(() => loss.Forward(logits, IndexTensor.From(-1, 0)), "label -1");
        Refusal.Of<ShapeException>(() => loss.Forward(Tensor.Zeros([0, 3]), IndexTensor.From()), "[0, 3]", "empty");
        Assert.Throws<ArgumentNullException>(() => loss.Forward(null!, IndexTensor.From(1)));
        Assert.Throws<ArgumentNullException>(() => loss.Forward(logits, null!));
    }

    [Fact]
    public void Mean_squared_error_is_the_mean_of_squares()
    {
        var p = new Parameter(Tensor.From([1, 2, 3, 4], [2, 2]));
        using var tape = Tape.Record();
        var loss = new MeanSquaredError().Forward(p, Tensor.From([1, 0, 0, 2], [2, 2]));
        Assert.Equal((0 + 4 + 9 + 4) / 4f, loss.Item());
        tape.Backward(loss);
        Assert.Equal([0, 1, 1.5f, 1], p.Gradient!.ToArray());
    }

    [Fact]
    public void Mean_squared_error_refuses_to_broadcast_and_the_mean_of_nothing()
    {
        var loss = new MeanSquaredError();
        Refusal.Of<ShapeException>(
            () => loss.Forward(Tensor.Ones([4, 1]), Tensor.Ones([4])), "MeanSquaredError", "[4, 1]", "[4]", "broadcast");
        Refusal.Of<ShapeException>(() => loss.Forward(Tensor.Ones([4]), Tensor.FromScalar(1)), "[]");
        Refusal.Of<ShapeException>(() => loss.Forward(Tensor.Zeros([0]), Tensor.Zeros([0])), "[0]", "empty");
        Refusal.Of<TensorException>(() => loss.Forward(Tensor.Ones([2]), Tensor.Ones([2], Device.Reference)), "Subtract", "reference");
        Assert.Throws<ArgumentNullException>(() => loss.Forward(null!, Tensor.Ones([1])));
        Assert.Throws<ArgumentNullException>(() => loss.Forward(Tensor.Ones([1]), null!));
    }

    private static readonly IndexTensor Labels = IndexTensor.From([2, 0, 1, 2], [2, 2]);
    private static readonly Tensor Signs = Tensor.From([1, -1, -1, 1, 1, -1, 1, -1, -1, 1, 1, -1], [3, 4]);
    private static readonly Tensor Rows = Tensor.From([1, -1, -1]);
    private static readonly Tensor Weights = Tensor.From([0.5f, 2, 1.25f]);

    /// <summary>Losses of operands x, y, z of shape [3, 4], in a reduction.</summary>
    private static readonly Dictionary<string, Func<Reduction, Func<Tensor[], Tensor>>> Losses = new()
    {
        ["mean squared error"] = r => x => new MeanSquaredError(r).Forward(x[0], x[1]),
        ["mean absolute error"] = r => x => new MeanAbsoluteError(r).Forward(x[0], x[1]),
        ["smooth l1"] = r => x => new SmoothL1(0.7f, r).Forward(x[0], x[1]),
        ["smooth l1 without parabola"] = r => x => new SmoothL1(0, r).Forward(x[0], x[1]),
        ["huber"] = r => x => new Huber(0.7f, r).Forward(x[0], x[1]),
        ["binary cross-entropy"] = r => x => new BinaryCrossEntropy(Positive(), r).Forward(x[0].Sigmoid(), x[1].Sigmoid()),
        ["binary cross-entropy with logits"] = r =>
            x => new BinaryCrossEntropyWithLogits(Tensor.From([1, 2, 0.5f, 3]), Positive(), r).Forward(x[0], x[1].Sigmoid()),
        ["poisson"] = r => x => new PoissonNegativeLogLikelihood(reduction: r).Forward(x[0], x[1]),
        ["poisson of rates, full"] = r =>
            x => new PoissonNegativeLogLikelihood(logInput: false, full: true, reduction: r).Forward(x[0].Exp(), 2f * x[1].Exp()),
        ["gaussian"] = r => x => new GaussianNegativeLogLikelihood(reduction: r).Forward(x[0], x[1], x[2].Exp()),
        ["gaussian, full, a variance a row"] = r =>
            x => new GaussianNegativeLogLikelihood(full: true, reduction: r).Forward(x[0], x[1], x[2].Slice(1, 0, 1).Exp()),
        ["hinge embedding"] = r => x => new HingeEmbedding(0.8f, r).Forward(x[0], OnDevice(Signs, x[0])),
        ["margin ranking"] = r => x => new MarginRanking(0.3f, r).Forward(x[0], x[1], OnDevice(Signs, x[0])),
        ["cosine embedding"] = r => x => new CosineEmbedding(-0.4f, r).Forward(x[0], x[1], OnDevice(Rows, x[0])),
        ["triplet margin"] = r => x => new TripletMargin(2, reduction: r).Forward(x[0], x[1], x[2]),
        ["triplet margin, swapped, of 3-norms"] = r => x => new TripletMargin(2, 3, swap: true, r).Forward(x[0], x[1], x[2]),
        ["divergence"] = r => x => new KullbackLeibler(reduction: r).Forward(x[0].LogSoftmax(1), x[1].Softmax(1)),
        ["divergence of logarithms"] = r => x => new KullbackLeibler(logTarget: true, r).Forward(x[0].LogSoftmax(1), x[1].LogSoftmax(1)),
        ["negative log-likelihood"] = r => x => new NegativeLogLikelihood(Weights, 1, r).Forward(x[0].Reshape(2, 3, 2), Labels),
        ["cross-entropy"] = r => x => new CrossEntropy(reduction: r).Forward(x[0], IndexTensor.From(3, 0, 1)),
        ["cross-entropy, smoothed, weighted, ignoring"] = r =>
            x => new CrossEntropy(0.2f, Weights, 0, r).Forward(x[0].Reshape(2, 3, 2), Labels),
        ["cross-entropy with probabilities"] = r =>
            x => new CrossEntropy(0.1f, Weights, reduction: r).Forward(x[0].Reshape(2, 3, 2), x[1].Reshape(2, 3, 2).Softmax(1)),
    };

    public static TheoryData<string> Names => [.. Losses.Keys];

    [Theory, MemberData(nameof(Names))]
    public void The_gradient_is_right_in_every_reduction(string name)
    {
        var random = new RandomStream(8);
        Tensor[] operands = [Tensor.Normal([3, 4], random), Tensor.Normal([3, 4], random), Tensor.Normal([3, 4], random)];
        foreach (var reduction in Enum.GetValues<Reduction>())
        {
            GradCheck.Verify(Losses[name](reduction), operands);
        }
    }

    [Theory, MemberData(nameof(Names))]
    public void Sums_are_of_the_single_losses(string name)
    {
        var random = new RandomStream(9);
        Tensor[] operands = [Tensor.Normal([3, 4], random), Tensor.Normal([3, 4], random), Tensor.Normal([3, 4], random)];
        float[] single = Losses[name](Reduction.None)(operands).ToArray();
        int batch = Losses[name](Reduction.None)(operands).Shape[0];
        Assert.Equal(single.Sum(), Losses[name](Reduction.Sum)(operands).Item(), 1e-4);
        Assert.Equal(single.Sum() / batch, Losses[name](Reduction.BatchMean)(operands).Item(), 1e-4);
        if (!name.Contains("ignoring", StringComparison.Ordinal) && !name.StartsWith("negative", StringComparison.Ordinal))
        {
            Assert.Equal(single.Average(), Losses[name](Reduction.Mean)(operands).Item(), 1e-4);
        }
    }

    [Fact]
    public void The_mean_over_classes_is_weighted()
    {
        var x = Tensor.Normal([4, 3], new RandomStream(3));
        var labels = IndexTensor.From(0, 2, 1, 2);
        float[] single = new CrossEntropy(classWeights: Weights, reduction: Reduction.None).Forward(x, labels).ToArray();
        Assert.Equal(single.Sum() / (0.5f + 1.25f + 2 + 1.25f), new CrossEntropy(classWeights: Weights).Forward(x, labels).Item(), 1e-6);
        Assert.Equal(
            (single[0] + single[2]) / 2.5f, new CrossEntropy(classWeights: Weights, ignoreIndex: 2).Forward(x, labels).Item(), 1e-6);
    }

    [Fact]
    public void The_fused_path_equals_the_composed_one()
    {
        var x = Tensor.Normal([5, 4], new RandomStream(3));
        var labels = IndexTensor.From(3, 0, 1, 1, 2);
        Assert.Equal(
            new NegativeLogLikelihood().Forward(x.LogSoftmax(1), labels).Item(), new CrossEntropy().Forward(x, labels).Item(), 1e-6);
        Assert.Equal(new CrossEntropy(ignoreIndex: -100).Forward(x, labels).Item(), new CrossEntropy().Forward(x, labels).Item());
    }

    [Fact]
    public void Ignored_labels_pass_no_gradient_and_alone_have_no_mean()
    {
        var x = new Parameter(Tensor.Normal([2, 3], new RandomStream(3)));
        using var tape = Tape.Record();
        tape.Backward(new CrossEntropy(ignoreIndex: -1).Forward(x, IndexTensor.From(-1, 2)));
        Assert.Equal([0, 0, 0], x.Gradient!.ToArray()[..3]);
        Assert.NotEqual(0, x.Gradient![1, 2]);
        Assert.Equal(float.NaN, new CrossEntropy(ignoreIndex: -1).Forward(x, IndexTensor.From(-1, -1)).Item());
    }

    [Fact]
    public void Ignored_labels_allocate_no_arrays()
    {
        const int Samples = 50_000;
        int[] values = [.. Enumerable.Range(0, Samples).Select(i => i % 3 == 0 ? -1 : i % 2)];
        var (x, labels) = (new Parameter(Tensor.Normal([Samples, 2], new RandomStream(3))), IndexTensor.From(values));
        var loss = new CrossEntropy(ignoreIndex: -1);
        Assert.InRange(TrainingLoop.LeastBytes(Step), 0, Samples);

        void Step()
        {
            using var tape = Tape.Record();
            tape.Backward(loss.Forward(x, labels));
        }
    }

    [Fact]
    public void Saturated_probabilities_and_logits_have_finite_gradients()
    {
        var p = new Parameter(Tensor.From([0, 1, 0.5f]));
        var logits = new Parameter(Tensor.From([1000, -1000, 0]));
        using var tape = Tape.Record();
        tape.Backward(new BinaryCrossEntropy(reduction: Reduction.Sum).Forward(p, Tensor.From([0, 1, 1])) +
            new BinaryCrossEntropyWithLogits(reduction: Reduction.Sum).Forward(logits, Tensor.From([0, 1, 1])));
        Assert.Equal([0, 0, -2], p.Gradient!.ToArray());
        Assert.Equal([1, -1, -0.5f], logits.Gradient!.ToArray());
    }

    [Fact]
    public void A_variance_that_is_too_small_can_grow_again()
    {
        var variance = new Parameter(Tensor.From([0.25f]));
        using var tape = Tape.Record();
        var loss = new GaussianNegativeLogLikelihood(epsilon: 0.5f).Forward(Tensor.From([1]), Tensor.From([3]), variance);
        Assert.Equal(0.5 * (Math.Log(0.5) + 8), loss.Item(), 1e-5);
        tape.Backward(loss);
        Assert.Equal(0.5 * (1 / 0.5 - 4 / 0.25), variance.Gradient!.Item(), 1e-5);
    }

    [Fact]
    public void A_negative_variance_is_refused() =>
        Refusal.Of<ArgumentException>(
            () => new GaussianNegativeLogLikelihood().Forward(Tensor.Ones([2]), Tensor.Ones([2]), Tensor.From([1, -2])), "variance of -2");

    [Fact]
    public void Far_from_the_target_the_gradients_of_parabola_and_line_are_those_of_the_line()
    {
        foreach (var device in new Device[] { Device.Cpu, Device.Reference })
        {
            float[] far = [float.PositiveInfinity, float.NegativeInfinity, 3e38f];
            Assert.Equal([2, -2, 2], Gradient(new Huber(2, Reduction.Sum), far, device));
            Assert.Equal([1, -1, 1], Gradient(new SmoothL1(2, Reduction.Sum), far, device));
            // At the bound and close to 0.
            Assert.Equal([2, -2, 1e-9f, 0], Gradient(new Huber(2, Reduction.Sum), [2, -2, 1e-9f, 0], device));
            Assert.Equal([1, -1, 5e-10f, 0], Gradient(new SmoothL1(2, Reduction.Sum), [2, -2, 1e-9f, 0], device));
            Assert.Equal([0, 1, -1], Gradient(new SmoothL1(0, Reduction.Sum), [0, 3, -3], device));
        }

        Assert.Equal(3e38f, new SmoothL1(2).Forward(Tensor.From([3e38f]), Tensor.Zeros([1])).Item());

        static float[] Gradient(Loss<Tensor> loss, float[] values, Device device)
        {
            var x = new Parameter(Tensor.From(values, device));
            using var tape = Tape.Record();
            tape.Backward(loss.Forward(x, Tensor.Zeros([values.Length], device)));
            return x.Gradient!.ToArray();
        }
    }

    [Fact]
    public void Nothing_broadcasts_silently()
    {
        Tensor column = Tensor.Ones([4, 1]), row = Tensor.Ones([4]), other = Tensor.Ones([4, 3]);
        Loss<Tensor>[] losses =
        [
            new MeanSquaredError(), new MeanAbsoluteError(), new SmoothL1(), new Huber(), new BinaryCrossEntropy(),
            new BinaryCrossEntropyWithLogits(), new PoissonNegativeLogLikelihood(), new HingeEmbedding(), new KullbackLeibler(),
        ];
        foreach (var loss in losses)
        {
            Refusal.Of<ShapeException>(() => loss.Forward(column, row), "[4, 1]", "[4]", loss.GetType().Name);
            Refusal.Of<ShapeException>(() => loss.Forward(Tensor.Zeros([0, 2]), Tensor.Zeros([0, 2])), "nothing");
            Assert.Throws<ArgumentNullException>(() => loss.Forward(null!, row));
            Assert.Throws<ArgumentNullException>(() => loss.Forward(row, null!));
        }

        Refusal.Of<ShapeException>(() => new MarginRanking().Forward(column, column, row), "[4]");
        Refusal.Of<ShapeException>(() => new MarginRanking().Forward(column, row, row), "others");
        Refusal.Of<ShapeException>(() => new CosineEmbedding().Forward(other, other, column), "[4, 1]");
        Refusal.Of<ShapeException>(() => new TripletMargin().Forward(other, other, column), "negatives");
        Refusal.Of<ShapeException>(() => new TripletMargin().Forward(row, row, row), "rows");
        Refusal.Of<ShapeException>(() => new GaussianNegativeLogLikelihood().Forward(other, other, Tensor.Ones([1, 3])), "[1, 3]");
        Refusal.Of<ShapeException>(() => new BinaryCrossEntropy(other).Forward(column, column), "weight", "[4, 3]");
        Refusal.Of<ShapeException>(() => new BinaryCrossEntropyWithLogits(row).Forward(column, column), "positive", "[4]");
    }

    [Fact]
    public void Labels_and_weights_must_fit_the_classes()
    {
        var x = Tensor.Ones([2, 3, 4]);
        Refusal.Of<ShapeException>(() => new CrossEntropy().Forward(x, IndexTensor.From(0, 1)), "[2, 3, 4]", "[2]");
        Refusal.Of<ShapeException>(() => new NegativeLogLikelihood().Forward(Tensor.Ones([3]), IndexTensor.From([0], [])), "[3]");
        Refusal.Of<TensorException>(() => new CrossEntropy().Forward(Tensor.Ones([2, 3]), IndexTensor.From(0, 3)), "label 3");
        Refusal.Of<TensorException>(
            () => new NegativeLogLikelihood(ignoreIndex: -1).Forward(Tensor.Ones([2, 3]), IndexTensor.From(-1, -2)), "-2");
        Refusal.Of<ShapeException>(
            () => new CrossEntropy(classWeights: Weights).Forward(Tensor.Ones([2, 4]), IndexTensor.From(0, 1)),
            "3 class weights",
            "[2, 4]");
        Refusal.Of<ShapeException>(() => new CrossEntropy().Forward(x, Tensor.Ones([2, 3])), "[2, 3]");
        Refusal.Of<ArgumentException>(() => new CrossEntropy(classWeights: Tensor.Ones([1, 3])), "[1, 3]");
        Refusal.Of<ArgumentException>(() => new CrossEntropy(classWeights: Tensor.From([1, float.NaN])), "NaN");
        Refusal.Of<ArgumentException>(() => new NegativeLogLikelihood(Tensor.From([1, -1])), "-1");
        Refusal.Of<InvalidOperationException>(() => new CrossEntropy(ignoreIndex: -100).Forward(x, x), "-100", "probabilities");
    }

    [Fact]
    public void A_label_out_of_range_is_named_with_loss_classes_and_shape()
    {
        var (x, labels) = (Tensor.Ones([2, 3]), IndexTensor.From(0, 3));
        foreach (var loss in new[]
        {
            new CrossEntropy(),
            new CrossEntropy(0.1f),
            new CrossEntropy(classWeights: Weights),
            new CrossEntropy(ignoreIndex: 0),
        })
        {
            Refusal.Of<TensorException>(() => loss.Forward(x, labels), "CrossEntropy", "label 3 with 3 classes", "[2]", "0 to 2");
            Assert.Equal("target", Assert.Throws<ArgumentNullException>(() => loss.Forward(x, (IndexTensor)null!)).ParamName);
        }

        Refusal.Of<TensorException>(
            () => new NegativeLogLikelihood().Forward(x, labels), "NegativeLogLikelihood", "label 3 with 3 classes", "[2]");
    }

    [Theory]
    [InlineData(Reduction.Mean)]
    [InlineData(Reduction.Sum)]
    [InlineData(Reduction.None)]
    [InlineData(Reduction.BatchMean)]
    public void A_loss_of_ones_own_has_class_weights_an_ignored_label_and_reductions(Reduction reduction)
    {
        var (x, labels) = (Tensor.Normal([4, 3], new RandomStream(1)), IndexTensor.From(0, 2, -1, 1));
        foreach (var weights in new[] { null, Weights })
        {
            var expected = new CrossEntropy(0, weights, ignoreIndex: -1, reduction).Forward(x, labels);
            Assert.Equal(expected.ToArray(), new Focal(0, weights, -1, reduction).Forward(x, labels).ToArray());
        }

        float[] focal = new Focal(2, null, -1, Reduction.None).Forward(x, labels).ToArray();
        float[] plain = new CrossEntropy(ignoreIndex: -1, reduction: Reduction.None).Forward(x, labels).ToArray();
        Assert.All(focal.Zip(plain), pair => Assert.Equal(Math.Pow(1 - Math.Exp(-pair.Second), 2) * pair.Second, pair.First, 1e-6));
    }

    [Fact]
    public void A_loss_of_ones_own_gives_one_loss_for_each_label() =>
        Refusal.Of<ShapeException>(
            () => new Summed().Forward(Tensor.Ones([2, 3]), IndexTensor.From(0, 1)), "Summed", "[]", "[2]", "one loss for each label");

    [Fact]
    public void Settings_out_of_range_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new CrossEntropy(labelSmoothing: 1.5f));
        Assert.Throws<ArgumentOutOfRangeException>(() => new SmoothL1(-1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Huber(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new TripletMargin(p: 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new HingeEmbedding(float.NaN));
        Assert.Throws<ArgumentOutOfRangeException>(() => new GaussianNegativeLogLikelihood(epsilon: 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new MeanSquaredError((Reduction)7));
    }

    private static Tensor Positive() => Tensor.From([1, 2, 0.5f, 1, 3, 1, 1, 0.25f, 1, 1, 2, 1], [3, 4]);

    private static Tensor OnDevice(Tensor tensor, Tensor like) => tensor.Keep(like.Device);

    private sealed class Focal(float gamma, Tensor? classWeights, int? ignoreIndex, Reduction reduction)
        : ClassLoss(classWeights, ignoreIndex, reduction)
    {
        protected override Tensor Each(Tensor prediction, IndexTensor labels)
        {
            var logarithm = AtLabels(prediction.LogSoftmax(1), labels);
            return gamma == 0 ? -logarithm : -(1f - logarithm.Exp()).Pow(gamma) * logarithm;
        }
    }

    private sealed class Summed : ClassLoss
    {
        protected override Tensor Each(Tensor prediction, IndexTensor labels) => AtLabels(prediction, labels).Sum();
    }
}
