using TinyNet.Autograd;
using TinyNet.Core;
using TinyNet.Layers;

namespace TinyNet.Tests.Layers;

/// <summary>Null, records that are <c>default</c>, and functions that give null are refused with the name of who was given them.</summary>
public class MissingTensorTests
{
    private static readonly Lambda Nothing = new(_ => null!, "Nothing");

    [Fact]
    public void A_module_that_gives_null_is_named()
    {
        var x = Tensor.Ones([2, 4]);
        foreach (Module<Tensor, Tensor> model in new Module<Tensor, Tensor>[]
        {
            Nothing, new Sequential(new Identity(), Nothing, new ReLU()), new Residual(Nothing), new Residual(new Identity(), Nothing),
            new Residual(new Identity(), null, Nothing), new ActivationMix(Nothing),
        })
        {
            Refusal.Of<TensorException>(() => model.Forward(x), "it gave null", "Nothing()");
        }

        Refusal.Of<TensorException>(() => new SelfAttention(4, valueActivation: new Lambda(_ => null!)).Forward(x), "gave null");
        Refusal.Of<TensorException>(() => new RNNCell(4, 4, activation: new Lambda(_ => null!)).Forward(x), "gave null");
    }

    [Fact]
    public void Records_without_their_tensors_are_refused()
    {
        Refusal.Of<ArgumentNullException>(() => new SinusoidalPositions(5, 4).Forward(default), "SinusoidalPositions was given none");
        Refusal.Of<ArgumentNullException>(() => new LearnedPositions(5, 4).Forward(default), "LearnedPositions was given none");
        Refusal.Of<ArgumentNullException>(() => new MaskedMean().Forward(default), "MaskedMean was given null");
        Refusal.Of<ArgumentNullException>(() => new GatedActivation().Forward(default), "given null");
        Refusal.Of<ArgumentNullException>(() => new LSTM(4, 4).Forward(default(RecurrentInput)), "sequence");
        Refusal.Of<ArgumentNullException>(() => new LSTMCell(4, 4).Forward(default(CellInput)), "LSTMCell was given null");
        Refusal.Of<ArgumentNullException>(() => new MultiHeadAttention(4, 2).Forward(default(AttentionInput)), "given none");
        Refusal.Of<ArgumentNullException>(() => default(RecurrentState).Keep(), "RecurrentState.Keep was given none");
        var state = default(RecurrentState);
        Refusal.Of<ArgumentNullException>(() => new LSTM(4, 4).Forward(Tensor.Ones([1, 2, 4]), state), "LSTM was given none");
        Refusal.Of<ArgumentNullException>(() => new GRUCell(4, 4).Forward(Tensor.Ones([1, 4]), state), "GRUCell was given none");
    }

    [Fact]
    public void Records_without_their_tensors_show_none_to_hooks()
    {
        foreach (var record in new ITensorRecord[]
        {
            default(PlacedSequence), default(PaddedBatch), default(GatedInput), default(RecurrentInput), default(CellInput),
            default(RecurrentState), default(RecurrentOutput), default(AttentionInput), default(AttentionOutput), default(EncoderInput),
            default(DecoderInput),
        })
        {
            Assert.Equal(record, record.VisitTensors(new Refusing()));
        }
    }

    [Fact]
    public void An_activation_within_attention_keeps_the_shape()
    {
        var x = Tensor.Ones([1, 3, 4]);
        Refusal.Of<ShapeException>(() => new SelfAttention(4, queryActivation: new GLU()).Forward(x), "SelfAttention", "GLU", "[1, 3, 2]");
        Refusal.Of<ShapeException>(() => new SelfAttention(4, keyActivation: new Flatten()).Forward(x), "SelfAttention", "[1, 12]");
        Refusal.Of<ShapeException>(() => new SelfAttention(4, valueActivation: new Lambda(y => y.Sum())).Forward(x), "SelfAttention", "[]");
    }

    [Fact]
    public void Questions_about_a_tensor_need_one()
    {
        Tensor none = null!;
        Refusal.Of<ArgumentNullException>(() => none.HasHistory, "x");
        Refusal.Of<ArgumentNullException>(() => none.MaxWithIndices(0), "Max was given null");
        Refusal.Of<ArgumentNullException>(() => none.Exp(), "Exp was given null");
    }

    [Fact]
    public void Inspection_needs_a_model()
    {
        Module<Tensor, Tensor> none = null!;
        Refusal.Of<ArgumentNullException>(() => none.Capture("0"), "model");
        Refusal.Of<ArgumentNullException>(() => none.Capture("0", Tensor.Ones([1])), "model");
        Refusal.Of<ArgumentNullException>(() => none.Summarize(Tensor.Ones([1])), "model");
        Refusal.Of<ArgumentNullException>(() => none.Summarize(1, 2), "model");
        Refusal.Of<ArgumentNullException>(() => new ReLU().Summarize((Tensor)null!), "ReLU");
        Refusal.Of<ArgumentNullException>(() => new ReLU().Capture("", null!), "ReLU");
    }

    [Fact]
    public void A_model_that_grows_while_it_is_summarized_is_shown_as_it_was() =>
        Assert.Equal(2, new Growing().Summarize(2).Rows.Count);

    private sealed class Refusing : TensorVisitor
    {
        protected override Tensor OnTensor(string name, Tensor tensor) => throw new InvalidOperationException($"showed {name}");
    }

    private sealed class Growing : Module<Tensor, Tensor>
    {
        private readonly ReLU _first;

        public Growing() => _first = Child("first", new ReLU());

        protected override Tensor ForwardCore(Tensor input) => Child("second", new Tanh()).Forward(_first.Forward(input));
    }
}
