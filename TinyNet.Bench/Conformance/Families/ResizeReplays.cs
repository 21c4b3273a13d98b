using TinyNet.Autograd;
using TinyNet.Core;

namespace TinyNet.Bench;

/// <summary>The family <c>resize</c>, which has cases of our own.</summary>
internal static class ResizeReplays
{
    public static IReadOnlyDictionary<string, Replay> Table { get; } = new Dictionary<string, Replay>
    {
        ["interpolate"] = Interpolate,
    };

    private static void Interpolate(CaseRun run)
    {
        var attributes = run.Attributes;
        var (x, interpolation, alignCorners) = (
            run.Input("x"),
            attributes.Text("mode") == "nearest" ? Interpolation.Nearest : Interpolation.Linear,
            attributes.Flag("align_corners"));
        run.Output("y", attributes.IsNull("size")
            ? x.Resize(attributes.Number("scale_factor"), interpolation, alignCorners)
            : x.Resize(attributes.Ints("size")[0], attributes.Ints("size")[1], interpolation, alignCorners));
    }
}
