using TinyNet.Autograd;
using TinyNet.Core;
using TinyNet.Layers;

namespace TinyNet.Tests.Layers;

/// <summary>
/// A hook of a module sees the gradient that flows through its input, or its output, alone, whoever else reads the same tensor; and it
/// belongs to the pass, whatever lives longer.
/// </summary>
public class ModuleGradientHookTests
{
    public static TheoryData<string> HandingOn => new(Kinds.Keys);

    private static Dictionary<string, Func<Module<Tensor, Tensor>>> Kinds { get; } = new()
    {
        ["Identity"] = () => new Identity(),
        ["Dropout"] = () => new Dropout(),
        ["AlphaDropout"] = () => new AlphaDropout(),
        ["SpatialDropout"] = () => new SpatialDropout(),
        ["no dropout"] = () => new Dropout(0),
        ["empty Sequential"] = () => new Sequential(),
        ["Sequential"] = () => new Sequential(new Identity(), new Sequential(new Dropout())),
        ["Lambda"] = () => new Lambda(x => x),
        ["view"] = () => new Lambda(x => x.Reshape(x.Shape.Sizes)),
    };

    [Theory]
    [MemberData(nameof(HandingOn))]
    public void A_module_that_hands_its_input_on_sees_what_flows_through_it(string kind)
    {
        // y = 3 inner(x) + 4 x with x = 2 p: 3 through the module, 7 to x, 14 to p.
        foreach (bool ofParameter in new[] { false, true })
        {
            for (int set = 0; set < 16; set++)
            {
                var inner = Kinds[kind]();
                inner.Evaluate();
                var seen = new List<string>();
                Watch(inner, seen, set);
                var p = new Parameter(Tensor.Full([1, 2, 1, 1], 5));
                using var tape = Tape.Record();
                Tensor x = ofParameter ? p : 2 * p;
                tape.Backward((3 * inner.Forward(x) + 4 * x).Sum());
                Assert.Equal(Expected(set, "3"), seen);
                Assert.Equal(ofParameter ? [7f, 7f] : [14f, 14f], p.Gradient!.ToArray());
            }
        }
    }

    [Fact]
    public void Modules_that_hand_one_tensor_on_in_turn_see_the_same_gradient()
    {
        var model = new Sequential(new Identity(), new Dropout(), new Sequential(), new Lambda(x => x));
        model.Evaluate();
        var seen = new List<string>();
        foreach (var (_, module) in model.NamedModules())
        {
            module.OnInputGradient((at, _, gradient) => seen.Add($"{at.Path} in {gradient.Item()}"));
            module.OnOutputGradient((at, _, gradient) => seen.Add($"{at.Path} out {gradient.Item()}"));
        }

        var p = new Parameter(Tensor.From([1]));
        using var tape = Tape.Record();
        tape.Backward(2 * model.Forward(p) + 5 * p);
        Assert.Equal(
            [" out 2", "3 out 2", "3 in 2", "2 out 2", "2 in 2", "1 out 2", "1 in 2", "0 out 2", "0 in 2", " in 2"], seen);
        Assert.Equal(7, p.Gradient!.Item());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_part_of_a_record_that_is_handed_on_has_a_gradient_of_its_own(bool isTuple)
    {
        // The module gives (x, x + y); f = 2 first + 3 second + 10 x + 20 y.
        for (int set = 0; set < 16; set++)
        {
            var seen = new List<string>();
            Parameter p = new(Tensor.From([1])), q = new(Tensor.From([1]));
            using var tape = Tape.Record();
            Tensor x = p, y = 1 * q, first, second;
            if (isTuple)
            {
                var module = new Tuples();
                Watch(module, seen, set);
                (first, second) = module.Forward((x, y));
            }
            else
            {
                var module = new Records();
                Watch(module, seen, set);
                (first, second) = module.Forward(new Pair(x, y));
            }

            tape.Backward(2 * first + 3 * second + 10 * x + 20 * y);
            Assert.Equal((15, 23), (p.Gradient!.Item(), q.Gradient!.Item()));
            string[] names = isTuple ? ["Item1", "Item2"] : ["First", "Second"];
            string[] expected =
            [
                .. (set & 1) != 0 ? new[] { $"in {names[0]} 5", $"in {names[1]} 3" } : [],
                .. (set & 2) != 0 ? new[] { $"out {names[0]} 2", $"out {names[1]} 3" } : [],
                .. Enumerable.Repeat("seen", 2 * (((set >> 2) & 1) + ((set >> 3) & 1))),
            ];
            Assert.Equal(expected.Order(StringComparer.Ordinal), seen.Order(StringComparer.Ordinal));
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Hooks_on_a_parameter_that_a_module_takes_or_gives_end_with_the_pass(bool withBackward)
    {
        Parameter p = new(Tensor.From([3])), q = new(Tensor.From([2]));
        Module<Tensor, Tensor>[] modules = [new Giving(), new Identity(), new Sequential(), new Tanh(), new Dropout(0)];
        Module[] hooked = [.. modules, new Records(), new Tuples(), new Lists()];
        var counts = new Dictionary<Module, int>();
        foreach (var module in hooked)
        {
            counts[module] = 0;
            module.OnInputGradient((_, _, _) => counts[module]++);
            module.OnOutputGradient((_, _, _) => counts[module]++);
        }

        for (int step = 1; step <= 4; step++)
        {
            if (!withBackward)
            {
                using var unused = Tape.Record();
                All();
            }

            using var tape = Tape.Record();
            tape.Backward(All());
            int[] each = [1, 2, 2, 2, 2, 4, 4, 4];
            Assert.Equal(each.Select(calls => calls * step), hooked.Select(module => counts[module]));
        }

        Tensor All()
        {
            var (first, second) = ((Records)hooked[5]).Forward(new Pair(p, q));
            var (third, fourth) = ((Tuples)hooked[6]).Forward((p, q));
            var list = ((Lists)hooked[7]).Forward([p, q]);
            var sum = first + second + third + fourth + list[0] + list[1];
            foreach (var module in modules)
            {
                sum += module.Forward(p);
            }

            return sum;
        }
    }

    [Fact]
    public void A_tensor_that_a_module_gives_and_keeps_has_the_gradient_of_its_output_alone()
    {
        // The loss reads what the module kept too: 10 from there, 1 from its output.
        var module = new Keeping();
        var seen = new List<float>();
        module.OnOutputGradient((_, _, gradient) => seen.Add(gradient.Item()));
        var p = new Parameter(Tensor.From([1]));
        using var tape = Tape.Record();
        tape.Backward(module.Forward(p) + 10 * module.Kept!);
        Assert.Equal([1f], seen);
        Assert.Equal(22, p.Gradient!.Item());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void A_parameter_that_is_written_after_a_module_took_or_gave_it_has_the_same_gradient_with_hooks(int set)
    {
        // What adds to it reads no value: the gradient is right whatever the parameter holds by then.
        var giving = new Giving();
        var p = new Parameter(Tensor.From([3]));
        Module[] hooked = [giving, new Identity(), new Lambda(x => x + 1), new Records(), new Tuples(), new Lists()];
        List<string> seen = [];
        foreach (var module in hooked)
        {
            Watch(module, seen, set);
        }

        using var tape = Tape.Record();
        var given = giving.Forward(p);
        var sum = given + ((Identity)hooked[1]).Forward(p) + ((Lambda)hooked[2]).Forward(p);
        sum += ((Records)hooked[3]).Forward(new Pair(p, p)).Second + ((Tuples)hooked[4]).Forward((p, p)).Second;
        sum += ((Lists)hooked[5]).Forward([p, p])[1];
        p.CopyFrom([5f]);
        giving.Parameters()[0].CopyFrom([7f]);
        tape.Backward(sum);
        Assert.Equal((8f, 1f), (p.Gradient!.Item(), giving.Parameters()[0].Gradient!.Item()));
        Assert.Equal(8 * (set & 1) + (set & 2) / 2 * 6, seen.Count);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_result_that_is_written_after_a_module_took_or_gave_it_is_refused_with_hooks_too(bool isHooked)
    {
        var module = new Lambda(x => x + 1);
        if (isHooked)
        {
            Watch(module, [], 15);
        }

        var p = new Parameter(Tensor.From([3]));
        using var tape = Tape.Record();
        var y = module.Forward(2 * p);
        var z = 3 * y;
        y.Fill(1);
        Refusal.Of<LifetimeException>(() => tape.Backward(z), "overwritten");
    }

    private static void Watch(Module module, List<string> seen, int set)
    {
        static string Line(string side, string name, Tensor gradient) => $"{side}{name} {gradient.ToArray()[0]}";
        if ((set & 1) != 0)
        {
            module.OnInputGradient((_, name, gradient) => seen.Add(Line("in ", name, gradient)));
        }

        if ((set & 2) != 0)
        {
            module.OnOutputGradient((_, name, gradient) => seen.Add(Line("out ", name, gradient)));
        }

        if ((set & 4) != 0)
        {
            module.OnInput((_, _, _) => seen.Add("seen"));
        }

        if ((set & 8) != 0)
        {
            module.OnOutput((_, _, _) => seen.Add("seen"));
        }
    }

    private static IEnumerable<string> Expected(int set, string gradient) =>
    [
        .. (set & 4) != 0 ? new[] { "seen" } : [],
        .. (set & 8) != 0 ? new[] { "seen" } : [],
        .. (set & 2) != 0 ? new[] { $"out  {gradient}" } : [],
        .. (set & 1) != 0 ? new[] { $"in  {gradient}" } : [],
    ];

    private sealed class Giving : Module<Tensor, Tensor>
    {
        private readonly Parameter _parameter;

        public Giving() => _parameter = AddParameter("parameter", 2f);

        protected override Tensor ForwardCore(Tensor input) => _parameter;
    }

    private sealed class Keeping : Module<Tensor, Tensor>
    {
        public Tensor? Kept { get; private set; }

        protected override Tensor ForwardCore(Tensor input) => Kept = 2 * input;
    }

    private sealed record Pair(Tensor First, Tensor Second) : ITensorRecord
    {
        public ITensorRecord VisitTensors(TensorVisitor visitor) =>
            new Pair(visitor.Visit(nameof(First), First), visitor.Visit(nameof(Second), Second));
    }

    private sealed class Records : Module<Pair, Pair>
    {
        protected override Pair ForwardCore(Pair input) => input with { Second = input.First + input.Second };
    }

    private sealed class Tuples : Module<(Tensor X, Tensor Y), (Tensor First, Tensor Second)>
    {
        protected override (Tensor First, Tensor Second) ForwardCore((Tensor X, Tensor Y) input) => (input.X, input.X + input.Y);
    }

    private sealed class Lists : Module<Tensor[], IReadOnlyList<Tensor>>
    {
        protected override IReadOnlyList<Tensor> ForwardCore(Tensor[] input) => [input[0], input[0] + input[1]];
    }
}
