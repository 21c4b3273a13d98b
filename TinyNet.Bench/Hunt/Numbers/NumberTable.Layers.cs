using TinyNet.Autograd;
using TinyNet.Core;
using TinyNet.Layers;

namespace TinyNet.Bench;

internal static partial class NumberTable
{
    /// <summary>
    /// Activations that are made of sigmoid, tanh or softmax, whose derivative may be off where those are saturated, and by which power of
    /// the operand that is multiplied.
    /// </summary>
    private static readonly Dictionary<string, int> Saturating = new()
    {
        ["activation_mix"] = 1,
        ["approximate_tanh"] = 0,
        ["clipped_sigmoid"] = 0,
        ["decay_tanh"] = 0,
        ["gelu_tanh"] = 1,
        ["glu"] = 1,
        ["log_softmax"] = 0,
        ["mish"] = 1,
        ["param_swish"] = 2,
        ["scaled_tanh"] = 0,
        ["sigmoid"] = 0,
        ["silu"] = 1,
        ["snake"] = 0,
        ["snake_sin2"] = 0,
        ["softmax"] = 0,
        ["softmin"] = 0,
        ["square_softplus"] = 1,
        ["swiglu"] = 1,
        ["swish"] = 1,
        ["tanh"] = 0,
        ["tanhshrink"] = 0,
    };

    private static IEnumerable<NumberRow> Activations() => Activation.Names.Select(name => new NumberRow(name, draw =>
    {
        Shape shape = [1 + draw.Below(5), 2 * draw.Size()];
        return new FunctionCase(
            draw, () => name == "rrelu" ? new RReLU(random: new RandomStream(5)) : Activation.FromName(name), [draw.Of(shape)], Forward)
        {
            HasOwnGradient = name.StartsWith("quantized", StringComparison.Ordinal),
            SmoothUpTo = name is "snake" or "snake_sin2" or "linear_sin" ? 30 : double.PositiveInfinity,

            // Numbers of a common offset are multiplied by functions, whose rounding shows.
            ForgivesOffset = name is "linear_sin" or "activation_mix",
            Terms = name.StartsWith("quantized", StringComparison.Ordinal) ? CancelingTerms.OfStairs(1.0 / 127)
                : name == "gaussian_glu" ? CancelingTerms.OfGate
                : name == "linear_sin" ? CancelingTerms.OfAngles
                : Saturating.TryGetValue(name, out int power) ? CancelingTerms.OfSaturation(power) : null,
        };
    }));

    private static IEnumerable<NumberRow> NormFunctions() =>
    [
        Norm("LayerNorm", Kind.Row, (x, epsilon) => x[0].LayerNorm([x[0].Shape[1]], x[1], x[2], epsilon)),
        Norm("RmsNorm", Kind.RowSquares, (x, epsilon) => x[0].RmsNorm([x[0].Shape[1]], x[1], epsilon)),
        Norm("BatchNorm", Kind.Batch, (x, epsilon) => x[0].BatchNorm(x[1], x[2], epsilon: epsilon)),
        Norm("InstanceNorm", Kind.Instance, (x, epsilon) => x[0].InstanceNorm(x[1], x[2], epsilon)),
        Norm("GroupNorm", Kind.Group, (x, epsilon) => x[0].GroupNorm(Groups(x[0].Shape), x[1], x[2], epsilon)),
    ];

    private static IEnumerable<NumberRow> NormLayers() =>
    [
        Norm("LayerNorm", Kind.Row, shape => new LayerNorm(shape[1])),
        Norm("RMSNorm", Kind.RowSquares, shape => new RMSNorm(shape[1])),
        Norm("BatchNorm1d", Kind.Batch, shape => new BatchNorm1d(shape[1])),
        Norm("BatchNorm2d", Kind.Batch with { IsImage = true }, shape => new BatchNorm2d(shape[1])),
        Norm("GroupNorm", Kind.Group, shape => new GroupNorm(Groups(shape), shape[1])),
        Norm("InstanceNorm", Kind.Instance, shape => new InstanceNorm(shape[1], affine: true)),
    ];

    /// <summary>A normalization of x [N, C, ..] as a function, with weight and bias, and an ε that may be small.</summary>
    private static NumberRow Norm(string subject, Kind kind, Func<Tensor[], float, Tensor> function) => new(subject, draw =>
    {
        float epsilon = draw.OneOf(1e-5f, 1e-5f, 1e-12f, 0);
        Shape shape = kind.Draw(draw), channels = [shape[1]];
        return new FunctionCase([draw.Of(shape), draw.Of(channels), draw.Of(channels)], x => function(x, epsilon))
        {
            // Of equal numbers and an ε of 0 it is 0 / 0.
            LeavesDomain = epsilon == 0,
            Terms = kind.Terms(shape, epsilon),
            Extents = kind.Extents(shape, epsilon),
        };
    });

    /// <summary>A normalization as a layer.</summary>
    private static NumberRow Norm(string subject, Kind kind, Func<Shape, Module<Tensor, Tensor>> make) => new(subject, draw =>
    {
        var shape = kind.Draw(draw);
        double epsilon = subject == "RMSNorm" ? 1.19e-7 : 1e-5;
        return new FunctionCase(draw, () => make(shape), [draw.Of(shape)], Forward)
        {
            Terms = kind.Terms(shape, epsilon),
            Extents = kind.Extents(shape, epsilon),
        };
    });

    /// <summary>The number of elements of a channel of a sample.</summary>
    private static int Inner(in Shape shape) => shape.Length / (shape[0] * shape[1]);

    private static int Groups(in Shape shape) => shape[1] % 2 == 0 ? 2 : 1;

    /// <summary>What elements are normalized together.</summary>
    /// <param name="SetOf">The index of the mean and variance of an element.</param>
    /// <param name="IsRows">Whether shapes are [N, C] always.</param>
    /// <param name="IsCentered">Whether a mean is taken out.</param>
    /// <param name="IsImage">Whether shapes are [N, C, H, W] always.</param>
    /// <param name="LeastInner">How many elements a channel has at least.</param>
    private sealed record Kind(
        Func<int, Shape, int> SetOf, bool IsRows = false, bool IsCentered = true, bool IsImage = false, int LeastInner = 1)
    {
        public static Kind Row => new((i, shape) => i / shape[1], IsRows: true);

        public static Kind RowSquares => Row with { IsCentered = false };

        public static Kind Batch => new((i, shape) => i / Inner(shape) % shape[1]);

        public static Kind Instance => new((i, shape) => i / Inner(shape), LeastInner: 2);

        public static Kind Group => new((i, shape) => i / Inner(shape) / (shape[1] / Groups(shape)));

        public Shape Draw(Draw draw) => IsImage
            ? [2, draw.Size(), 1 + draw.Below(3), 2]
            : !IsRows && (LeastInner > 1 || draw.OneIn(2))
                ? [2 + draw.Below(2), draw.Size(), LeastInner + draw.Below(20)]
                : IsRows && draw.OneIn(20) ? [2, 5000 + draw.Below(10000)] : [2 + draw.Below(5), draw.Size()];

        public Func<double[][], double[], double[]?[], double[]?[]> Terms(Shape shape, double epsilon) =>
            CancelingTerms.OfNormalization(shape, i => SetOf(i, shape), i => i / Inner(shape) % shape[1], epsilon, IsCentered);

        /// <summary>
        /// What elements are divided by: numbers that are equal but for less than ε, far from 0, stay equal over that alone. A millionth
        /// of themselves would take them to where nothing is left of that.
        /// </summary>
        public Func<double[], double[]> Extents(Shape shape, double epsilon) =>
            x => CancelingTerms.Moments(x, i => SetOf(i, shape), epsilon, IsCentered).Deviations;
    }

    private static IEnumerable<NumberRow> Losses()
    {
        yield return ElementLoss("MeanSquaredError", how => new MeanSquaredError(how));
        yield return ElementLoss("MeanAbsoluteError", how => new MeanAbsoluteError(how));
        yield return ElementLoss("SmoothL1", how => new SmoothL1(reduction: how));
        yield return ElementLoss("Huber", how => new Huber(reduction: how));
        yield return ElementLoss(
            "PoissonNegativeLogLikelihood", how => new PoissonNegativeLogLikelihood(full: true, reduction: how), target: Domain.Positive,
            terms: CancelingTerms.OfPoisson);
        yield return ElementLoss("KullbackLeibler", how => new KullbackLeibler(false, how), Domain.LogProbability, Domain.Probability);
        yield return ElementLoss("KullbackLeibler", how => new KullbackLeibler(true, how), Domain.LogProbability, Domain.LogProbability);
        yield return ElementLoss(
            "BinaryCrossEntropy", how => new BinaryCrossEntropy(reduction: how), Domain.Probability, Domain.Probability);
        yield return ElementLoss(
            "BinaryCrossEntropyWithLogits", how => new BinaryCrossEntropyWithLogits(reduction: how), target: Domain.Probability);
        yield return ElementLoss("HingeEmbedding", how => new HingeEmbedding(reduction: how), target: Domain.Sign);
        yield return LossOf(
            "MarginRanking",
            draw => draw.Rows() is var shape ? [draw.Of(shape), draw.Of(shape), draw.Of(shape, Domain.Sign, hasGradient: false)] : [],
            how => new MarginRanking(0.5f, how) is var loss ? x => loss.Forward(x[0], x[1], x[2]) : null!);
        yield return LossOf(
            "CosineEmbedding",
            draw => draw.Rows() is var shape ? [draw.Of(shape), draw.Of(shape), draw.Of([shape[0]], Domain.Sign, hasGradient: false)] : [],
            how => new CosineEmbedding(0.1f, how) is var loss ? x => loss.Forward(x[0], x[1], x[2]) : null!,
            CancelingTerms.OfCosine);
        yield return new("TripletMargin", draw =>
        {
            var (shape, how) = (draw.Rows(), draw.OneOf(Reduction.Mean, Reduction.Sum, Reduction.None));
            var loss = new TripletMargin(reduction: how, swap: how == Reduction.Sum);
            return new FunctionCase([draw.Of(shape), draw.Of(shape), draw.Of(shape)], x => loss.Forward(x[0], x[1], x[2]))
            {
                Terms = CancelingTerms.OfDistances(shape[1]),
            };
        });
        yield return LossOf(
            "GaussianNegativeLogLikelihood",
            draw => draw.Rows() is var shape ? [draw.Of(shape), draw.Of(shape), draw.Of(shape, Domain.Positive)] : [],
            how => new GaussianNegativeLogLikelihood(reduction: how) is var loss ? x => loss.Forward(x[0], x[1], x[2]) : null!,
            hasOwnGradient: true);
        yield return ClassLoss("CrossEntropy", (smoothing, how) => new CrossEntropy(smoothing, reduction: how), Domain.Any);
        yield return ClassLoss("NegativeLogLikelihood", (_, how) => new NegativeLogLikelihood(reduction: how), Domain.LogProbability);
    }

    private static NumberRow ElementLoss(
        string subject,
        Func<Reduction, Loss<Tensor>> make,
        Domain prediction = Domain.Any,
        Domain target = Domain.Any,
        Func<double[][], double[], double[]?[], double[]?[]>? terms = null) => LossOf(
        subject,
        draw => draw.AnyShape() is var shape
            ? [draw.Of(shape, prediction), draw.Of(shape, target, hasGradient: prediction != Domain.LogProbability)]
            : [],
        how => make(how) is var loss ? x => loss.Forward(x[0], x[1]) : null!,
        terms);

    private static NumberRow ClassLoss(
        string subject, Func<float, Reduction, Loss<IndexTensor>> make, Domain prediction) => new(subject, draw =>
    {
        var shape = draw.Rows();
        var labels = draw.Labels([shape[0]], shape[1]);
        var loss = make(draw.OneIn(3) ? 0.1f : 0, draw.OneOf(Reduction.Mean, Reduction.Sum, Reduction.None));
        return new FunctionCase([draw.Of(shape, prediction)], x => loss.Forward(x[0], labels)) { Terms = CancelingTerms.OfSaturation() };
    });

    private static NumberRow LossOf(
        string subject,
        Func<Draw, NumberOperand[]> operands,
        Func<Reduction, Func<Tensor[], Tensor>> make,
        Func<double[][], double[], double[]?[], double[]?[]>? terms = null,
        bool hasOwnGradient = false) => new(subject, draw =>
        new FunctionCase(operands(draw), make(draw.OneOf(Reduction.Mean, Reduction.Sum, Reduction.None)))
        {
            Terms = terms,
            HasOwnGradient = hasOwnGradient,

            // A margin is added to numbers that have no room for it.
            ForgivesOffset = subject == "HingeEmbedding",
        });

    private static IEnumerable<NumberRow> Optimizers()
    {
        (string Subject, Func<Parameter[], float, Optimizer> Make)[] optimizers =
        [
            ("SGD", (p, _) => new SGD(p, 0.1f, momentum: 0.9f)), ("Adam", (p, epsilon) => new Adam(p, 0.1f, epsilon: epsilon)),
            ("AdamW", (p, epsilon) => new AdamW(p, 0.1f, epsilon: epsilon)),
            ("Adamax", (p, epsilon) => new Adamax(p, 0.1f, epsilon: epsilon)),
            ("NAdam", (p, epsilon) => new NAdam(p, 0.1f, epsilon: epsilon)),
            ("RAdam", (p, epsilon) => new RAdam(p, 0.1f, epsilon: epsilon)),
            ("RMSProp", (p, epsilon) => new RMSProp(p, 0.1f, epsilon: epsilon)),
            ("Adagrad", (p, epsilon) => new Adagrad(p, epsilon: epsilon)),
            ("Adadelta", (p, epsilon) => new Adadelta(p, epsilon: epsilon)),
        ];
        foreach (var (subject, make) in optimizers)
        {
            yield return new(subject, draw =>
            {
                float epsilon = draw.OneOf(1e-8f, 1e-8f, 1e-30f, 1e-20f);
                Shape shape = [draw.Size()];
                return new OptimizerCase([draw.Normal(shape), .. Enumerable.Range(0, 1 + draw.Below(6)).Select(_ => draw.Normal(shape))],
                    parameters => make(parameters, epsilon));
            });
        }
    }
}
