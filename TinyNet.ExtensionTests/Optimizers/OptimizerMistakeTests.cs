using System.Runtime.CompilerServices;
using TinyNet.Autograd;
using TinyNet.Core;

namespace TinyNet.ExtensionTests;

/// <summary>What an optimizer written outside may get wrong is refused before it does harm.</summary>
public class OptimizerMistakeTests
{
    private readonly Parameter _parameter = new(Tensor.From([1, 2, 3, 4, 5, 6], [2, 3]), "w");

    public static TheoryData<string, Tensor> UnfitStates => new()
    {
        { "shape [2, 2]", Tensor.Zeros([2, 2]) },
        { "on reference", Tensor.Zeros([2, 3], Device.Reference) },
        { "not in row-major order", Tensor.Zeros([3, 2]).Transpose() },
    };

    [Theory, MemberData(nameof(UnfitStates))]
    public void A_state_that_does_not_lie_as_the_parameter_is_refused_by_parameter_and_slot(string part, Tensor state)
    {
        for (int slot = 0; slot < 3; slot++)
        {
            var states = new Tensor?[3];
            states[slot] = state;
            var exception = Assert.Throws<TensorException>(Stepped(new Draft(["mean"], _ => states, _parameter)));
            Assert.Contains(part, exception.Message, StringComparison.Ordinal);
            Assert.Contains($"state {slot} for parameter 'w'", exception.Message, StringComparison.Ordinal);
        }

        Assert.Equal([1, 2, 3, 4, 5, 6], _parameter.ToArray());
    }

    [Fact]
    public void A_state_without_a_name_is_refused()
    {
        var exception = Assert.Throws<ArgumentOutOfRangeException>(
            Stepped(new Draft([], memory => [memory.State(0), null, null], _parameter)));
        Assert.Contains("Draft has 0 names of states", exception.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(
            Stepped(new Draft(["mean"], memory => [memory.HasState(1) ? null : memory.State(-1), null, null], _parameter)));
    }

    [Fact]
    public void Names_of_more_states_than_an_update_has_are_refused()
    {
        var optimizer = new Draft(["a", "b", "c", "d"], _ => [null, null, null], _parameter);
        var exception = Assert.Throws<InvalidOperationException>(Stepped(optimizer));
        Assert.Contains("Draft names 4 states (a, b, c, d): an update has at most 3", exception.Message, StringComparison.Ordinal);
        Assert.Throws<InvalidOperationException>(optimizer.SaveState);
    }

    [Fact]
    public void A_parameter_whose_gradient_a_hook_clears_is_left_out_and_not_counted()
    {
        var other = new Parameter(Tensor.From([1, 2]), "other");
        other.SetGradient(Tensor.Ones([2]));
        var optimizer = new Draft(["mean"], memory => [memory.State(0), null, null], _parameter, other);
        using (optimizer.BeforeUpdate(parameter =>
        {
            if (parameter == _parameter)
            {
                parameter.ClearGradient();
            }
        }))
        {
            Stepped(optimizer)();
        }

        Assert.Equal([1, 2, 3, 4, 5, 6], _parameter.ToArray());
        Assert.Equal([0.5f, 1.5f], other.ToArray());
        Assert.Equal(["other"], optimizer.SaveState().Parameters.Keys);
    }

    [Fact]
    public void Where_an_update_throws_a_backward_pass_notices_what_those_before_it_changed()
    {
        Parameter first = new(Tensor.From([1, 2], [2], Device.Reference), "first"), second = new(first, "second");
        var optimizer = new Draft([], _ => [null, null, null], first, second) { Fails = memory => memory.Parameter == second };
        using var tape = Tape.Record();
        var loss = (first * second).Sum();
        first.SetGradient(Tensor.Ones([2], Device.Reference));
        second.SetGradient(Tensor.Ones([2], Device.Reference));
        Assert.Throws<NotSupportedException>(optimizer.Step);
        Assert.Equal([0.5f, 1.5f], first.ToArray());
        Assert.Throws<LifetimeException>(() => tape.Backward(loss));
    }

    private Action Stepped(Optimizer optimizer) => () =>
    {
        _parameter.SetGradient(Tensor.Ones([2, 3]));
        optimizer.Step();
    };

    /// <summary>An optimizer as somebody might have begun it: a step of 0.5 along the gradient, with states that are not used.</summary>
    private sealed class Draft(string[] names, Func<ParameterMemory, Tensor?[]> states, params Parameter[] parameters)
        : Optimizer<LionOptions>(parameters, new LionOptions { LearningRate = 0.5f })
    {
        public Func<ParameterMemory, bool> Fails { get; init; } = _ => false;

        protected override string Kind => nameof(Draft);

        protected override ReadOnlySpan<string> StateNames => names;

        protected override void Update(ParameterGroup<LionOptions> group, ParameterMemory memory)
        {
            var given = states(memory);
            Run(memory, new Descent(group.LearningRate, Fails(memory)), given[0], given[1], given[2]);
        }
    }

    private readonly struct Descent(float step, Flag fails) : IParameterUpdate
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Apply<T>(ref T parameter, T gradient, ref T state0, ref T state1, ref T state2) where T : struct, ILane<T> =>
            parameter = fails ? throw new NotSupportedException() : T.MultiplyAdd(T.Const(-step), gradient, parameter);
    }
}
