using TinyNet.Autograd;
using TinyNet.Core;
using TinyNet.Layers;

namespace TinyNet.Bench;

/// <summary>The family <c>conv</c>. The format has weights as [out, in, kernel..], the layers as [kernel.., in, out].</summary>
internal static class ConvolutionReplays
{
    public static IReadOnlyDictionary<string, Replay> Table { get; } = new Dictionary<string, Replay>
    {
        ["conv1d"] = Conv1d,
        ["conv2d"] = Conv2d,
        ["conv_transpose2d"] = ConvTranspose2d,
    };

    private static void Conv1d(CaseRun run)
    {
        var attributes = run.Attributes;
        var weight = run.Input("weight").Unsqueeze(2).Permute(2, 3, 1, 0);
        int kernel = weight.Shape[1], stride = attributes.Int("stride"), dilation = attributes.Int("dilation");
        var window = PaddingOf(attributes).Window((1, kernel), (1, stride), (1, dilation)) with { Height = new WindowAxis(1) };
        run.Output(
            "y", run.Input("x").Unsqueeze(2).Convolve(weight, run.OptionalInput("bias"), window, attributes.Int("groups")).Squeeze(2));
    }

    private static void Conv2d(CaseRun run)
    {
        var weight = run.Input("weight").Permute(2, 3, 1, 0);
        run.Output(
            "y",
            run.Input("x").Convolve(weight, run.OptionalInput("bias"), WindowOf(run.Attributes, weight), run.Attributes.Int("groups")));
    }

    private static void ConvTranspose2d(CaseRun run)
    {
        var weight = run.Input("weight").Permute(2, 3, 1, 0);
        var extra = Pair(run.Attributes, "output_padding");
        run.Output(
            "y",
            run.Input("x").ConvolveTransposed(
                weight,
                run.OptionalInput("bias"),
                WindowOf(run.Attributes, weight),
                (extra.Height, extra.Width),
                run.Attributes.Int("groups")));
    }

    private static Window WindowOf(CaseAttributes attributes, Tensor weight) =>
        PaddingOf(attributes).Window((weight.Shape[0], weight.Shape[1]), Pair(attributes, "stride"), Pair(attributes, "dilation"));

    private static ConvolutionPadding PaddingOf(CaseAttributes attributes)
    {
        if (attributes.IsText("padding"))
        {
            return attributes.Text("padding") == "same" ? ConvolutionPadding.Same : ConvolutionPadding.Valid;
        }

        var pair = Pair(attributes, "padding");
        return (pair.Height, pair.Width);
    }

    private static Extent Pair(CaseAttributes attributes, string name) =>
        attributes.IsList(name) ? (attributes.Ints(name)[0], attributes.Ints(name)[1]) : attributes.Int(name);
}
