using TinyNet.Autograd;
using TinyNet.Core;
using TinyNet.Layers;

namespace TinyNet.Tests.Layers;

/// <summary>Names, states, refusals and habits of recurrent layers.</summary>
public class RecurrentLayerTests
{
    public static TheoryData<string> Kinds => [.. RecurrentCase.Kinds];

    [Theory, MemberData(nameof(Kinds))]
    public void Parameters_have_the_names_of_PyTorch_and_the_transposed_shapes(string kind)
    {
        int gates = kind == "lstm" ? 4 : kind == "gru" ? 3 : 1;
        var layer = RecurrentCase.Layer(kind, 5, 7, layers: 2, bidirectional: true);
        string[] suffixes = ["l0", "l0_reverse", "l1", "l1_reverse"];
        Assert.Equal(
            suffixes.SelectMany(suffix => new[] { $"weight_ih_{suffix}", $"weight_hh_{suffix}", $"bias_ih_{suffix}", $"bias_hh_{suffix}" }),
            layer.NamedParameters().Select(named => named.Name));
        Assert.Equal(
            [$"[5, {7 * gates}]", $"[7, {7 * gates}]", $"[{7 * gates}]", $"[{7 * gates}]"],
            layer.Parameters().Take(4).Select(parameter => parameter.Shape.ToString()));
        Assert.Equal($"[14, {7 * gates}]", layer.Parameters()[8].Shape.ToString());
        Assert.Equal(4, RecurrentCase.Layer(kind, 5, 7, bias: false, bidirectional: true).Parameters().Count);
    }

    [Fact]
    public void Parameters_start_uniform_in_one_over_the_root_of_the_hidden_size()
    {
        foreach (var parameter in new LSTM(50, 100, random: new RandomStream(1)).Parameters())
        {
            float[] values = parameter.ToArray();
            Assert.All(values, value => Assert.InRange(value, -0.1f, 0.1f));
            Assert.Equal(0.01 / 3, values.Average(value => value * value), 0.0005);
        }
    }

    [Fact]
    public void Layers_and_cells_describe_themselves() => Assert.Equal(
        "RNN(2 -> 3) LSTM(2 -> 3, 2 layers, bidirectional, no bias) GRU(2 -> 3) RNNCell(2 -> 3) LSTMCell(2 -> 3, no bias) GRUCell(2 -> 3)",
        string.Join(
            " ",
            new RNN(2, 3).Describe(),
            new LSTM(2, 3, 2, bidirectional: true, bias: false).Describe(),
            new GRU(2, 3).Describe(),
            new RNNCell(2, 3).Describe(),
            new LSTMCell(2, 3, bias: false).Describe(),
            new GRUCell(2, 3).Describe()));

    [Theory, MemberData(nameof(Kinds))]
    public void A_sequence_that_nobody_differentiates_gives_the_same_bits(string kind)
    {
        var layer = RecurrentCase.Layer(kind, 5, 24, layers: 2, bidirectional: true);
        var lengths = IndexTensor.From([.. Enumerable.Range(0, 37).Select(i => 1 + i % 6)]);
        float[] expected = [];
        foreach (var device in TestDevices.OfEachThreadCount())
        {
            // Batches of 8 and fewer samples a thread go through all steps together; 37 do not.
            layer.To(device);
            foreach (int batch in new[] { 37, 3 })
            {
                var x = Tensor.Normal([batch, 6, 5], new RandomStream(2)).Keep(device);
                float[] Run()
                {
                    var (output, state) = layer.Forward(x * 1, lengths: batch == 37 ? lengths : null);
                    return [.. output.ToArray(), .. state.Hidden.ToArray(), .. state.Cell?.ToArray() ?? []];
                }

                float[] recorded, unrecorded;
                using (Tape.Record())
                {
                    recorded = Run();
                }

                using (Tape.NoRecord())
                {
                    unrecorded = Run();
                }

                Assert.Equal(recorded, unrecorded);
                expected = batch == 37 && device.Threads == 1 ? recorded : expected;
                if (batch == 37)
                {
                    Assert.Equal(expected, recorded);
                }
            }
        }
    }

    [Theory, MemberData(nameof(Kinds))]
    public void A_sequence_in_two_parts_gives_the_states_of_the_whole(string kind)
    {
        var layer = RecurrentCase.Layer(kind, 3, 4, layers: 2);
        var x = Tensor.Normal([2, 6, 3], new RandomStream(3));
        var (whole, end) = layer.Forward(x);
        var first = layer.Forward(x.Slice(1, 0, 2));
        var second = layer.Forward(x.Slice(1, 2), first.State.Keep());
        Assert.Equal(whole.ToArray(), Tensor.Concat(1, first.Output, second.Output).ToArray());
        Assert.Equal(end.Hidden.ToArray(), second.State.Hidden.ToArray());
        Assert.Equal(end.Cell?.ToArray(), second.State.Cell?.ToArray());
    }

    [Theory, MemberData(nameof(Kinds))]
    public void Time_first_is_the_same_with_other_axes(string kind)
    {
        var x = Tensor.Normal([2, 4, 3], new RandomStream(3));
        var expected = RecurrentCase.Layer(kind, 3, 4).Forward(x, lengths: IndexTensor.From(4, 2)).Output;
        var actual = RecurrentCase.Layer(kind, 3, 4, batchFirst: false).Forward(x.Transpose(0, 1), lengths: IndexTensor.From(4, 2)).Output;
        Assert.Equal([4, 2, 4], actual.Shape.Sizes.ToArray());
        Assert.Equal(expected.ToArray(), actual.Transpose(0, 1).ToArray());
    }

    [Theory, MemberData(nameof(Kinds))]
    public void Nothing_in_a_sequence_leaves_the_state_as_it_was(string kind)
    {
        var layer = RecurrentCase.Layer(kind, 3, 4);
        var state = new RecurrentState(
            Tensor.Normal([1, 2, 4], new RandomStream(1)), kind == "lstm" ? Tensor.Normal([1, 2, 4], new RandomStream(2)) : null);
        foreach (var (steps, lengths) in new[] { (0, null), (3, IndexTensor.From(0, 0)) })
        {
            var (output, end) = layer.Forward(Tensor.Ones([2, steps, 3]), state, lengths);
            Assert.Equal(new float[2 * steps * 4], output.ToArray());
            Assert.Equal(state.Hidden.ToArray(), end.Hidden.ToArray());
            Assert.Equal(state.Cell?.ToArray(), end.Cell?.ToArray());
        }
    }

    [Theory, MemberData(nameof(Kinds))]
    public void Recording_changes_no_number(string kind)
    {
        var layer = RecurrentCase.Layer(kind, 3, 20, layers: 2, bidirectional: true);
        var x = Tensor.Normal([4, 6, 3], new RandomStream(2));
        float[] expected = Run(Tape.Record());
        Assert.Equal(expected, Run(Tape.NoRecord()));
        Assert.Equal(expected, Run(null));

        float[] Run(Tape? tape)
        {
            using (tape)
            {
                var (output, state) = layer.Forward(x, lengths: IndexTensor.From(6, 2, 3, 1));
                return [.. output.ToArray(), .. state.Hidden.ToArray(), .. state.Cell?.ToArray() ?? []];
            }
        }
    }

    [Theory, MemberData(nameof(Kinds))]
    public void Frozen_weights_pass_gradients_on(string kind)
    {
        var layer = RecurrentCase.Layer(kind, 3, 4, layers: 2);
        var x = new Parameter(Tensor.Normal([2, 5, 3], new RandomStream(2)));
        float[] expected = Gradient();
        layer.ClearGradients();
        layer.Freeze();
        Assert.Equal(expected, Gradient());
        Assert.All(layer.Parameters(), parameter => Assert.Null(parameter.Gradient));

        float[] Gradient()
        {
            x.ClearGradient();
            using var tape = Tape.Record();
            tape.Backward(layer.Forward(x).State.Hidden.Square().Sum());
            return x.Gradient!.ToArray();
        }
    }

    [Fact]
    public void Dropout_is_between_layers_while_training()
    {
        var x = Tensor.Normal([2, 3, 4], new RandomStream(1));
        var layer = RecurrentCase.Layer("gru", 4, 5, layers: 2, dropout: 0.5f);
        float[] first = layer.Forward(x).Output.ToArray(), second = layer.Forward(x).Output.ToArray();
        Assert.NotEqual(first, second);
        Assert.Equal(first, RecurrentCase.Layer("gru", 4, 5, layers: 2, dropout: 0.5f).Forward(x).Output.ToArray());
        layer.Evaluate();
        Assert.Equal(RecurrentCase.Layer("gru", 4, 5, layers: 2).Forward(x).Output.ToArray(), layer.Forward(x).Output.ToArray());

        // All dropped, the second layer sees nothing of the first; the first alone is never dropped.
        var dropped = RecurrentCase.Layer("lstm", 4, 5, layers: 2, dropout: 1);
        Assert.Equal(dropped.Forward(x).Output.ToArray(), dropped.Forward(x * 2).Output.ToArray());
        Assert.Equal(
            RecurrentCase.Layer("lstm", 4, 5).Forward(x).Output.ToArray(),
            RecurrentCase.Layer("lstm", 4, 5, dropout: 1).Forward(x).Output.ToArray());
    }

    [Fact]
    public void The_gradient_check_of_a_module_fixes_the_dropout() =>
        GradCheck.Verify(
            new Outputs(RecurrentCase.Layer("lstm", 3, 4, layers: 2, dropout: 0.4f)), Tensor.Normal([2, 3, 3], new RandomStream(2)));

    [Fact]
    public void What_does_not_fit_is_refused_with_what_was_got_and_needed()
    {
        var lstm = new LSTM(3, 4, layers: 2);
        var x = Tensor.Ones([2, 5, 3]);
        var state = Tensor.Zeros([2, 2, 4]);
        Refusal.Of<ShapeException>(
            () => lstm.Forward(Tensor.Ones([5, 3])), "LSTM", "[5, 3]", "[batch, time, 3]", "in module LSTM(3 -> 4, 2 layers)");
        Refusal.Of<ShapeException>(
            () => new GRU(3, 4, batchFirst: false).Forward(Tensor.Ones([2, 5, 4])), "GRU", "[2, 5, 4]", "[time, batch, 3]");
        Refusal.Of<ShapeException>(
            () => lstm.Forward(x, new RecurrentState(Tensor.Zeros([1, 2, 4]), state)), "hidden state of shape [1, 2, 4]", "[2, 2, 4]");
        Refusal.Of<TensorException>(() => lstm.Forward(x, new RecurrentState(state)), "without cell", "[2, 2, 4]");
        Refusal.Of<ShapeException>(
            () => lstm.Forward(x, new RecurrentState(state, Tensor.Zeros([2, 2, 5]))), "cell of shape [2, 2, 5]", "[2, 2, 4]");
        Refusal.Of<TensorException>(
            () => new RNN(3, 4, 2).Forward(x, new RecurrentState(state, state)), "RNN", "cell of shape [2, 2, 4]", "give no cell");
        Refusal.Of<ShapeException>(() => lstm.Forward(x, lengths: IndexTensor.From(1, 2, 3)), "lengths of shape [3]", "batch of 2", "[2]");
        Refusal.Of<TensorException>(() => lstm.Forward(x, lengths: IndexTensor.From(1, 6)), "a length of 6 with 5 steps", "0 to 5");
        Refusal.Of<TensorException>(() => lstm.Forward(x, lengths: IndexTensor.From(-1, 5)), "a length of -1", "0 to 5");
        Refusal.Of<TensorException>(() => lstm.Forward(Tensor.Ones([2, 5, 3], Device.Reference)), "LSTM", "reference", "one device");
        Assert.Throws<ArgumentNullException>(() => lstm.Forward((Tensor)null!));
        Assert.Throws<ArgumentNullException>(() => lstm.Forward(x, new RecurrentState(null!)));
        Refusal.Of<ShapeException>(() => new LSTMCell(3, 4).Forward(x), "LSTMCell", "[2, 5, 3]", "[batch, 3]");
        Refusal.Of<ShapeException>(
            () => new GRUCell(3, 4).Forward(Tensor.Ones([2, 3]), new RecurrentState(Tensor.Ones([3, 4]))), "GRUCell", "[3, 4]", "[2, 4]");
        Assert.Throws<ArgumentNullException>(() => new RNNCell(3, 4).Forward((Tensor)null!));
        Assert.Throws<ArgumentOutOfRangeException>(() => new LSTM(0, 4));
        Assert.Throws<ArgumentOutOfRangeException>(() => new GRU(3, -1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new RNN(3, 4, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new RNN(3, 4, nonlinearity: (Nonlinearity)7));
        Assert.Throws<ArgumentOutOfRangeException>(() => new LSTM(3, 4, dropout: 1.5f));
        Assert.Throws<ArgumentOutOfRangeException>(() => new LSTMCell(3, 0));
    }

    [Fact]
    public void The_path_of_a_layer_is_in_its_errors() => Refusal.Of<ShapeException>(
        () => new Outputs(new GRU(3, 4)).Forward(Tensor.Ones([2, 5, 2])), "GRU", "[2, 5, 2]", "in module layer (GRU(3 -> 4))");

    [Fact]
    public void Hooks_see_every_tensor_by_its_name()
    {
        var lstm = new LSTM(2, 3);
        var seen = new List<string>();
        lstm.OnInput((_, name, tensor) => seen.Add($"in {name} {tensor.Shape}"));
        lstm.OnOutput((_, name, tensor) => seen.Add($"out {name} {tensor.Shape}"));
        lstm.OnOutputGradient((_, name, _) => seen.Add($"gradient {name}"));
        using var tape = Tape.Record();
        var state = new RecurrentState(Tensor.Zeros([1, 4, 3]), Tensor.Zeros([1, 4, 3]));
        var result = lstm.Forward(Tensor.Ones([4, 5, 2]), state);
        Assert.Equal(
            [
                "in Sequence [4, 5, 2]", "in Hidden [1, 4, 3]", "in Cell [1, 4, 3]", "out Output [4, 5, 3]", "out Hidden [1, 4, 3]",
                "out Cell [1, 4, 3]",
            ],
            seen);
        tape.Backward(result.Output.Sum() + result.State.Hidden.Sum() + result.State.Cell!.Sum());
        Assert.Equal(["gradient Cell", "gradient Hidden", "gradient Output"], seen[6..].Order(StringComparer.Ordinal));
    }

    [Fact]
    public void A_weight_that_is_overwritten_before_Backward_is_named()
    {
        var gru = new GRU(2, 3);
        using var tape = Tape.Record();
        var loss = gru.Forward(Tensor.Ones([1, 2, 2])).Output.Sum();
        gru.Parameters()[1].Fill(0);
        Refusal.Of<LifetimeException>(() => tape.Backward(loss), "Backward of GRU", "weight_hh_l0");
    }

    [Theory]
    [InlineData("tanh", false)]
    [InlineData("lstm", false)]
    [InlineData("lstm", true)]
    [InlineData("gru", true)]
    public void A_steady_step_allocates_at_most_160_bytes_for_each_tensor_and_keeps_no_buffer(string kind, bool hasLengths)
    {
        var device = new CpuDevice(1);
        var layer = RecurrentCase.Layer(kind, 6, 10, layers: 2, bidirectional: hasLengths, dropout: 0.2f);
        layer.To(device);
        var optimizer = new Adam(layer.Parameters());
        var x = Tensor.Normal([4, 7, 6], new RandomStream(1), device: device);
        var lengths = hasLengths ? IndexTensor.From(7, 3, 1, 5) : null;
        TrainingLoop.AssertSteady(device, optimizer, () => layer.Forward(x, lengths: lengths).Output.Square().Mean());
    }

    [Fact]
    public void A_layer_learns_to_carry_a_number_through_time()
    {
        var random = new RandomStream(5);
        var layer = new Outputs(new LSTM(1, 12, random: random));
        var head = new Dense(12, 1, random: random);
        var optimizer = new Adam([.. layer.Parameters(), .. head.Parameters()], 0.02f);
        var x = Tensor.Normal([16, 10, 1], random);
        var first = x.Select(1, 0);
        float loss = 0;
        for (int i = 0; i < 300; i++)
        {
            using var tape = Tape.Record();
            var l = (head.Forward(layer.Forward(x).Select(1, -1)) - first).Square().Mean();
            tape.Backward(l);
            GradientClipping.ByNorm(optimizer.Parameters, 1);
            optimizer.Step();
            loss = l.Item();
        }

        Assert.InRange(loss, 0, 0.05f);
    }

    /// <summary>A recurrent layer as a module from tensor to tensor.</summary>
    private sealed class Outputs : Module<Tensor, Tensor>
    {
        private readonly RecurrentLayer _layer;

        public Outputs(RecurrentLayer layer) => _layer = Child("layer", layer);

        protected override Tensor ForwardCore(Tensor input) => _layer.Forward(input).Output;
    }
}
