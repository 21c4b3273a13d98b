using TinyNet.Autograd;
using TinyNet.Layers;
using static TinyNet.Bench.Replays;

namespace TinyNet.Bench;

/// <summary>The family <c>activation</c>.</summary>
internal static class ActivationReplays
{
    public static IReadOnlyDictionary<string, Replay> Table { get; } = new Dictionary<string, Replay>
    {
        ["relu"] = Unary(x => x.Apply(new ReluOp())),
        ["sigmoid"] = Unary(x => x.Sigmoid()),
        ["tanh"] = Unary(x => x.Tanh()),
        ["softmax"] = Unary((x, attributes) => (x / attributes.Float("temperature")).Softmax(attributes.Int("dim"))),
        ["log_softmax"] = Unary((x, attributes) => (x / attributes.Float("temperature")).LogSoftmax(attributes.Int("dim"))),
        ["softmin"] = Unary((x, attributes) => (-x).Softmax(attributes.Int("dim"))),
    };
}
