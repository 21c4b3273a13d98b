using TinyNet.Autograd;
using TinyNet.Core;
using static TinyNet.Bench.Replays;

namespace TinyNet.Bench;

/// <summary>The family <c>elementwise</c>.</summary>
internal static class ElementwiseReplays
{
    public static IReadOnlyDictionary<string, Replay> Table { get; } = new Dictionary<string, Replay>
    {
        ["add"] = Binary((a, b) => a + b),
        ["sub"] = Binary((a, b) => a - b),
        ["mul"] = Binary((a, b) => a * b),
        ["div"] = Binary((a, b) => a / b),
        ["pow"] = Binary((a, b) => a.Pow(b)),
        ["maximum"] = Binary((a, b) => a.Maximum(b)),
        ["minimum"] = Binary((a, b) => a.Minimum(b)),
        ["neg"] = Unary(x => -x),
        ["exp"] = Unary(x => x.Exp()),
        ["log"] = Unary(x => x.Log()),
        ["log1p"] = Unary(x => x.Log1p()),
        ["expm1"] = Unary(x => x.Expm1()),
        ["sqrt"] = Unary(x => x.Sqrt()),
        ["rsqrt"] = Unary(x => x.ReciprocalSqrt()),
        ["abs"] = Unary(x => x.Abs()),
        ["sin"] = Unary(x => x.Sin()),
        ["cos"] = Unary(x => x.Cos()),
        ["tanh"] = Unary(x => x.Tanh()),
        ["sigmoid"] = Unary(x => x.Sigmoid()),
        ["erf"] = Unary(x => x.Erf()),
        ["sign"] = Unary(x => x.Sign()),
        ["square"] = Unary(x => x.Square()),
        ["reciprocal"] = Unary(x => x.Reciprocal()),
        ["floor"] = Unary(x => x.Floor()),
        ["round"] = Unary(x => x.Round()),
        ["ceil"] = Unary(x => x.Ceiling()),
        ["pow_scalar"] = Unary((x, attributes) => x.Pow(attributes.Float("exponent"))),
        ["clamp"] = Unary((x, attributes) => x.Clamp(
            attributes.OptionalFloat("min") ?? float.NegativeInfinity, attributes.OptionalFloat("max") ?? float.PositiveInfinity)),
        ["where"] = run => run.Output("y", Tensor.Where(run.Input("condition"), run.Input("a"), run.Input("b"))),
    };
}
