using TinyNet.Autograd;
using TinyNet.Core;

namespace TinyNet.Bench;

/// <summary>The operations of the family <c>norm</c> that normalize each sample by itself.</summary>
internal static class NormalizationReplays
{
    public static void LayerNorm(CaseRun run) =>
        run.Output(
            "y",
            run.Input("x").LayerNorm(
                new Shape(run.Attributes.Ints("normalized_shape")),
                run.OptionalInput("weight"),
                run.OptionalInput("bias"),
                run.Attributes.Float("eps")));

    public static void RmsNorm(CaseRun run)
    {
        var x = run.Input("x");
        run.Output("y", x.RmsNorm([x.Shape[-1]], run.OptionalInput("weight"), run.Attributes.Float("eps")));
    }
}
