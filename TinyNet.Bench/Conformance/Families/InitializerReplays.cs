using TinyNet.Core;
using TinyNet.Layers;

namespace TinyNet.Bench;

/// <summary>
/// The family <c>init</c>: fans, gains and scales, and the tensors that no random numbers go into. Shapes are PyTorch's, [out, in, ..].
/// </summary>
internal static class InitializerReplays
{
    public static IReadOnlyDictionary<string, Replay> Table { get; } = new Dictionary<string, Replay>
    {
        ["calculate_gain"] = run => run.OutputScalar("gain", GainOf(run.Attributes, "param")),
        ["fans"] = Fans,
        ["init_scale"] = Scale,
        ["default_bound"] = run => run.OutputScalar("bound", Initializer.FanInUniform.Bound(
            run.Attributes.Text("layer") == "recurrent"
                ? new Fans(run.Attributes.Int("hidden_size"), run.Attributes.Int("hidden_size"))
                : FansOf(run))),
        ["eye"] = run => run.Output("y", Initializer.Eye.Create(ShapeOf(run), new Fans(1, 1), new RandomStream(0))),
        ["dirac"] = run =>
            run.Output("y", Initializer.Dirac(run.Attributes.Int("groups")).Create(ShapeOf(run), FansOf(run), new RandomStream(0))),
    };

    private static void Fans(CaseRun run)
    {
        run.OutputScalar("fan_in", FansOf(run).In);
        run.OutputScalar("fan_out", FansOf(run).Out);
    }

    private static void Scale(CaseRun run)
    {
        var attributes = run.Attributes;
        ScaledInitializer initializer = attributes.Text("method") switch
        {
            "xavier_uniform" => Initializer.XavierUniform(attributes.Number("gain")),
            "xavier_normal" => Initializer.XavierNormal(attributes.Number("gain")),
            "kaiming_uniform" => Initializer.KaimingUniform(Mode(attributes), GainOf(attributes, "a")),
            "kaiming_normal" => Initializer.KaimingNormal(Mode(attributes), GainOf(attributes, "a")),
            "lecun_uniform" => Initializer.LecunUniform,
            "lecun_normal" => Initializer.LecunNormal,
            var other => throw new NotCoveredException($"method {other}"),
        };
        if (initializer.IsUniform)
        {
            run.OutputScalar("bound", initializer.Bound(FansOf(run)));
        }
        else
        {
            run.OutputScalar("std", initializer.StandardDeviation(FansOf(run)));
        }
    }

    private static FanMode Mode(CaseAttributes attributes) => attributes.Text("mode") == "fan_in" ? FanMode.In : FanMode.Out;

    private static double GainOf(CaseAttributes attributes, string slope)
    {
        string name = attributes.Text("nonlinearity");
        return name == "leaky_relu" && !attributes.IsNull(slope) ? Gain.LeakyRelu(attributes.Number(slope)) : Gain.Of(name);
    }

    private static Shape ShapeOf(CaseRun run) => new(run.Attributes.Ints("shape"));

    private static Fans FansOf(CaseRun run) => Layers.Fans.OfOutIn(ShapeOf(run));
}
