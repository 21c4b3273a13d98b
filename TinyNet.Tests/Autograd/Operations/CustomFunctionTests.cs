using TinyNet.Autograd;
using TinyNet.Core;

namespace TinyNet.Tests.Autograd;

/// <summary>Functions with a backward rule of their own.</summary>
public class CustomFunctionTests
{
    private readonly Parameter _p = new(Tensor.From([0.4f, 1.6f])), _q = new(Tensor.From([3, 5]));

    [Fact]
    public void Its_own_rule_is_used()
    {
        using var tape = Tape.Record();
        var y = new Function(context => context.Input(0).Round(), (context, gradient) => context.AddGradient(0, gradient)).Apply(_p);
        Assert.Equal([0, 2], y.ToArray());
        tape.Backward(y.Sum());
        Assert.Equal([1, 1], _p.Gradient!.ToArray());
    }

    [Fact]
    public void It_may_have_several_inputs_and_read_inputs_and_output()
    {
        using var tape = Tape.Record();
        var product = new Function(context => context.Input(0) * context.Input(1), (context, gradient) =>
        {
            Assert.Equal(2, context.InputCount);
            Assert.True(context.NeedsGradient(0));
            Assert.False(context.NeedsGradient(1));
            context.AddGradient(0, gradient * context.Output / context.Input(0));
            context.AddGradient(1, gradient);
        });
        tape.Backward(product.Apply(_p, Tensor.From([2, 4])).Sum());
        Assert.Equal(2, _p.Gradient![0], 1e-6f);
        Assert.Equal(4, _p.Gradient![1], 1e-6f);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void It_may_return_its_input_or_a_view_of_it(bool view)
    {
        using var tape = Tape.Record();
        var x = _p + 0;
        var y = new Function(
            context => view ? context.Input(0).Reshape(2, 1) : context.Input(0),
            (context, gradient) => context.AddGradient(0, 3 * gradient.Reshape(2))).Apply(x);
        tape.Backward(y.Sum() + x.Sum());
        Assert.Equal([4, 4], _p.Gradient!.ToArray());
    }

    [Fact]
    public void Returning_a_parameter_that_is_no_input_leaves_that_alone()
    {
        using var tape = Tape.Record();
        var y = new Function(_ => _q, (context, gradient) => context.AddGradient(0, gradient)).Apply(_p);
        tape.Backward((y + _q).Sum());
        Assert.Equal([1, 1], _p.Gradient!.ToArray());
        Assert.Equal([1, 1], _q.Gradient!.ToArray());
    }

    [Fact]
    public void An_input_that_gets_no_gradient_from_the_rule_has_none()
    {
        using var tape = Tape.Record();
        tape.Backward(
            new Function(
                context => context.Input(0) + context.Input(1),
                (context, gradient) => context.AddGradient(0, gradient)).Apply(_p, _q).Sum());
        Assert.Null(_q.Gradient);
    }

    [Fact]
    public void Raw_floats_work_on_the_processor_and_are_refused_by_name_on_the_reference_device()
    {
        var square = new RawSquare();
        using (var tape = Tape.Record())
        {
            tape.Backward(square.Apply(_p).Sum());
        }

        Assert.Equal([0.8f, 3.2f], _p.Gradient!.ToArray());
        Refusal.Of<TensorException>(() => GradCheck.Verify(x => square.Apply(x), _p), "RawSquare", "raw floats", "IUnaryOp");
    }

    [Fact]
    public void A_gradient_of_another_shape_or_device_is_refused()
    {
        Refuses<ShapeException>(context => Tensor.Ones([3]), "[3]", "input 0", "[2]");
        Refuses<TensorException>(context => Tensor.Ones([2], Device.Reference), "reference");

        void Refuses<T>(Func<FunctionContext, Tensor> rule, params string[] parts) where T : TensorException
        {
            using var tape = Tape.Record();
            var y = new Function(context => context.Input(0).Exp(), (context, _) => context.AddGradient(0, rule(context))).Apply(_p);
            Refusal.Of<T>(() => tape.Backward(y.Sum()), ["Backward of Function", .. parts]);
        }
    }

    [Fact]
    public void No_input_null_and_two_devices_are_refused_by_name()
    {
        var function = new Function(context => context.Input(0), (_, _) => { });
        Refusal.Of<ArgumentException>(() => function.Apply(), "Function", "at least one");
        Refusal.Of<TensorException>(() => function.Apply(_p, Tensor.Ones([2], Device.Reference)), "Function", "reference");
        Refusal.Of<TensorException>(() => new Function(_ => null!, (_, _) => { }).Apply(_p), "Function", "null");
        Assert.Throws<ArgumentNullException>(() => function.Apply(_p, null!));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_forward_that_throws_leaves_nothing_behind(bool afterwards)
    {
        using (Tape.Record())
        {
            var function = new Function(_ => afterwards ? null! : throw new NotSupportedException(), (_, _) => { });
            Assert.ThrowsAny<Exception>(() => function.Apply(_p, _p + 1));
            Assert.Equal(0, _p.Storage.Holds);
        }
    }

    [Fact]
    public void An_input_written_in_between_is_named()
    {
        using var tape = Tape.Record();
        var y = new Function(
            context => context.Input(0).Exp(), (context, gradient) => context.AddGradient(0, gradient * context.Input(0))).Apply(_p);
        _p.Fill(1);
        Refusal.Of<LifetimeException>(() => tape.Backward(y.Sum()), "Backward of Function", "overwritten");
    }

    [Fact]
    public void Without_recording_only_the_value_is_computed()
    {
        var y = new Function(context => context.Input(0) * 2, (_, _) => throw new InvalidOperationException()).Apply(_q);
        Assert.Equal([6, 10], y.ToArray());
        Assert.False(y.HasHistory);
    }

    private sealed class Function(Func<FunctionContext, Tensor> forward, Action<FunctionContext, Tensor> backward) : CustomFunction
    {
        protected override Tensor Forward(FunctionContext context) => forward(context);

        protected override void Backward(FunctionContext context, Tensor gradient) => backward(context, gradient);
    }

    private sealed class RawSquare : CustomFunction
    {
        protected override Tensor Forward(FunctionContext context)
        {
            float[] x = context.ReadFloats(context.Input(0));
            return context.FromFloats(Array.ConvertAll(x, value => value * value), context.Input(0).Shape);
        }

        protected override void Backward(FunctionContext context, Tensor gradient) =>
            context.AddGradient(0, 2 * gradient * context.Input(0));
    }
}
