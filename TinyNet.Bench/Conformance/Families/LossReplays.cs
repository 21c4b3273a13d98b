using TinyNet.Core;
using TinyNet.Layers;

namespace TinyNet.Bench;

/// <summary>The family <c>loss</c>.</summary>
internal static class LossReplays
{
    public static IReadOnlyDictionary<string, Replay> Table { get; } = new Dictionary<string, Replay>
    {
        ["mse"] = Pair((run, reduction) => new MeanSquaredError(reduction)),
        ["l1"] = Pair((run, reduction) => new MeanAbsoluteError(reduction)),
        ["smooth_l1"] = Pair((run, reduction) => new SmoothL1(run.Attributes.Float("beta"), reduction)),
        ["huber"] = Pair((run, reduction) => new Huber(run.Attributes.Float("delta"), reduction)),
        ["bce"] = Pair((run, reduction) => new BinaryCrossEntropy(run.OptionalInput("weight"), reduction)),
        ["bce_with_logits"] = Pair(
            (run, reduction) => new BinaryCrossEntropyWithLogits(run.OptionalInput("pos_weight"), run.OptionalInput("weight"), reduction)),
        ["cross_entropy"] = CrossEntropy,
        ["nll_loss"] = run =>
            run.Output(
                "y",
                new NegativeLogLikelihood(run.OptionalInput("weight"), run.Attributes.OptionalInt("ignore_index"), ReductionOf(run))
            .Forward(run.Input("x"), run.Indices("target"))),
        ["kl_div"] = Pair((run, reduction) => new KullbackLeibler(run.Attributes.Flag("log_target"), reduction)),
        ["hinge_embedding"] = Pair((run, reduction) => new HingeEmbedding(run.Attributes.Float("margin"), reduction)),
        ["margin_ranking"] = run => run.Output("y", new MarginRanking(run.Attributes.Float("margin"), ReductionOf(run))
            .Forward(run.Input("x1"), run.Input("x2"), run.Input("target"))),
        ["cosine_embedding"] = run => run.Output("y", new CosineEmbedding(run.Attributes.Float("margin"), ReductionOf(run))
            .Forward(run.Input("x1"), run.Input("x2"), run.Input("target"))),
        ["triplet_margin"] = run => run.Output(
            "y",
            new TripletMargin(run.Attributes.Float("margin"), run.Attributes.Number("p"), run.Attributes.Flag("swap"), ReductionOf(run))
            .Forward(run.Input("anchor"), run.Input("positive"), run.Input("negative"))),
        ["poisson_nll"] = Pair(
            (run, reduction) => new PoissonNegativeLogLikelihood(
                run.Attributes.Flag("log_input"), run.Attributes.Flag("full"), run.Attributes.Float("eps"), reduction)),
        ["gaussian_nll"] = run =>
            run.Output("y", new GaussianNegativeLogLikelihood(run.Attributes.Flag("full"), run.Attributes.Float("eps"), ReductionOf(run))
            .Forward(run.Input("x"), run.Input("target"), run.Input("var"))),
    };

    private static Replay Pair(Func<CaseRun, Reduction, Loss<Tensor>> create) => run =>
        run.Output("y", create(run, ReductionOf(run)).Forward(run.Input("x"), run.Input("target")));

    private static void CrossEntropy(CaseRun run)
    {
        var loss = new CrossEntropy(
            run.Attributes.Float("label_smoothing"),
            run.OptionalInput("weight"),
            run.Attributes.OptionalInt("ignore_index"),
            ReductionOf(run));
        run.Output(
            "y",
            run.IsIndices("target")
                ? loss.Forward(run.Input("x"), run.Indices("target"))
                : loss.Forward(run.Input("x"), run.Input("target")));
    }

    private static Reduction ReductionOf(CaseRun run) => run.Attributes.Text("reduction") switch
    {
        "none" => Reduction.None,
        "mean" => Reduction.Mean,
        "sum" => Reduction.Sum,
        "batchmean" => Reduction.BatchMean,
        var other => throw new NotCoveredException($"reduction {other}"),
    };
}
