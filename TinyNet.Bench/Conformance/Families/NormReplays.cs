using TinyNet.Layers;

namespace TinyNet.Bench;

/// <summary>The family <c>norm</c>.</summary>
internal static class NormReplays
{
    public static IReadOnlyDictionary<string, Replay> Table { get; } = new Dictionary<string, Replay>
    {
        ["dropout"] = Dropout,
        ["layer_norm"] = NormalizationReplays.LayerNorm,
        ["rms_norm"] = NormalizationReplays.RmsNorm,
    };

    private static void Dropout(CaseRun run)
    {
        var dropout = new Dropout(run.Attributes.Float("p"));
        dropout.Train(run.Attributes.Flag("training"));
        run.Output("y", dropout.Forward(run.Input("x")));
    }
}
