using System.Reflection;
using TinyNet.Autograd;
using TinyNet.Core;

namespace TinyNet.Tests.Autograd;

/// <summary>
/// A state that an optimizer refuses leaves everything as it was: every optimizer, found by reflection, with every state it can have, is
/// given states that are wrong in one place, the last one that is looked at.
/// </summary>
public class RefusedStateTests
{
    private const string Last = "bias";

    private static readonly Dictionary<string, Func<OptimizerState, OptimizerState>> Damages = new()
    {
        ["another kind"] = state => state with { Kind = "another" },
        ["no kind"] = state => state with { Kind = null! },
        ["Groups null"] = state => state with { Groups = null! },
        ["a group null"] = state => state with { Groups = [state.Groups[0], null!] },
        ["a group too few"] = state => state with { Groups = [state.Groups[0]] },
        ["a group too many"] = state => state with { Groups = [.. state.Groups, state.Groups[0]] },
        ["rate nan"] = state => OfLastGroup(state, group => group with { LearningRate = float.NaN }),
        ["rate infinite"] = state => OfLastGroup(state, group => group with { LearningRate = float.PositiveInfinity }),
        ["rate negative"] = state => OfLastGroup(state, group => group with { LearningRate = -1 }),
        ["momentum of 1"] = state => OfLastGroup(state, group => group with { Momentum = 1 }),
        ["momentum nan"] = state => OfLastGroup(state, group => group with { Momentum = float.NaN }),
        ["momentum null or not"] = state => OfLastGroup(state, group => group with { Momentum = group.Momentum is null ? 0.5f : null }),
        ["Parameters null"] = state => state with { Parameters = null! },
        ["a parameter null"] = state => OfLast(state, _ => null!),
        ["an unknown parameter"] = state => state with
        {
            Parameters = new Dictionary<string, ParameterState>(state.Parameters) { ["nobody"] = state.Parameters[Last] },
        },
        ["Tensors null"] = state => OfLast(state, saved => saved with { Tensors = null! }),
        ["negative steps"] = state => OfLast(state, saved => saved with { Steps = -1 }),
        ["momenta nan"] = state => OfLast(state, saved => saved with { MomentumProduct = double.NaN }),
        ["momenta above 1"] = state => OfLast(state, saved => saved with { MomentumProduct = 1.5 }),
        ["an unknown tensor"] = state => OfTensors(state, (tensors, _) => tensors["nothing"] = Tensor.Ones([3])),
        ["a tensor null"] = state => OfTensors(state, (tensors, name) => tensors[name] = null!),
        ["a tensor of another shape"] = state => OfTensors(state, (tensors, name) => tensors[name] = Tensor.Ones([1, 3])),
        ["a dead tensor"] = state => OfTensors(state, (tensors, name) =>
        {
            using var tape = Tape.Record();
            tensors[name] = Tensor.Ones([3]) * 2;
        }),
    };

    private static readonly Type[] Optimizers =
    [
        .. typeof(Optimizer).Assembly.GetExportedTypes().Where(type => type.IsSubclassOf(typeof(Optimizer)) && !type.IsAbstract),
    ];

    public static TheoryData<string, string> Cases =>
        [.. from type in Optimizers from damage in Damages.Keys select (type.Name, damage)];

    public static TheoryData<string> Names => [.. Optimizers.Select(type => type.Name)];

    [Theory, MemberData(nameof(Cases))]
    public void A_refused_state_leaves_the_optimizer_as_it_was(string name, string damage)
    {
        Run run = new(name, 2), control = new(name, 2), other = new(name, 5);
        var wrong = Damages[damage](other.Optimizer.SaveState());
        string[] before = run.Describe();

        var exception = Record.Exception(() => run.Optimizer.LoadState(wrong));

        Assert.True(exception is ArgumentException or TensorException, $"{exception}");
        Assert.Equal(before, run.Describe());
        run.Step();
        control.Step();
        Assert.Equal(control.Describe(), run.Describe());
    }

    [Theory, MemberData(nameof(Names))]
    public void A_state_that_lacks_a_tensor_is_refused_and_one_from_another_device_is_not(string name)
    {
        Run run = new(name, 2), other = new(name, 5);
        var state = other.Optimizer.SaveState();
        var tensors = state.Parameters[Last].Tensors;
        foreach (string lacking in tensors.Keys.Where(key => key != "momentum"))
        {
            string[] before = run.Describe();
            Refusal.Of<ArgumentException>(
                () => run.Optimizer.LoadState(OfTensors(state, (tensors, _) => tensors.Remove(lacking))), $"'{Last}'", $"no '{lacking}'");
            Assert.Equal(before, run.Describe());
        }

        run.Optimizer.LoadState(OfTensors(state, (tensors, name) => tensors[name] = tensors[name].Keep(Device.Reference)));
        Assert.Equal(Run.Describe(state), Run.Describe(run.Optimizer.SaveState()));
    }

    [Fact]
    public void An_update_that_is_refused_is_not_counted()
    {
        var parameter = new Parameter(Tensor.Ones([3]), "w");
        var optimizer = new Unfit([parameter]) { Fails = false };
        Step();
        optimizer.Fails = true;
        Assert.Throws<TensorException>(Step);
        Assert.Equal((1, 0.5), (optimizer.SaveState().Parameters["w"].Steps, optimizer.SaveState().Parameters["w"].MomentumProduct));

        void Step()
        {
            parameter.SetGradient(Tensor.Ones([3]));
            optimizer.Step();
        }
    }

    [Theory, MemberData(nameof(Names))]
    public void The_number_of_steps_has_no_end(string name)
    {
        Run run = new(name, 3);
        var state = run.Optimizer.SaveState();
        run.Optimizer.LoadState(state with
        {
            Parameters = state.Parameters.ToDictionary(pair => pair.Key, pair => pair.Value with { Steps = int.MaxValue - 1 }),
        });
        for (int step = 0; step < 3; step++)
        {
            run.Step();
        }

        Assert.All(run.Optimizer.SaveState().Parameters.Values, saved => Assert.Equal(int.MaxValue, saved.Steps));
        Assert.All(run.Optimizer.Parameters, parameter => Assert.All(parameter.ToArray(), x => Assert.InRange(x, -10, 10)));
    }

    private static OptimizerState OfLastGroup(OptimizerState state, Func<ParameterGroupState, ParameterGroupState> change) =>
        state with { Groups = [state.Groups[0], change(state.Groups[1])] };

    private static OptimizerState OfLast(OptimizerState state, Func<ParameterState, ParameterState> change) => state with
    {
        Parameters = new Dictionary<string, ParameterState>(state.Parameters) { [Last] = change(state.Parameters[Last]) },
    };

    private static OptimizerState OfTensors(OptimizerState state, Action<Dictionary<string, Tensor>, string> change) =>
        OfLast(state, saved =>
        {
            var tensors = new Dictionary<string, Tensor>(saved.Tensors);
            change(tensors, tensors.Keys.Last());
            return saved with { Tensors = tensors };
        });

    /// <summary>An optimizer of two groups, with all that its settings can switch on, after some steps.</summary>
    private sealed class Run
    {
        private static readonly MethodInfo Of = typeof(ParameterGroup).GetMethods().Single(method =>
            method.Name == nameof(ParameterGroup.Of) && method.GetParameters()[0].ParameterType == typeof(IEnumerable<Parameter>));

        private readonly Parameter[] _parameters = [new(Tensor.Ones([2, 2]), "weight"), new(Tensor.Ones([3]), Last)];
        private int _steps;

        public Run(string name, int steps)
        {
            var type = Optimizers.Single(type => type.Name == name);
            var constructor = type.GetConstructors().Single(found => found.GetParameters() is [{ ParameterType.IsArray: true }]);
            var group = constructor.GetParameters()[0].ParameterType.GetElementType()!;
            var groups = Array.CreateInstance(group, 2);
            for (int i = 0; i < 2; i++)
            {
                var options = (OptimizerOptions)Activator.CreateInstance(group.GetGenericArguments()[0])!;
                Switch(options, "Momentum", 0.5f);
                Switch(options, "IsAmsgrad", true);
                Switch(options, "IsCentered", true);
                groups.SetValue(Of.MakeGenericMethod(options.GetType()).Invoke(null, [new[] { _parameters[i] }, options]), i);
            }

            Optimizer = (Optimizer)constructor.Invoke([groups]);
            while (_steps < steps)
            {
                Step();
            }

            Optimizer.LearningRate = 0.01f * steps;
        }

        public Optimizer Optimizer { get; }

        public static string[] Describe(OptimizerState state) =>
        [
            .. state.Groups.Select(group => $"{group}"),
            .. from pair in state.Parameters
               from tensor in pair.Value.Tensors
               select $"{pair.Key} {pair.Value.Steps} {pair.Value.MomentumProduct:R} {tensor.Key} {Numbers(tensor.Value)}",
        ];

        public void Step()
        {
            _steps++;
            foreach (var parameter in _parameters)
            {
                parameter.SetGradient(Tensor.Full(parameter.Shape, MathF.Sin(_steps)));
            }

            Optimizer.Step();
        }

        public string[] Describe() => [.. _parameters.Select(Numbers), .. Describe(Optimizer.SaveState())];

        private static void Switch(OptimizerOptions options, string name, object value) =>
            options.GetType().GetProperty(name)?.SetValue(options, value);

        private static string Numbers(Tensor tensor) => string.Join(" ", tensor.ToArray().Select(x => $"{x:R}"));
    }

    /// <summary>An optimizer that may give the device a state that does not fit.</summary>
    private sealed class Unfit(IEnumerable<Parameter> parameters) : Optimizer<SGDOptions>(parameters, new SGDOptions())
    {
        private static readonly string[] States = ["state"];

        public bool Fails { get; set; }

        protected override string Kind => nameof(Unfit);

        protected override ReadOnlySpan<string> StateNames => States;

        protected override void Update(ParameterGroup<SGDOptions> group, ParameterMemory memory)
        {
            memory.MomentumProduct *= 0.5;
            var state = memory.State(0);
            Run(memory, default(SGD.SGDUpdate), Fails ? Tensor.Ones([1]) : state);
        }
    }
}
