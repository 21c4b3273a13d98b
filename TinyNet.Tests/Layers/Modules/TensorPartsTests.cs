using TinyNet.Autograd;
using TinyNet.Core;
using TinyNet.Layers;

namespace TinyNet.Tests.Layers;

/// <summary>What hooks, captures and summaries see of modules that take or give several tensors, or indices.</summary>
public class TensorPartsTests
{
    private static readonly Tensor One = Tensor.From([1]), Two = Tensor.From([2]), Three = Tensor.From([3]), Four = Tensor.From([4]);

    [Fact]
    public void Hooks_see_tuples_arrays_and_lists_member_by_member()
    {
        Sees((One, Two), "Item1 1", "Item2 2");
        Sees((One, Two, Three), "Item1 1", "Item2 2", "Item3 3");
        Sees((One, Two, Three, Four), "Item1 1", "Item2 2", "Item3 3", "Item4 4");
        Sees((One, Two, Three, Four, One), "Item1 1", "Item2 2", "Item3 3", "Item4 4", "Item5 1");
        Sees((One, (Two, Three)), "Item1 1", "Item2.Item1 2", "Item2.Item2 3");
        Sees(((One, Two), (Three, Four)), "Item1.Item1 1", "Item1.Item2 2", "Item2.Item1 3", "Item2.Item2 4");
        Sees((One, new RecurrentState(Two, Three)), "Item1 1", "Item2.Hidden 2", "Item2.Cell 3");
        Sees((One, 5, IndexTensor.From(7)), "Item1 1", "Item3 indices");
        Sees(Tuple.Create(One, Two), "Item1 1", "Item2 2");
        Sees<Tensor[]>([One, Two], "0 1", "1 2");
        Sees<List<Tensor>>([One, Two], "0 1", "1 2");
        Sees<IReadOnlyList<Tensor>>([One, Two], "0 1", "1 2");
        Sees((One, new[] { Two, Three }), "Item1 1", "Item2.0 2", "Item2.1 3");
        Sees<(Tensor, Tensor)?>((One, Two), "Item1 1", "Item2 2");
        Sees<RecurrentState?>(new RecurrentState(One), "Hidden 1");
        Sees<(Tensor, Tensor)[]>([(One, Two), (Three, Four)], "0.Item1 1", "0.Item2 2", "1.Item1 3", "1.Item2 4");
        Sees<List<(Tensor, Tensor)>>([(One, Two)], "0.Item1 1", "0.Item2 2");
        Sees<RecurrentState[]>([new(One), new(Two, Three)], "0.Hidden 1", "1.Hidden 2", "1.Cell 3");
        Sees<Tensor[][]>([[One], [Two, Three]], "0.0 1", "1.0 2", "1.1 3");
        Sees<(IndexTensor[], Tensor)>(([IndexTensor.From(7)], One), "Item1.0 indices", "Item2 1");
        Sees<ITensorRecord>(new RecurrentState(One), "Hidden 1");
        Sees((One, new[] { 1f, 2 }, "text", DayOfWeek.Friday, (int?)null), "Item1 1");
        Sees<(Tensor, Tensor)>(default);
        Sees(new PaddedBatch(One, IndexTensor.From(1)), "Values 1", "Lengths indices");
        Sees(new RecurrentInput(One, new RecurrentState(Two), IndexTensor.From(1)), "Sequence 1", "Hidden 2", "Lengths indices");

        static void Sees<T>(T value, params string[] expected)
        {
            var module = new Same<T>();
            List<string> inputs = [], outputs = [];
            module.OnInput((_, name, tensor) => inputs.Add($"{name} {tensor.Item()}"));
            module.OnOutput((_, name, tensor) => outputs.Add($"{name} {tensor.Item()}"));
            if (module.InputKinds.HasFlag(TensorKinds.Indices))
            {
                module.OnInputIndices((_, name, _) => inputs.Add($"{name} indices"));
                module.OnOutputIndices((_, name, _) => outputs.Add($"{name} indices"));
            }

            Assert.Equal(value, module.Forward(value));
            Assert.Equal(expected, inputs);
            Assert.Equal(expected, outputs);
            Assert.Equal(expected.Length, module.Summarize(value).Rows[0].Outputs.Count);
            using var capture = module.Capture("");
            module.Forward(value);
            Assert.Equal(
                expected.Where(line => !line.EndsWith("indices", StringComparison.Ordinal)).Select(line => line.Split(' ')[0]),
                capture.Outputs.Keys);
        }
    }

    [Fact]
    public void Gradient_hooks_see_every_member()
    {
        Sees((A: One, B: Two), t => t.A + 2 * t.B);
        Sees((A: One, B: Two, C: Three), t => t.A + 2 * t.B + 3 * t.C);
        Sees((A: One, B: Two, C: Three, D: Four), t => t.A + 2 * t.B + 3 * t.C + 4 * t.D);
        Sees((A: One, B: (C: Two, D: Three)), t => t.A + 2 * t.B.C + 3 * t.B.D);
        Sees<Tensor[]>([One, Two, Three], t => t[0] + 2 * t[1] + 3 * t[2]);
        Sees<List<Tensor>>([One, Two, Three], t => t[0] + 2 * t[1] + 3 * t[2]);
        Sees<IReadOnlyList<Tensor>>([One, Two], t => t[0] + 2 * t[1]);
        Sees<(Tensor A, Tensor B)?>((One, Two), t => t!.Value.A + 2 * t.Value.B);
        Sees<(Tensor A, Tensor B)[]>([(One, Two), (Three, Four)], t => t[0].A + 2 * t[0].B + 3 * t[1].A + 4 * t[1].B);
        Sees<RecurrentState[]>([new(One), new(Two, Three)], t => t[0].Hidden + 2 * t[1].Hidden + 3 * t[1].Cell!);
        Sees<Tensor[][]>([[One], [Two, Three]], t => t[0][0] + 2 * t[1][0] + 3 * t[1][1]);
        Sees<ITensorRecord>(new RecurrentState(One), t => ((RecurrentState)t).Hidden);
        Sees(
            new RecurrentInput(One, new RecurrentState(Two, Three)),
            t => t.Sequence + 2 * t.State!.Value.Hidden + 3 * t.State.Value.Cell!);
        Sees(new DecoderInput(One, Two) { TargetBias = Three }, t => t.Target + 2 * t.Memory + 3 * t.TargetBias!);

        static void Sees<T>(T value, Func<T, Tensor> sum)
        {
            // Each member is a parameter, which the module hands on and which is read beside it too.
            var parameters = new AsParameters();
            var all = TensorParts.Visit(value, parameters);
            var module = new Same<T>();
            List<float> inputs = [], outputs = [];
            module.OnInputGradient((_, _, gradient) => inputs.Add(gradient.Item()));
            module.OnOutputGradient((_, _, gradient) => outputs.Add(gradient.Item()));
            using var tape = Tape.Record();
            tape.Backward(sum(module.Forward(all)) + 10 * sum(all));
            float[] expected = [.. Enumerable.Range(1, parameters.Made.Count)];
            Assert.Equal(expected, inputs.Order());
            Assert.Equal(expected, outputs.Order());
            Assert.Equal(expected.Select(factor => 11 * factor), parameters.Made.Select(parameter => parameter.Gradient!.Item()));
        }
    }

    [Fact]
    public void Attention_to_itself_stays_that_under_gradient_hooks()
    {
        float[][] Run(bool hooked)
        {
            var attention = new MultiHeadAttention(4, 2, random: new RandomStream(1));
            var seen = new List<string>();
            if (hooked)
            {
                attention.OnInputGradient((_, name, _) => seen.Add(name));
            }

            var x = new Parameter(Tensor.Uniform([1, 3, 4], new RandomStream(2), -1, 1));
            using var tape = Tape.Record();
            tape.Backward(attention.Forward(x).Square().Sum());
            Assert.Equal(hooked ? ["Query"] : [], seen);
            return [x.Gradient!.ToArray(), .. attention.Parameters().Select(parameter => parameter.Gradient!.ToArray())];
        }

        Assert.Equal(Run(hooked: false), Run(hooked: true));
    }

    [Fact]
    public void Hooks_where_tensors_may_be_hidden_are_refused()
    {
        var module = new Opaque();
        Refusal.Of<TensorException>(() => module.OnInput((_, _, _) => { }), "OnInput", "Batch", "Opaque", "ITensorRecord");
        Refusal.Of<TensorException>(() => module.OnInputIndices((_, _, _) => { }), "OnInputIndices", "Batch");
        Refusal.Of<TensorException>(() => module.OnInputGradient((_, _, _) => { }), "OnInputGradient", "Batch");
        Refusal.Of<TensorException>(() => module.OnOutput((_, _, _) => { }), "OnOutput", "Int32");
        Refusal.Of<TensorException>(() => module.OnOutputIndices((_, _, _) => { }), "OnOutputIndices", "Int32");
        Refusal.Of<TensorException>(() => module.OnOutputGradient((_, _, _) => { }), "OnOutputGradient", "Int32");
        Refusal.Of<TensorException>(() => module.Capture(""), "no tensors", "Int32");
        Assert.Equal((TensorKinds.None, TensorKinds.None), (module.InputKinds, module.OutputKinds));
        var summary = module.Summarize(new Batch(One));
        Assert.Equal(1, Assert.Single(summary.Rows).Runs);
        Assert.Contains("no tensor", summary.ToString(), StringComparison.Ordinal);
        Assert.Equal(1, module.Forward(new Batch(One)));
    }

    [Fact]
    public void Hooks_see_the_indices_of_an_embedding()
    {
        var embedding = new Embedding(5, 2);
        List<string> seen = [];
        var handle = embedding.OnInputIndices(
            (module, name, indices) => seen.Add($"{module}{name}: {string.Join(' ', indices.Values.ToArray())}"));
        using var tape = Tape.Record();
        tape.Backward(embedding.Forward(IndexTensor.From(4, 0, 3)).Sum());
        Assert.Equal(["Embedding(5 -> 2): 4 0 3"], seen);
        handle.Dispose();
        embedding.Forward(IndexTensor.From(4, 0, 3));
        Assert.Single(seen);
        Assert.Throws<ArgumentNullException>(() => embedding.OnInputIndices(null!));
    }

    [Fact]
    public void Indices_that_a_module_gives_are_seen_and_summarized()
    {
        var module = new Best();
        List<int> seen = [];
        module.OnOutputIndices((_, _, indices) => seen.AddRange(indices.Values));
        var x = Tensor.From([1, 3, 2, 9, 1, 2], [2, 3]);
        module.Forward(x);
        Assert.Equal([1, 0], seen);
        Assert.Equal("[2]", string.Join(" ", module.Summarize(x).Rows[0].Outputs));
        Refusal.Of<TensorException>(() => module.Capture("", x), "no tensor", "IndexTensor", "OnOutputIndices");
    }

    [Fact]
    public void A_parameter_in_a_tuple_or_list_that_a_module_is_given_need_not_be_registered()
    {
        Parameter p = new(Tensor.From([2])), q = new(Tensor.From([3]));
        Assert.Equal(6, new Product<(Tensor A, Tensor B)>(pair => pair.A * pair.B).Forward((p, q)).Item());
        Assert.Equal(6, new Product<Tensor[]>(pair => pair[0] * pair[1]).Forward([p, q]).Item());
        var mixed = new Product<(Tensor A, RecurrentState B)>(pair => pair.A * pair.B.Hidden);
        Assert.Equal(6, mixed.Forward((p, new RecurrentState(q))).Item());
        Refusal.Of<RegistrationException>(() => new Product<(Tensor A, int B)>(pair => pair.A * q).Forward((p, 1)), "does not list it");
    }

    [Fact]
    public void A_frozen_teacher_that_a_module_keeps_to_itself_is_no_error()
    {
        var teacher = new Sequential(new Dense(2, 2), new Tanh());
        var student = new Student(teacher);
        var x = Tensor.Ones([1, 2]);
        Refusal.Of<RegistrationException>(() => student.Forward(x), "does not list it", "freeze what");
        teacher.Freeze();
        teacher.Evaluate();
        for (int step = 0; step < 2; step++)
        {
            using var tape = Tape.Record();
            tape.Backward(student.Forward(x));
            Assert.All(teacher.Parameters(), parameter => Assert.Null(parameter.Gradient));
            Assert.All(student.Parameters(), parameter => Assert.NotNull(parameter.Gradient));
        }

        Assert.Equal(["dense.weight", "dense.bias"], student.NamedParameters().Select(named => named.Name));
        teacher.Freeze(frozen: false);
        using var learning = Tape.Record();
        Refusal.Of<RegistrationException>(() => student.Forward(x), "does not list it");
    }

    private sealed class Same<T> : Module<T, T>
    {
        public override string Describe() => "Same";

        protected override T ForwardCore(T input) => input;
    }

    private sealed class Product<T>(Func<T, Tensor> function) : Module<T, Tensor>
    {
        protected override Tensor ForwardCore(T input) => function(input);
    }

    private sealed class Batch(Tensor hidden)
    {
        public Tensor Hidden { get; } = hidden;
    }

    private sealed class Opaque : Module<Batch, int>
    {
        protected override int ForwardCore(Batch input) => (int)input.Hidden.Item();
    }

    private sealed class Best : Module<Tensor, IndexTensor>
    {
        protected override IndexTensor ForwardCore(Tensor input) => input.ArgMax(1);
    }

    private sealed class Student : Module<Tensor, Tensor>
    {
        private readonly Module<Tensor, Tensor> _teacher;
        private readonly Dense _dense;

        public Student(Module<Tensor, Tensor> teacher) => (_teacher, _dense) = (teacher, Child("dense", new Dense(2, 2)));

        protected override Tensor ForwardCore(Tensor input) => (_dense.Forward(input) - _teacher.Forward(input)).Square().Sum();
    }

    /// <summary>Puts a parameter in the place of every tensor.</summary>
    private sealed class AsParameters : TensorVisitor
    {
        public List<Parameter> Made { get; } = [];

        protected override Tensor OnTensor(string name, Tensor tensor)
        {
            Made.Add(new Parameter(tensor, name));
            return Made[^1];
        }
    }
}
