using TinyNet.Autograd;
using TinyNet.Core;
using TinyNet.Layers;

namespace TinyNet.Tests.Layers;

/// <summary>Cells: a step of a layer, networks that are unrolled by hand, and the gated activation.</summary>
public class RecurrentCellTests
{
    public static TheoryData<string> Kinds => [.. RecurrentCase.Kinds];

    [Theory, MemberData(nameof(Kinds))]
    public void A_cell_is_one_step_of_the_layer(string kind)
    {
        var layer = RecurrentCase.Layer(kind, 4, 5);
        var x = Tensor.Normal([3, 2, 4], new RandomStream(2));
        var expected = layer.Forward(x);
        var state = new RecurrentState(Tensor.Zeros([3, 5]), kind == "lstm" ? Tensor.Zeros([3, 5]) : null);
        var cell = Cell(kind, layer);
        for (int step = 0; step < 2; step++)
        {
            state = cell(x.Select(1, step), state);
            Assert.All(
                state.Hidden.ToArray().Zip(expected.Output.Select(1, step).ToArray()),
                pair => Assert.Equal(pair.Second, pair.First, 1e-6f));
        }

        Assert.All(state.Hidden.ToArray().Zip(expected.State.Hidden.ToArray()), pair => Assert.Equal(pair.Second, pair.First, 1e-6f));
        Assert.Equal(expected.State.Cell?.ToArray(), state.Cell?.ToArray());
        Assert.Equal(
            cell(x.Select(1, 0), null).Hidden.ToArray(),
            cell(x.Select(1, 0), new RecurrentState(Tensor.Zeros([3, 5]), kind == "lstm" ? Tensor.Zeros([3, 5]) : null)).Hidden.ToArray());
    }

    [Fact]
    public void An_activation_that_fades_with_absolute_time_makes_an_unrolled_network_forget()
    {
        const int Steps = 100;
        var fading = new DecayTanh(0.1f);
        var cell = new RNNCell(10, 20, activation: fading, random: new RandomStream(1));
        var x = Tensor.Normal([32, Steps, 10], new RandomStream(2));
        var norms = new List<float>();
        using var tape = Tape.Record();
        Tensor? state = null;
        for (int step = 0; step < Steps; step++)
        {
            fading.Time = step;
            state = cell.Forward(x.Select(1, step), state is null ? null : new RecurrentState(state));
            norms.Add(state.Norm().Item());
        }

        // |h| < e^(−0.1 t) for each of 640 units: at the last step 5e-5.
        Assert.InRange(norms[0], 1, 25);
        Assert.InRange(norms[^1], 0, 25 * 5.1e-5f);
        Assert.All(
            norms.Select((norm, step) => (norm, step)), at => Assert.InRange(at.norm, 0, MathF.Sqrt(640) * MathF.Exp(-0.1f * at.step)));

        tape.Backward(state!.Sum());
        Assert.All(cell.Parameters(), parameter => Assert.True(float.IsFinite(parameter.Gradient!.Norm().Item())));
        Assert.True(cell.Parameters()[0].Gradient!.Norm().Item() < 0.01f);
    }

    [Fact]
    public void The_gradient_of_an_unrolled_cell_is_right()
    {
        var fading = new DecayTanh(0.3f);
        GradCheck.Verify(new Unrolled(new RNNCell(2, 3, activation: fading), fading), Tensor.Normal([2, 4, 2], new RandomStream(1)));
        GradCheck.Verify(
            x => new GatedActivation().Forward(x[0], x[1]),
            Tensor.Normal([3, 4], new RandomStream(1)),
            Tensor.Normal([3, 4], new RandomStream(2)));
    }

    [Fact]
    public void The_gated_activation_mixes_new_and_old_and_shows_both_to_hooks()
    {
        var gate = new GatedActivation();
        var names = new List<string>();
        gate.OnInput((_, name, _) => names.Add(name));
        // σ(±20) is 1 and 0 within 2e-9: all new, all old; at 0 the mean of both.
        float[] y = gate.Forward(Tensor.From([21, -21, 0.5f]), Tensor.From([-1, 1, -0.5f])).ToArray();
        Assert.All(y.Zip(new[] { 1, 1, (MathF.Tanh(0.5f) - 0.5f) / 2 }), pair => Assert.Equal(pair.Second, pair.First, 1e-6f));
        Assert.Equal(["Input", "State"], names);
        Refusal.Of<ShapeException>(
            () => gate.Forward(Tensor.Ones([2]), Tensor.Ones([3])), "GatedActivation", "[2]", "[3]", "in module GatedActivation");
        Assert.Throws<ArgumentNullException>(() => gate.Forward(Tensor.Ones([1]), null!));
    }

    /// <summary>A step of a cell with the weights of a layer.</summary>
    private static Func<Tensor, RecurrentState?, RecurrentState> Cell(string kind, RecurrentLayer layer)
    {
        if (kind == "lstm")
        {
            var lstm = Copy(new LSTMCell(4, 5));
            return (x, state) => lstm.Forward(x, state);
        }

        if (kind == "gru")
        {
            var gru = Copy(new GRUCell(4, 5));
            return (x, state) => new RecurrentState(gru.Forward(x, state));
        }

        var rnn = Copy(new RNNCell(4, 5, activation: Activation.FromName(kind)));
        return (x, state) => new RecurrentState(rnn.Forward(x, state));

        TCell Copy<TCell>(TCell cell) where TCell : Module
        {
            Assert.Equal(["weight_ih", "weight_hh", "bias_ih", "bias_hh"], cell.NamedParameters().Select(named => named.Name));
            foreach (var (to, from) in cell.Parameters().Zip(layer.Parameters()))
            {
                to.CopyFrom(from.ToArray());
            }

            return cell;
        }
    }

    /// <summary>A cell through all steps, with an activation that is told the time.</summary>
    private sealed class Unrolled : Module<Tensor, Tensor>
    {
        private readonly RNNCell _cell;
        private readonly DecayTanh _activation;

        public Unrolled(RNNCell cell, DecayTanh activation) => (_cell, _activation) = (Child("cell", cell), activation);

        protected override Tensor ForwardCore(Tensor input)
        {
            Tensor? state = null;
            for (int step = 0; step < input.Shape[1]; step++)
            {
                _activation.Time = step;
                state = _cell.Forward(input.Select(1, step), state is null ? null : new RecurrentState(state));
            }

            return state!;
        }
    }
}
