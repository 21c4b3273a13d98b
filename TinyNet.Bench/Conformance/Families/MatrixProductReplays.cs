using TinyNet.Autograd;
using TinyNet.Core;
using static TinyNet.Bench.Replays;

namespace TinyNet.Bench;

/// <summary>The family <c>matmul</c>.</summary>
internal static class MatrixProductReplays
{
    public static IReadOnlyDictionary<string, Replay> Table { get; } = new Dictionary<string, Replay>
    {
        ["matmul"] = run => run.Output("y", Operand(run, "a").MatMul(Operand(run, "b"))),
        ["einsum"] = run => run.Output("y", Tensor.Einsum(run.Attributes.Text("equation"), run.InputSeries("x"))),
        ["linear"] = run => run.Output("y", run.Input("x").Linear(run.Input("weight").Transpose(), run.OptionalInput("bias"))),
        ["outer"] = Binary((a, b) => a.Outer(b)),
    };

    private static Tensor Operand(CaseRun run, string name) =>
        run.Attributes.Flag($"transpose_{name}") ? run.Input(name).Transpose() : run.Input(name);
}
