using TinyNet.Core;

namespace TinyNet.Bench;

/// <summary>Computes the outputs of a case with TinyNet.</summary>
internal delegate void Replay(CaseRun run);

/// <summary>Which operations of the format can be replayed. An operation is one line in the table of its family.</summary>
internal static class Replays
{
    private static readonly Dictionary<string, IReadOnlyDictionary<string, Replay>> Families = new()
    {
        ["elementwise"] = ElementwiseReplays.Table,
        ["activation"] = ActivationReplays.Table,
        ["reduction"] = ReductionReplays.Table,
        ["matmul"] = MatrixProductReplays.Table,
        ["shape"] = ShapeReplays.Table,
        ["conv"] = ConvolutionReplays.Table,
        ["pool"] = PoolReplays.Table,
        ["resize"] = ResizeReplays.Table,
        ["norm"] = NormReplays.Table,
        ["recurrent"] = RecurrentReplays.Table,
        ["loss"] = LossReplays.Table,
        ["optimizer"] = OptimizerReplays.Table,
        ["scheduler"] = ScheduleReplays.Table,
        ["init"] = InitializerReplays.Table,
        ["embedding"] = EmbeddingReplays.Table,
        ["attention"] = AttentionReplays.Table,
        ["training"] = TrainingReplays.Table,
    };

    /// <summary>The replay of an operation; null where it is not there yet.</summary>
    public static Replay? Find(string family, string operation) =>
        Families.TryGetValue(family, out var operations) && operations.TryGetValue(operation, out var replay) ? replay : null;

    /// <summary>y = f(x).</summary>
    public static Replay Unary(Func<Tensor, Tensor> function) => run => run.Output("y", function(run.Input("x")));

    /// <summary>y = f(x) with attributes.</summary>
    public static Replay Unary(Func<Tensor, CaseAttributes, Tensor> function) => run => run.Output("y", function(run.Input("x"), run.Attributes));

    /// <summary>y = f(a, b).</summary>
    public static Replay Binary(Func<Tensor, Tensor, Tensor> function) => run => run.Output("y", function(run.Input("a"), run.Input("b")));
}
