using TinyNet.Core;
using TinyNet.Layers;
using static TinyNet.Bench.Replays;

namespace TinyNet.Bench;

/// <summary>The family <c>activation</c>.</summary>
internal static class ActivationReplays
{
    public static IReadOnlyDictionary<string, Replay> Table { get; } = new Dictionary<string, Replay>
    {
        ["relu"] = Layer(_ => new ReLU()),
        ["leaky_relu"] = Layer(attributes => new LeakyReLU(attributes.Float("negative_slope"))),
        ["prelu"] = run => run.Output("y", PReLU.Compute(run.Input("x"), run.Input("weight"))),
        ["rrelu"] = Layer(attributes => new RReLU(attributes.Float("lower"), attributes.Float("upper"))),
        ["elu"] = Layer(attributes => new ELU(attributes.Float("alpha"))),
        ["selu"] = Layer(_ => new SELU()),
        ["celu"] = Layer(attributes => new CELU(attributes.Float("alpha"))),
        ["gelu"] = Layer(attributes => attributes.Text("approximate") == "tanh" ? new TanhGELU() : new GELU()),
        ["silu"] = Layer(_ => new SiLU()),
        ["swish"] = Layer(attributes => new Swish(attributes.Float("beta"))),
        ["mish"] = Layer(_ => new Mish()),
        ["softplus"] = Layer(attributes => new Softplus(attributes.Float("beta"), attributes.Float("threshold"))),
        ["softsign"] = Layer(_ => new Softsign()),
        ["hardtanh"] = Layer(attributes => new HardTanh(attributes.Float("min_val"), attributes.Float("max_val"))),
        ["relu6"] = Layer(_ => new ReLU6()),
        ["hardsigmoid"] = Layer(_ => new HardSigmoid()),
        ["hardswish"] = Layer(_ => new HardSwish()),
        ["hardshrink"] = Layer(attributes => new HardShrink(attributes.Float("lambd"))),
        ["softshrink"] = Layer(attributes => new SoftShrink(attributes.Float("lambd"))),
        ["tanhshrink"] = Layer(_ => new TanhShrink()),
        ["threshold"] = Layer(attributes => new Threshold(attributes.Float("threshold"), attributes.Float("value"))),
        ["logsigmoid"] = Layer(_ => new LogSigmoid()),
        ["glu"] = Layer(attributes => new GLU(attributes.Int("dim"))),
        ["softmax"] = Layer(attributes => new Softmax(attributes.Int("dim"), attributes.Float("temperature"))),
        ["log_softmax"] = Layer(attributes => new LogSoftmax(attributes.Int("dim"), attributes.Float("temperature"))),
        ["softmin"] = Layer(attributes => new Softmin(attributes.Int("dim"))),
        ["sigmoid"] = Layer(_ => new Sigmoid()),
        ["tanh"] = Layer(_ => new Tanh()),
        ["snake"] = Layer(attributes => new Snake(attributes.Float("a"))),
        ["snake_sin2"] = Layer(attributes => new UnscaledSnake(attributes.Float("f"))),
        ["gaussian_glu"] = Layer(attributes => new GaussianGLU(attributes.Float("mean"), attributes.Float("std"), attributes.Int("dim"))),
        ["scaled_tanh"] = Layer(attributes => new ScaledTanh(attributes.Float("a"), attributes.Float("b"))),
        ["linear_sin"] = run => run.Output("y", ParametricSine.Compute(run.Input("x"), run.Input("a"), run.Input("b"), run.Input("c"))),
        ["activation_mix"] = run => run.Output("y", ActivationMix.Compute(
            run.Input("x"), [new ReLU(), new Tanh(), new Sigmoid()], [run.Input("a0"), run.Input("a1"), run.Input("a2")], run.Input("b0"))),
        ["param_swish"] = run => run.Output("y", TrainableSwish.Compute(run.Input("x"), run.Input("alpha"), run.Input("beta"))),
        ["square_softplus"] = run => run.Output("y", SquareSoftplus.Compute(run.Input("x"), run.Input("alpha"), run.Input("beta"))),
        ["decay_tanh"] = Layer(attributes => new DecayTanh(attributes.Float("decay")) { Time = attributes.Float("t") }),
    };

    /// <summary>y = layer(x), in evaluation.</summary>
    private static Replay Layer(Func<CaseAttributes, Module<Tensor, Tensor>> create) => Unary((x, attributes) =>
    {
        var layer = create(attributes);
        layer.Evaluate();
        return layer.Forward(x);
    });
}
