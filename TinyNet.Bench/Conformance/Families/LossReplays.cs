using TinyNet.Autograd;
using TinyNet.Core;

namespace TinyNet.Bench;

/// <summary>The family <c>loss</c>.</summary>
internal static class LossReplays
{
    public static IReadOnlyDictionary<string, Replay> Table { get; } = new Dictionary<string, Replay>
    {
        ["cross_entropy"] = CrossEntropy,
    };

    private static void CrossEntropy(CaseRun run)
    {
        if (!run.IsIndices("target") || run.Has("weight") || run.Attributes.Number("label_smoothing") != 0)
        {
            throw new NotCoveredException("cross_entropy with probabilities as targets, class weights or label smoothing");
        }

        var x = run.Input("x");
        var labels = run.Indices("target");
        if (x.Rank != 2 || (run.Attributes.OptionalInt("ignore_index") is { } ignored && labels.Values.Contains(ignored)))
        {
            throw new NotCoveredException("cross_entropy with more than two axes or ignored labels");
        }

        run.Output("y", Reduce(x.CrossEntropy(labels), run.Attributes.Text("reduction")));
    }

    private static Tensor Reduce(Tensor losses, string reduction) => reduction switch
    {
        "none" => losses,
        "mean" => losses.Mean(),
        "sum" => losses.Sum(),
        _ => throw new NotCoveredException($"reduction {reduction}"),
    };
}
