using TinyNet.Autograd;
using TinyNet.Core;
using TinyNet.Layers;

namespace TinyNet.Tests.Layers;

/// <summary>Hooks around the forward pass of modules, and with the gradients of their inputs and outputs.</summary>
public class ModuleHookTests
{
    [Fact]
    public void Hooks_see_inputs_and_outputs_in_order()
    {
        var (model, calls) = (Model(), new List<string>());
        foreach (var (_, module) in model.NamedModules())
        {
            module.OnInput((seen, name, tensor) => calls.Add($"{seen.Path}{name} in {tensor.Item()}"));
            module.OnOutput((seen, name, tensor) => calls.Add($"{seen.Path}{name} out {tensor.Item()}"));
        }

        model.Forward(Tensor.From([1], [1, 1]));
        Assert.Equal([" in 1", "0 in 1", "0 out 2", "1 in 2", "1 out 2", "2 in 2", "2 out 6", " out 6"], calls);
    }

    [Fact]
    public void Hooks_see_the_gradients_of_inputs_and_outputs_of_each_module()
    {
        // y = 3 · relu(2 x): dy/dy = 1, to the middle 3, to the input 6.
        var (model, calls) = (Model(), new List<string>());
        foreach (var (_, module) in model.NamedModules())
        {
            module.OnInputGradient((seen, name, tensor) => calls.Add($"{seen.Path}{name} in {tensor.Item()}"));
            module.OnOutputGradient((seen, name, tensor) => calls.Add($"{seen.Path}{name} out {tensor.Item()}"));
        }

        var x = new Parameter(Tensor.From([1], [1, 1]));
        using var tape = Tape.Record();
        tape.Backward(model.Forward(x + 0));
        Assert.Equal([" out 1", "2 out 1", "2 in 3", "1 out 3", "1 in 3", "0 out 3", "0 in 6", " in 6"], calls);
        Assert.Equal(6, x.Gradient!.Item());
    }

    [Fact]
    public void The_gradient_of_an_input_is_that_through_the_module_alone()
    {
        var module = new Tanh();
        var seen = new List<float>();
        module.OnInputGradient((_, _, gradient) => seen.Add(gradient.Item()));
        var p = new Parameter(Tensor.From([0]));
        using var tape = Tape.Record();
        var x = p + 0;
        tape.Backward((module.Forward(x) + 10 * x).Sum());
        Assert.Equal([1f], seen);
        Assert.Equal(11, p.Gradient!.Item());
    }

    [Fact]
    public void Gradient_hooks_change_no_number()
    {
        float[][] Gradients(bool hooked)
        {
            var model = new ModuleTests.Network();
            if (hooked)
            {
                foreach (var (_, module) in model.NamedModules())
                {
                    module.OnInputGradient((_, _, _) => { });
                    module.OnOutputGradient((_, _, _) => { });
                }
            }

            using var tape = Tape.Record();
            tape.Backward(model.Forward(Tensor.From([1, -1, 2, 0.5f], [1, 4])).Square().Sum());
            return [.. model.Parameters().Select(parameter => parameter.Gradient!.ToArray())];
        }

        Assert.Equal(Gradients(hooked: false), Gradients(hooked: true));
    }

    [Fact]
    public void Removed_hooks_are_not_called()
    {
        var model = Model();
        int calls = 0;
        HookHandle[] handles =
        [
            model.OnInput((_, _, _) => calls++), model.OnOutput((_, _, _) => calls++), model.OnInputGradient((_, _, _) => calls++),
            model.OnOutputGradient((_, _, _) => calls++),
        ];
        Run();
        Assert.Equal(4, calls);
        foreach (var handle in handles)
        {
            handle.Dispose();
        }

        Run();
        Assert.Equal(4, calls);

        void Run()
        {
            var x = new Parameter(Tensor.From([1], [1, 1]));
            using var tape = Tape.Record();
            tape.Backward(model.Forward(x));
        }
    }

    [Fact]
    public void A_hook_may_remove_itself()
    {
        var module = new ReLU();
        int calls = 0;
        HookHandle? handle = null;
        handle = module.OnOutput((_, _, _) =>
        {
            calls++;
            handle!.Dispose();
        });
        module.OnOutput((_, _, _) => calls += 10);
        module.Forward(Tensor.Ones([1]));
        module.Forward(Tensor.Ones([1]));
        Assert.Equal(21, calls);
    }

    [Fact]
    public void A_hook_may_run_another_model_and_read_parameters_of_its_own()
    {
        Sequential model = Model(), probe = Model();
        Parameter factor = new(Tensor.From([3]));
        var seen = new List<float>();
        model[0].OnInput((_, _, x) => seen.Add(probe.Forward(x).Item()));
        model[0].OnOutput((_, _, y) => seen.Add((y * factor).Item()));
        model[1].OnOutput((_, _, y) => seen.Add(probe.Capture("0", y).Item()));
        Assert.Equal(6, model.Forward(Tensor.From([1], [1, 1])).Item());
        Assert.Equal([6, 6, 4], seen);
    }

    [Fact]
    public void A_parameter_that_is_not_registered_is_found_beside_a_hook()
    {
        var forgetful = new Lambda(x => x * new Parameter(Tensor.From([3])), "forgetful");
        var model = new Sequential(Model(), forgetful);
        model[0].OnOutput((_, _, y) => Model().Forward(y));
        Refusal.Of<RegistrationException>(() => model.Forward(Tensor.From([1], [1, 1])), "does not list it");
        Assert.Throws<InvalidOperationException>(() => Broken().Forward(Tensor.Ones([1, 1])));
        Refusal.Of<RegistrationException>(() => model.Forward(Tensor.From([1], [1, 1])), "does not list it");

        static Sequential Broken()
        {
            var broken = Model();
            broken[1].OnOutput((_, _, _) => throw new InvalidOperationException());
            return broken;
        }
    }

    [Fact]
    public void Null_hooks_are_refused()
    {
        Assert.Throws<ArgumentNullException>(() => new ReLU().OnInput(null!));
        Assert.Throws<ArgumentNullException>(() => new ReLU().OnOutputGradient(null!));
    }

    [Theory]
    [InlineData("outside a scope")]
    [InlineData("evaluation")]
    [InlineData("NoGrad")]
    public void Gradient_hooks_do_nothing_where_nothing_is_recorded(string where)
    {
        var module = new Dense(1, 1);
        module.OnInputGradient((_, _, _) => Assert.Fail("there is no gradient"));
        module.OnOutputGradient((_, _, _) => Assert.Fail("there is no gradient"));
        var p = new Parameter(Tensor.Ones([1, 1]));
        using var tape = where == "outside a scope" ? null : where == "evaluation" ? Tape.NoRecord() : Tape.Record();
        var x = where == "NoGrad" ? p + 0 : p;
        using var pause = Tape.NoGrad();
        Assert.Equal(1, module.Forward(x).Length);
        Assert.Equal(1, module.Forward(p).Length);
    }

    [Fact]
    public void Records_of_tensors_are_shown_member_by_member()
    {
        var module = new Swap();
        var calls = new List<string>();
        module.OnInput((_, name, tensor) => calls.Add($"in {name} {tensor.Item()}"));
        module.OnOutput((_, name, tensor) => calls.Add($"out {name} {tensor.Item()}"));
        module.OnInputGradient((_, name, tensor) => calls.Add($"in gradient {name} {tensor.Item()}"));
        module.OnOutputGradient((_, name, tensor) => calls.Add($"out gradient {name} {tensor.Item()}"));
        Parameter p = new(Tensor.From([2])), q = new(Tensor.From([5]));
        using var tape = Tape.Record();
        var swapped = module.Forward(new Pair(p + 0, q + 0));
        tape.Backward(swapped.First + 2 * swapped.Second);
        Assert.Equal(["in First 2", "in Second 5", "out First 50", "out Second 2"], calls[..4]);
        Assert.Equal(
            ["in gradient First 2", "in gradient Second 10", "out gradient First 1", "out gradient Second 2"],
            calls[4..].Order(StringComparer.Ordinal));
    }

    private static Sequential Model()
    {
        Dense twice = new(1, 1, bias: false), thrice = new(1, 1, bias: false);
        twice.Weight.Fill(2);
        thrice.Weight.Fill(3);
        return new Sequential(twice, new ReLU(), thrice);
    }

    private sealed record Pair(Tensor First, Tensor Second) : ITensorRecord
    {
        public ITensorRecord VisitTensors(TensorVisitor visitor) =>
            new Pair(visitor.Visit(nameof(First), First), visitor.Visit(nameof(Second), Second));
    }

    private sealed class Swap : Module<Pair, Pair>
    {
        protected override Pair ForwardCore(Pair input) => new(10 * input.Second, 1 * input.First);
    }
}
