using TinyNet.Analysis;
using TinyNet.Autograd;
using TinyNet.Core;
using TinyNet.Layers;

namespace TinyNet.Tests.Analysis;

/// <summary>Gradients through many layers, against products and sums in double precision.</summary>
public class GradientFlowTests
{
    [Fact]
    public void Without_weights_the_gradient_is_the_product_of_slopes_at_the_inputs_of_layers()
    {
        float[] inputs = [-3, -0.5f, 0, 1, 4];
        const int depth = 10;
        double[] expected = new double[depth];
        foreach (double x in inputs)
        {
            var states = new List<double> { x };
            for (int i = 1; i <= depth; i++)
            {
                states.Add(Sigmoid(states[^1]));
            }

            double product = 1;
            for (int layer = depth - 1; layer >= 0; layer--)
            {
                double y = Sigmoid(states[layer]);
                product *= y * (1 - y);
                expected[layer] += product / inputs.Length;
            }
        }

        var flow = GradientFlow.Pure(new Sigmoid(), depth, Tensor.From(inputs));
        Assert.Equal(depth, flow.Magnitudes.Count);
        for (int layer = 0; layer < depth; layer++)
        {
            Assert.Equal(1, flow.Magnitudes[layer] / expected[layer], 1e-5);
        }

        // The last layer's slope is taken where its input is, near the fixed point 0.659046; the source takes one at the output besides.
        Assert.Equal(0.224704, flow.Magnitudes[^1], 1e-4);
    }

    [Fact]
    public void Without_weights_the_figure_goes_back_on_a_logarithmic_axis()
    {
        var flow = GradientFlow.Pure(new Sigmoid());
        var panel = Assert.Single(flow.ToFigure().Panels);
        Assert.True(panel.Y.IsLog && panel.X.IsWhole);
        var line = (Line)panel.Series[0];
        Assert.Equal(10, line.X.Count);
        Assert.Equal(flow.Magnitudes[^1], line.Y[0]);
        Assert.True(line.Y.Zip(line.Y.Skip(1)).All(pair => pair.First > pair.Second));
        Assert.Equal(10, flow.ToTable().Rows.Count);
    }

    [Fact]
    public void Functions_that_give_their_input_or_a_constant_have_gradients_of_1_and_0()
    {
        Assert.Equal([1, 1, 1], GradientFlow.Pure(new Identity(), 3).Magnitudes);
        Assert.Equal([8, 4, 2], GradientFlow.Pure(x => 2 * x, "double", 3).Magnitudes);
        Assert.Equal([0, 0], GradientFlow.Pure(x => x * 0 + 1, "one", 2).Magnitudes);
        Refusal.Of<TensorException>(() => GradientFlow.Pure(new Softmax(), 3), "depend on other elements");
        Refusal.Of<ArgumentException>(() => GradientFlow.Pure(new ReLU(), 3, Tensor.Zeros([0])), "at least one number");
        Assert.Throws<ArgumentOutOfRangeException>(() => GradientFlow.Pure(new ReLU(), 0));
    }

    /// <summary>A row for each layer and none for biases; the norms by hand.</summary>
    [Fact]
    public void A_network_has_the_norm_of_the_weights_of_each_layer()
    {
        var random = new RandomStream(2);
        var model = new Sequential(new Dense(3, 4, random: random), new Tanh(), new LayerNorm(4), new Dense(4, 2, random: random));
        var x = Tensor.Normal([5, 3], random);
        var flow = GradientFlow.Of(model, x, y => (y * y).Sum());
        Assert.Equal(["0", "3"], flow.Layers.Select(layer => layer.Path));
        Assert.All(model.Parameters(), parameter => Assert.Null(parameter.Gradient));

        using (var tape = Tape.Record())
        {
            var y = model.Forward(x);
            tape.Backward((y * y).Sum());
        }

        double[] norms = [.. new[] { 0, 3 }.Select(place => Math.Sqrt(
            ((Dense)model[place]).Weight.Gradient!.ToArray().Sum(value => (double)value * value)))];
        Assert.Equal(norms[0], flow.Layers[0].Norm, 1e-9);
        Assert.Equal(norms[1], flow.Layers[1].Norm, 1e-9);
        Assert.Equal(norms.Max() / norms.Min(), flow.Ratio, 1e-9);
        Assert.Equal(norms[0] / norms[1], flow.FirstByLast, 1e-9);
    }

    [Fact]
    public void Gradients_of_0_and_none_are_told_apart()
    {
        var random = new RandomStream(2);
        var dead = new Sequential(
            new Dense(3, 4, random: random), new ReLU(), new Dense(4, 2, biasInitializer: Initializer.Constant(-100), random: random),
            new ReLU(), new Dense(2, 1, random: random));
        var x = Tensor.Ones([2, 3]);
        var flow = GradientFlow.Of(dead, x);
        Assert.Equal([0, 0, 0], flow.Layers.Select(layer => layer.Norm));
        Assert.Equal((double.NaN, 3), (flow.Ratio, flow.ZeroLayers));

        var half = new Sequential(
            new Dense(3, 4, random: random), new ReLU(), new Dense(4, 2, biasInitializer: Initializer.Constant(-100), random: random),
            new ReLU(), new Lambda(y => y + 1), new Dense(2, 1, random: random));
        ((Dense)half[0]).Weight.IsFrozen = true;
        flow = GradientFlow.Of(half, x);
        Assert.True(double.IsNaN(flow.Layers[0].Norm));
        Assert.Equal((double.PositiveInfinity, 1), (flow.Ratio, flow.ZeroLayers));
        Assert.Contains("1 of 3 layers", flow.ToFigure().Note, StringComparison.Ordinal);
        Assert.Null(flow.ToTable().Rows[0][2]);
        Refusal.Of<ArgumentException>(() => GradientFlow.Of(new Sequential(new PReLU()), x), "no weights");
    }

    [Fact]
    public void The_deep_network_has_22_layers_and_sigmoid_lets_gradients_vanish()
    {
        var sigmoid = GradientFlow.Network("sigmoid");
        var relu = GradientFlow.Network("relu", Initializer.KaimingNormal());
        Assert.Equal(22, sigmoid.Layers.Count);
        Assert.Equal(0, sigmoid.ZeroLayers);
        Assert.True(sigmoid.Ratio > 1e6, $"{sigmoid.Ratio}");
        Assert.True(relu.Ratio < 1e4, $"{relu.Ratio}");
        Assert.Equal(sigmoid.Layers, GradientFlow.Network("sigmoid").Layers);

        var panel = Assert.Single(sigmoid.ToFigure().Panels);
        var line = (Line)panel.Series[0];
        Assert.True(panel.Y.IsLog && line.HasMarkers);
        Assert.Equal("layer", panel.X.Label);
        Assert.Equal(22, line.X.Count);
    }

    [Fact]
    public void A_study_has_each_activation_with_each_initializer()
    {
        var study = GradientFlow.Study(["relu", "tanh", "rrelu"], depth: 3);
        var table = study.ToTable();
        Assert.Equal(9, table.Rows.Count);
        Assert.Equal("relu, xavier", table.Rows[0][0]);
        Assert.Equal(5, table.Rows[0][1]);
        Assert.Equal(9, study.ToFigure().Panels[0].Series.Count);
        Refusal.Of<ArgumentException>(() => GradientFlow.Study([]), "nothing to study");
    }

    [Fact]
    public void A_model_in_training_is_as_before_and_so_is_the_step_around()
    {
        var random = new RandomStream(4);
        var model = new Sequential(
            new Dense(3, 4, random: random), new BatchNorm1d(4), new Dropout(0.5f, random), new Dense(4, 1, random: random));
        var x = Tensor.Normal([6, 3], random);
        string before = TrainingLoop.Bits(model);
        ulong position = random.Position;
        using var tape = Tape.Record();
        tape.Backward(model.Forward(x).Sum());
        random.Position = position;
        string after = TrainingLoop.Bits(model);
        float[][] gradients = [.. model.Parameters().Select(parameter => parameter.Gradient!.ToArray())];
        GradientFlow.Of(model, x);
        Assert.NotEqual(before, after);
        Assert.Equal(after, TrainingLoop.Bits(model));
        Assert.Equal(position, random.Position);
        Assert.Equal(gradients, model.Parameters().Select(parameter => parameter.Gradient!.ToArray()));
        Assert.True(model[2].IsTraining);
    }

    private static double Sigmoid(double x) => 1 / (1 + Math.Exp(-x));
}
