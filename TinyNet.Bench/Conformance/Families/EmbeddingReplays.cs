using TinyNet.Autograd;

namespace TinyNet.Bench;

/// <summary>The family <c>embedding</c>.</summary>
internal static class EmbeddingReplays
{
    public static IReadOnlyDictionary<string, Replay> Table { get; } = new Dictionary<string, Replay>
    {
        ["embedding"] = run => run.Output("y", run.Input("weight").Embed(run.Indices("index"), run.Attributes.OptionalInt("padding_idx"))),
    };
}
