using TinyNet.Autograd;
using TinyNet.Core;

namespace TinyNet.Tests.Autograd;

/// <summary>The gradient check names what it cannot check.</summary>
public class RefusedFunctionTests
{
    private static readonly Tensor X = Tensor.From([1, 2]);

    [Fact]
    public void A_function_that_gives_null_is_refused()
    {
        Refusal.Of<TensorException>(() => GradCheck.Verify((Tensor _) => null!, X), "GradCheck: the function gave null");
        int calls = 0;
        Refusal.Of<TensorException>(() => GradCheck.Verify((Tensor x) => calls++ == 0 ? x : null!, X), "the function gave null");
    }

    [Fact]
    public void A_constant_on_another_device_is_refused() => Refusal.Of<TensorException>(
        () => GradCheck.Verify((Tensor _) => Tensor.Ones([3], Device.Cpu), X), "GradCheck", "on cpu", "Device.Default");

    [Fact]
    public void A_result_that_ended_with_an_earlier_call_is_refused()
    {
        Tensor? first = null;
        Refusal.Of<LifetimeException>(() => GradCheck.Verify((Tensor x) => first ??= x.Exp(), X), "GradCheck");
    }

    [Fact]
    public void A_function_of_changing_shape_is_refused()
    {
        int calls = 0;
        Refusal.Of<ShapeException>(() => GradCheck.Verify((Tensor x) => calls++ == 0 ? x : x.Repeat(2), X), "[2]", "[4]");
    }

    [Fact]
    public void Operands_that_are_not_there_are_refused()
    {
        Refusal.Of<ArgumentNullException>(() => GradCheck.Verify((Func<Tensor, Tensor>)null!, X), "function");
        Refusal.Of<ArgumentNullException>(() => GradCheck.Verify((Tensor x) => x, null!), "GradCheck was given null");
        Refusal.Of<ArgumentNullException>(() => GradCheck.Verify((Tensor[] x) => x[0], X, null!), "GradCheck was given null");
        Refusal.Of<ArgumentOutOfRangeException>(() => GradCheck.Verify(x => x[0], [X], [], double.NaN), "tolerance");
    }

    [Fact]
    public void A_context_outside_its_function_is_refused()
    {
        var kept = new Keeping();
        kept.Apply(X);
        Refusal.Of<LifetimeException>(() => kept.Context.Input(0), "FunctionContext");
        Refusal.Of<LifetimeException>(() => default(FunctionContext).InputCount, "FunctionContext");
    }

    private sealed class Keeping : CustomFunction
    {
        public FunctionContext Context { get; private set; }

        protected override Tensor Forward(FunctionContext context)
        {
            Context = context;
            return context.Input(0).Exp();
        }

        protected override void Backward(FunctionContext context, Tensor gradient)
        {
        }
    }
}
