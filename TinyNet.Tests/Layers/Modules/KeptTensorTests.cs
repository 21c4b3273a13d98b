using TinyNet.Autograd;
using TinyNet.Core;
using TinyNet.Layers;

namespace TinyNet.Tests.Layers;

/// <summary>What a hook saw lives as long as the scope, however deep in the model and whatever gives memory back early.</summary>
public class KeptTensorTests
{
    public static TheoryData<string> Models => new(Kinds.Keys);

    private static Dictionary<string, Func<Sequential>> Kinds { get; } = new()
    {
        ["layers"] = () => new Sequential(new Dense(4, 4), new Dropout(), new ReLU(), new Dense(4, 4), new Tanh()),
        ["BatchNormReLU"] = () => new Sequential(new Dense(4, 4), new BatchNormReLU(new BatchNorm1d(4)), new Dense(4, 4), new Dense(4, 4)),
        ["nested"] = () => new Sequential(
            new Sequential(new Dense(4, 4), new Sequential(new Dense(4, 4), new Identity())), new Dense(4, 4),
            new Sequential(new Sequential(new LayerNorm(4)), new Sequential()), new Dense(4, 4)),
        ["residual"] = () => new Sequential(
            new Dense(4, 4), new Residual(new Sequential(new Dense(4, 4), new LayerNorm(4), new Dense(4, 4)), activation: new ReLU()),
            new BatchNorm1d(4), new ReLU(), new Dense(4, 4)),
        ["dense blocks"] = () => new Sequential(
            new Dense(4, 4), new PReLU(), new ActivationMix(new ReLU(), new Tanh()), new Dense(4, 4), new LayerNorm(4), new Dense(4, 4)),
        ["recurrent"] = () => new Sequential(
            new Dense(4, 4), new Lambda(x => x.Unsqueeze(0)), new LSTM(4, 4).AllSteps(), new GRU(4, 4, bidirectional: true).LastStep(),
            new Dense(8, 4)),
        ["encoder"] = () => new Sequential(
            new Dense(4, 4), new Lambda(x => x.Unsqueeze(0)), new Encoder(), new Flatten(0), new Dense(12, 4), new LayerNorm(4)),
    };

    [Theory]
    [MemberData(nameof(Models))]
    public void What_a_hook_of_any_module_kept_is_valid_until_the_scope_ends(string kind)
    {
        var modules = Kinds[kind]().NamedModules().Count();
        for (int hooked = 0; hooked < modules; hooked++)
        {
            foreach (bool recorded in new[] { false, true })
            {
                foreach (bool removesItself in new[] { false, true })
                {
                    var model = Kinds[kind]();
                    model.Evaluate();
                    List<Tensor> kept = [];
                    List<float[]> copies = [];
                    List<HookHandle> handles = [];
                    var module = model.NamedModules().ElementAt(hooked).Module;
                    foreach (var add in new Func<TensorHook, HookHandle>[]
                    {
                        module.OnInput, module.OnOutput, module.OnInputGradient, module.OnOutputGradient,
                    })
                    {
                        int place = handles.Count;
                        handles.Add(add((_, _, tensor) =>
                        {
                            kept.Add(tensor);
                            copies.Add(tensor.ToArray());
                            if (removesItself)
                            {
                                handles[place].Dispose();
                            }
                        }));
                    }

                    using var scope = recorded ? Tape.Record() : Tape.NoRecord();
                    var y = model.Forward(Tensor.Uniform([3, 4], new RandomStream(1), -1, 1));
                    if (recorded)
                    {
                        scope.Backward(y.Sum());
                    }

                    Assert.NotEmpty(kept);
                    Assert.Equal(copies, kept.Select(tensor => tensor.ToArray()));
                }
            }
        }
    }

    [Fact]
    public void What_nobody_saw_still_goes_back_early()
    {
        using var scope = Tape.NoRecord();
        Tensor? kept = null;
        var first = new Dense(4, 4);
        new Sequential(first, new Dense(4, 4), new Lambda(x => kept = x), new Dense(4, 4)).Forward(Tensor.Ones([3, 4]));
        Assert.True(kept!.IsAlive);
        Assert.Equal(0, kept.Storage.Holds);
    }

    [Fact]
    public void What_a_hook_saw_of_memory_that_no_scope_ends_is_not_held()
    {
        var layer = new Tanh();
        layer.OnInput((_, _, _) => { });
        var x = Tensor.Ones([2]);
        using (Tape.NoRecord())
        {
            layer.Forward(x);
        }

        Assert.Equal(0, x.Storage.Holds);
    }

    private sealed class Encoder : Module<Tensor, Tensor>
    {
        private readonly TransformerEncoderLayer _layer;

        public Encoder() => _layer = Child("layer", new TransformerEncoderLayer(4, 2, 8));

        protected override Tensor ForwardCore(Tensor input) => _layer.Forward(input);
    }
}
