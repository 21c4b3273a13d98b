using TinyNet.Autograd;
using TinyNet.Core;
using TinyNet.Layers;

namespace TinyNet.Bench;

/// <summary>The family <c>norm</c>.</summary>
internal static class NormReplays
{
    public static IReadOnlyDictionary<string, Replay> Table { get; } = new Dictionary<string, Replay>
    {
        ["layer_norm"] = NormalizationReplays.LayerNorm,
        ["rms_norm"] = NormalizationReplays.RmsNorm,
        ["batch_norm"] = BatchNorm,
        ["group_norm"] = run =>
            run.Output(
                "y",
                run.Input("x").GroupNorm(
                    run.Attributes.Int("num_groups"), run.OptionalInput("weight"), run.OptionalInput("bias"), run.Attributes.Float("eps"))),
        ["instance_norm"] = run =>
            run.Output(
                "y", run.Input("x").InstanceNorm(run.OptionalInput("weight"), run.OptionalInput("bias"), run.Attributes.Float("eps"))),
        ["dropout"] = Drop(p => new Dropout(p)),
        ["spatial_dropout"] = Drop(p => new SpatialDropout(p)),
        ["alpha_dropout"] = Drop(p => new AlphaDropout(p)),
    };

    private static void BatchNorm(CaseRun run)
    {
        var attributes = run.Attributes;
        bool training = attributes.Flag("training");
        var (mean, variance) = (run.OptionalInput("running_mean"), run.OptionalInput("running_var"));
        run.Output(
            "y",
            run.Input("x").BatchNorm(
                run.OptionalInput("weight"),
                run.OptionalInput("bias"),
                mean,
                variance,
                training,
                attributes.Number("momentum"),
                attributes.Float("eps")));
        if (training && mean is not null && variance is not null)
        {
            run.Output("running_mean", mean);
            run.Output("running_var", variance);
        }
    }

    private static Replay Drop(Func<float, Module<Tensor, Tensor>> create) => run =>
    {
        var dropout = create(run.Attributes.Float("p"));
        dropout.Train(run.Attributes.Flag("training"));
        run.Output("y", dropout.Forward(run.Input("x")));
    };
}
