using TinyNet.Core;
using TinyNet.Layers;

namespace TinyNet.Bench;

/// <summary>The family <c>pool</c>.</summary>
internal static class PoolReplays
{
    public static IReadOnlyDictionary<string, Replay> Table { get; } = new Dictionary<string, Replay>
    {
        ["max_pool1d"] = Layer(
            a => new MaxPool1d(a.Int("kernel_size"), a.Int("stride"), a.Int("padding"), a.Int("dilation"), a.Flag("ceil_mode"))),
        ["max_pool2d"] = Layer(
            a => new MaxPool2d(Pair(a, "kernel_size"), Pair(a, "stride"), Pair(a, "padding"), Pair(a, "dilation"), a.Flag("ceil_mode"))),
        ["avg_pool1d"] = Layer(
            a => new AvgPool1d(a.Int("kernel_size"), a.Int("stride"), a.Int("padding"), a.Flag("ceil_mode"), a.Flag("count_include_pad"))),
        ["avg_pool2d"] = Layer(
            a =>
                new AvgPool2d(
                    Pair(a, "kernel_size"), Pair(a, "stride"), Pair(a, "padding"), a.Flag("ceil_mode"), a.Flag("count_include_pad"))),
        ["adaptive_avg_pool1d"] = Layer(a => new AdaptiveAvgPool1d(a.Int("output_size"))),
        ["adaptive_avg_pool2d"] = Layer(a => new AdaptiveAvgPool2d(Pair(a, "output_size"))),
        ["adaptive_max_pool1d"] = Layer(a => new AdaptiveMaxPool1d(a.Int("output_size"))),
        ["adaptive_max_pool2d"] = Layer(a => new AdaptiveMaxPool2d(Pair(a, "output_size"))),
        ["global_avg_pool"] = Layer(_ => new GlobalAvgPool()),
        ["global_max_pool"] = Layer(_ => new GlobalMaxPool()),
    };

    private static Replay Layer(Func<CaseAttributes, Module<Tensor, Tensor>> create) =>
        run => run.Output("y", create(run.Attributes).Forward(run.Input("x")));

    private static Extent Pair(CaseAttributes attributes, string name) => (attributes.Ints(name)[0], attributes.Ints(name)[^1]);
}
