namespace TinyNet.Bench;

/// <summary>Which operations of the format can be replayed. An operation is one line in the table of its family.</summary>
internal static class ReplayTable
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
}
