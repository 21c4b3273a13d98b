using TinyNet.Autograd;
using TinyNet.Core;

namespace TinyNet.Bench;

/// <summary>The family <c>reduction</c>.</summary>
internal static class ReductionReplays
{
    public static IReadOnlyDictionary<string, Replay> Table { get; } = new Dictionary<string, Replay>
    {
        ["sum"] = Over((x, axes, keepDims, _) => x.Sum(axes, keepDims)),
        ["mean"] = Over((x, axes, keepDims, _) => x.Mean(axes, keepDims)),
        ["var"] = Over((x, axes, keepDims, attributes) => x.Variance(axes, attributes.Flag("unbiased"), keepDims)),
        ["std"] = Over((x, axes, keepDims, attributes) => x.StandardDeviation(axes, attributes.Flag("unbiased"), keepDims)),
        ["max"] = Extreme((x, axes, keepDims) => x.Max(axes, keepDims), (x, axis, keepDims) => x.MaxWithIndices(axis, keepDims)),
        ["min"] = Extreme((x, axes, keepDims) => x.Min(axes, keepDims), (x, axis, keepDims) => x.MinWithIndices(axis, keepDims)),
        ["argmax"] = run => run.Output("indices", run.Input("x").ArgMax(run.Attributes.OptionalInt("dim"), run.Attributes.Flag("keepdim"))),
        ["argmin"] = run => run.Output("indices", run.Input("x").ArgMin(run.Attributes.OptionalInt("dim"), run.Attributes.Flag("keepdim"))),
        ["prod"] = Over((x, axes, keepDims, _) => x.Product(axes, keepDims)),
        ["logsumexp"] = Over((x, axes, keepDims, _) => x.LogSumExp(axes, keepDims)),
        ["norm"] = Over((x, axes, keepDims, attributes) => x.Norm(attributes.Number("p"), axes, keepDims)),
        ["cumsum"] = Replays.Unary((x, attributes) => x.CumulativeSum(attributes.Int("dim"))),
    };

    private static Replay Over(Func<Tensor, Axes, bool, CaseAttributes, Tensor> reduce) => run =>
    {
        var x = run.Input("x");
        run.Output("y", reduce(x, AxesOf(run, x), run.Attributes.Flag("keepdim"), run.Attributes));
    };

    /// <summary>Along one axis the indices belong to the result; along several, or all, there are none.</summary>
    private static Replay Extreme(
        Func<Tensor, Axes, bool, Tensor> over, Func<Tensor, int, bool, (Tensor Values, IndexTensor Indices)> along) => run =>
    {
        var x = run.Input("x");
        bool keepDims = run.Attributes.Flag("keepdim");
        if (run.Attributes.IsNull("dim") || run.Attributes.IsList("dim"))
        {
            run.Output("y", over(x, AxesOf(run, x), keepDims));
            return;
        }

        var (values, indices) = along(x, run.Attributes.Int("dim"), keepDims);
        run.Output("y", values);
        run.Output("indices", indices);
    };

    /// <summary>PyTorch gives a scalar an axis to name; here it has none, and all axes are meant.</summary>
    private static Axes AxesOf(CaseRun run, Tensor x) => x.Rank == 0 ? default : run.Attributes.Axes("dim");
}
