using TinyNet.Core;

namespace TinyNet.Bench;

/// <summary>Computes the outputs of a case with TinyNet.</summary>
internal delegate void Replay(CaseRun run);

/// <summary>The replays of operations that are functions of one operand or of two.</summary>
internal static class Replays
{
    /// <summary>y = f(x).</summary>
    public static Replay Unary(Func<Tensor, Tensor> function) => run => run.Output("y", function(run.Input("x")));

    /// <summary>y = f(x) with attributes.</summary>
    public static Replay Unary(Func<Tensor, CaseAttributes, Tensor> function) =>
        run => run.Output("y", function(run.Input("x"), run.Attributes));

    /// <summary>y = f(a, b).</summary>
    public static Replay Binary(Func<Tensor, Tensor, Tensor> function) => run => run.Output("y", function(run.Input("a"), run.Input("b")));
}
