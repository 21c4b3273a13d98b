using System.Collections.ObjectModel;
using TinyNet.Autograd;
using TinyNet.Core;
using TinyNet.Layers;

namespace TinyNet.Tests.Layers;

/// <summary>A hook that nothing would ever call is refused where it is added, and the message names what to use instead.</summary>
public class RefusedHookTests
{
    private const TensorKinds Seen = TensorKinds.Tensors, Both = Seen | TensorKinds.Indices, Renewed = Seen | TensorKinds.Gradients,
        Everything = Both | TensorKinds.Gradients;

    private static readonly Tensor One = Tensor.From([1]), Two = Tensor.From([2]);

    [Fact]
    public void Types_that_may_hide_tensors_are_refused_and_a_summary_names_them()
    {
        var batch = new Dictionary<string, Tensor> { ["one"] = One };
        Hides(batch, "Dictionary<String, Tensor>");
        Hides<IDictionary<string, Tensor>>(batch, "IDictionary<String, Tensor>");
        Hides<IReadOnlyDictionary<string, Tensor>>(batch, "IReadOnlyDictionary<String, Tensor>");
        Hides<IEnumerable<Tensor>>([One], "IEnumerable<Tensor>");
        Hides<IList<Tensor>>([One], "IList<Tensor>");
        Hides<IReadOnlyList<(Tensor, Tensor)>>([(One, Two)], "IReadOnlyList<(Tensor, Tensor)>");
        Hides<object>(One, "Object");
        Hides<object[]>([One], "Object");
        Hides((One, batch), "Dictionary<String, Tensor>");
        Hides((batch, One), "Dictionary<String, Tensor>");
        Hides(((One, (object)One), Two), "Object");
        Hides(new List<(Tensor, Func<Tensor>?)> { (One, () => Two) }, "Func<Tensor>");
        Hides<(Tensor, Func<Tensor>)?>((One, () => Two), "Func<Tensor>");

        static void Hides<T>(T value, string name)
        {
            var module = new Same<T>();
            Assert.Equal((TensorKinds.None, TensorKinds.None), (module.InputKinds, module.OutputKinds));
            foreach (var (operation, add) in All(module))
            {
                Refusal.Of<TensorException>(add, operation, $"{name} may hide tensors", "Same", "ITensorRecord");
            }

            Refusal.Of<TensorException>(() => module.Capture(""), name, "ITensorRecord");
            var summary = module.Summarize(value);
            Assert.Equal(name, summary.Rows[0].Unseen);
            Assert.Contains($"unseen: {name}", summary.ToString(), StringComparison.Ordinal);
            Assert.Equal(value, module.Forward(value));
        }
    }

    [Fact]
    public void Each_type_takes_the_hooks_that_can_be_called()
    {
        Takes<Tensor>(Renewed);
        Takes<Parameter>(Seen);
        Takes<IndexTensor>(TensorKinds.Indices);
        Takes<RecurrentInput>(Everything);
        Takes<RecurrentState?>(Everything);
        Takes<ITensorRecord>(Everything);
        Takes<(Tensor, Tensor)>(Renewed);
        Takes<(Tensor, Tensor)?>(Renewed);
        Takes<(Tensor, Tensor, Tensor)>(Renewed);
        Takes<(Tensor, Tensor, Tensor, Tensor)>(Renewed);
        Takes<(Tensor, (Tensor, Tensor))>(Renewed);
        Takes<(Tensor, Tensor, Tensor, Tensor, Tensor)>(Seen);
        Takes<((Tensor, Tensor), Tensor)>(Seen);
        Takes<(Tensor, Tensor[])>(Seen);
        Takes<(Tensor, IndexTensor)>(Both);
        Takes<(Tensor, RecurrentState)>(Both);
        Takes<(Tensor, Parameter)>(Seen);
        Takes<(IndexTensor, IndexTensor)>(TensorKinds.Indices);
        Takes<Tuple<Tensor, Tensor>>(Seen);
        Takes<(Tensor, int, string, float[])>(Seen);
        Takes<(int, int, int, int, int, int, int, Tensor)>(Seen);
        Takes<Tensor[]>(Renewed);
        Takes<Parameter[]>(Seen);
        Takes<IndexTensor[]>(TensorKinds.Indices);
        Takes<(Tensor, Tensor)[]>(Renewed);
        Takes<(Tensor, IndexTensor)[]>(Both);
        Takes<RecurrentState[]>(Everything);
        Takes<List<Tensor>>(Renewed);
        Takes<IReadOnlyList<Tensor>>(Renewed);
        Takes<ReadOnlyCollection<Tensor>>(Seen);
        Takes<List<IndexTensor>>(TensorKinds.Indices);
        Takes<List<(Tensor, Tensor)>>(Seen);
        Takes<int>(TensorKinds.None);
        Takes<(int, string)>(TensorKinds.None);

        static void Takes<T>(TensorKinds kinds)
        {
            var module = new Same<T>();
            Assert.Equal((kinds, kinds), (module.InputKinds, module.OutputKinds));
            foreach (var (operation, add) in All(module))
            {
                var wanted = operation.EndsWith("Indices", StringComparison.Ordinal) ? TensorKinds.Indices
                    : operation.EndsWith("Gradient", StringComparison.Ordinal) ? TensorKinds.Gradients : TensorKinds.Tensors;
                if (kinds.HasFlag(wanted))
                {
                    add().Dispose();
                }
                else
                {
                    string side = operation.StartsWith("OnInput", StringComparison.Ordinal) ? "OnInput" : "OnOutput";
                    string remedy = kinds == TensorKinds.None ? "hook a module"
                        : wanted == TensorKinds.Indices ? $"use {side}"
                        : kinds == TensorKinds.Indices ? $"use {side}Indices" : $"{side} can look into it";
                    Refusal.Of<TensorException>(add, operation, "Same", remedy);
                }
            }
        }
    }

    [Fact]
    public void A_module_without_what_the_hook_is_for_names_the_other_one()
    {
        var embedding = new Embedding(5, 2);
        Refusal.Of<TensorException>(
            () => embedding.OnInput((_, _, _) => { }), "OnInput", "no tensor", "Embedding(5 -> 2)", "use OnInputIndices");
        Refusal.Of<TensorException>(
            () => embedding.OnInputGradient((_, _, _) => { }), "OnInputGradient", "indices have no gradient", "use OnInputIndices");
        Refusal.Of<TensorException>(
            () => new Dense(1, 1).OnOutputIndices((_, _, _) => { }), "OnOutputIndices", "no indices", "Dense(1 -> 1", "use OnOutput");
        foreach (var (operation, add) in All(new ModuleList<Dense>(new Dense(1, 1))))
        {
            Refusal.Of<TensorException>(add, operation, "ModuleList<Dense> has no forward pass", "hook the modules in it");
        }
    }

    [Fact]
    public void All_modules_of_a_model_can_be_hooked_by_what_they_take_and_give()
    {
        var model = new Words();
        var seen = new List<string>();
        foreach (var (path, module) in model.NamedModules())
        {
            if (module.InputKinds.HasFlag(TensorKinds.Indices))
            {
                module.OnInputIndices((_, _, _) => seen.Add($"{path} takes indices"));
            }

            if (module.OutputKinds.HasFlag(TensorKinds.Gradients))
            {
                module.OnOutputGradient((_, _, _) => seen.Add($"{path} has a gradient"));
            }
        }

        using var tape = Tape.Record();
        tape.Backward(model.Forward(IndexTensor.From(1, 2)).Sum());
        Assert.Equal(
            [
                " takes indices", "embedding takes indices", " has a gradient", "layers.1 has a gradient", "layers.0 has a gradient",
                "embedding has a gradient",
            ],
            seen);
    }

    private static (string Operation, Func<HookHandle> Add)[] All(Module module) =>
    [
        ("OnInput", () => module.OnInput((_, _, _) => { })),
        ("OnOutput", () => module.OnOutput((_, _, _) => { })),
        ("OnInputIndices", () => module.OnInputIndices((_, _, _) => { })),
        ("OnOutputIndices", () => module.OnOutputIndices((_, _, _) => { })),
        ("OnInputGradient", () => module.OnInputGradient((_, _, _) => { })),
        ("OnOutputGradient", () => module.OnOutputGradient((_, _, _) => { })),
    ];

    private sealed class Same<T> : Module<T, T>
    {
        public override string Describe() => "Same";

        protected override T ForwardCore(T input) => input;
    }

    private sealed class Words : Module<IndexTensor, Tensor>
    {
        private readonly Embedding _embedding;
        private readonly ModuleList<Dense> _layers;

        public Words()
        {
            _embedding = Child("embedding", new Embedding(5, 2));
            _layers = Child("layers", new ModuleList<Dense>(new Dense(2, 2), new Dense(2, 1)));
        }

        protected override Tensor ForwardCore(IndexTensor input) => _layers[1].Forward(_layers[0].Forward(_embedding.Forward(input)));
    }
}
