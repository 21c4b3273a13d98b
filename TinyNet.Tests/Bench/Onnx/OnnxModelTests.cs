using TinyNet.Autograd;
using TinyNet.Bench;
using TinyNet.Core;
using TinyNet.Layers;

namespace TinyNet.Tests.Bench;

/// <summary>Models in the format of ONNX, read and computed by the definitions of its operations, in double precision.</summary>
public class OnnxModelTests
{
    private const double Tolerance = 1e-5;

    [Fact]
    public void A_model_says_by_which_versions_it_is_written_and_what_goes_in_and_out()
    {
        var file = new OnnxFile(OnnxModels.Build("infer/mlp/b1", Perceptron(), [6, 4], [6, 2]));

        Assert.Equal(8, file.FormatVersion);
        Assert.Equal(new Dictionary<string, long> { [""] = 17, ["com.microsoft"] = 1 }, file.Versions);
        Assert.Equal(("x", "y"), (file.Input.Name, file.Output.Name));
        Assert.Equal([6, 4], file.Input.Shape);
        Assert.Equal([6, 2], file.Output.Shape);
        Assert.Equal(["Gemm", "Relu", "Gemm", "Relu", "Gemm", "Identity"], file.Nodes.Select(node => node.Operation));
        Assert.All(file.Nodes, node => Assert.Equal("", node.Domain));
        Assert.Equal(["y"], file.Nodes[^1].Outputs);
    }

    [Fact]
    public void Every_value_is_made_before_it_is_read()
    {
        foreach (var workload in Workload.StartingWith([OnnxModels.Prefix]).Where(workload => !workload.Name.Contains("/b64")))
        {
            var work = workload.Prepare();
            foreach (string variant in new[] { "", "#attention" })
            {
                var file = new OnnxFile(OnnxModels.Build(workload.Name + variant, work.Model!, work.Input!.Shape, [1]));

                HashSet<string> known = ["", file.Input.Name, .. file.Constants.Keys];
                foreach (var node in file.Nodes)
                {
                    Assert.Empty(node.Inputs.Except(known));
                    Assert.All(node.Outputs.Where(output => output.Length > 0), output => Assert.True(known.Add(output), output));
                }

                Assert.Contains(file.Output.Name, known);
                Assert.All(
                    file.Constants.Values,
                    constant => Assert.Equal(constant.Values.Length, constant.Shape.Aggregate(1L, (a, b) => a * b)));
            }
        }
    }

    [Fact]
    public void A_perceptron_in_a_file_computes_what_the_model_does()
    {
        var model = Perceptron();
        var input = Tensor.Normal([6, 4], new RandomStream(2));
        var file = new OnnxFile(OnnxModels.Build("infer/mlp/b1", model, input.Shape, [6, 2]));

        var values = new Dictionary<string, double[]> { ["x"] = Doubles(input) };
        foreach (var node in file.Nodes)
        {
            double[] x = values[node.Inputs[0]];
            values[node.Outputs[0]] = node.Operation switch
            {
                "Gemm" => Gemm(x, file.Constants[node.Inputs[1]], file.Constants[node.Inputs[2]].Values, node.Attributes["transB"]),
                "Relu" => [.. x.Select(value => Math.Max(value, 0))],
                _ => x,
            };
        }

        AssertClose(Doubles(model.Forward(input)), values["y"]);
    }

    [Fact]
    public void An_LSTM_in_a_file_computes_what_the_layer_does()
    {
        var layer = new LSTM(3, 2, random: new RandomStream(1));

        CheckRecurrent(layer, network => network.LstmState("x", "layer"), "LSTM", 2, (x, h, c, gates, biases) =>
        {
            // Gates i, o, f and c, in the words of the operator's definition.
            double Gate(int gate, int unit) => gates(gate, unit, x, h) + biases(gate, unit) + biases(gate + 4, unit);
            var cell = new double[2];
            for (int unit = 0; unit < 2; unit++)
            {
                cell[unit] = Sigmoid(Gate(2, unit)) * c[unit] + Sigmoid(Gate(0, unit)) * Math.Tanh(Gate(3, unit));
            }

            return ([.. cell.Select((value, unit) => Sigmoid(Gate(1, unit)) * Math.Tanh(value))], cell);
        });
    }

    [Fact]
    public void A_GRU_in_a_file_computes_what_the_layer_does()
    {
        var layer = new GRU(3, 2, random: new RandomStream(1));

        CheckRecurrent(layer, network => network.GruState("x", "layer"), "GRU", 2, (x, h, c, gates, biases) =>
        {
            // Gates z, r and h; with linear_before_reset, r is multiplied to the product with the state and its bias.
            double Gate(int gate, int unit) => Sigmoid(gates(gate, unit, x, h) + biases(gate, unit) + biases(gate + 3, unit));
            double Candidate(int unit) => Math.Tanh(
                gates(2, unit, x, [0, 0]) + biases(2, unit) + Gate(1, unit) * (gates(2, unit, [0, 0, 0], h) + biases(5, unit)));
            return ([.. h.Select((old, unit) => (1 - Gate(0, unit)) * Candidate(unit) + Gate(0, unit) * old)], c);
        });
    }

    [Fact]
    public void What_has_no_model_is_refused_by_name()
    {
        var failure = Assert.Throws<CommandFailure>(() => OnnxModels.Build("infer/unknown/b1", Perceptron(), [1, 4], [1, 2]));

        Assert.Contains("infer/unknown/b1", failure.Message, StringComparison.Ordinal);
    }

    private delegate double Product(int gate, int unit, double[] x, double[] h);

    private delegate (double[] State, double[] Cell) Step(double[] x, double[] h, double[] c, Product gates, Func<int, int, double> biases);

    private static void CheckRecurrent(RecurrentLayer layer, Func<OnnxNetwork, string> write, string operation, int hidden, Step step)
    {
        const int Time = 5, Width = 3;
        var input = Tensor.Normal([1, Time, Width], new RandomStream(2));
        var network = new OnnxNetwork(new LastStep(layer));
        var file = new OnnxFile(network.Graph.ToModel(write(network), [Time, 1, Width], [1, 1, hidden]));
        var node = file.Nodes.Single(node => node.Operation == operation);
        double[] weights = file.Constants[node.Inputs[1]].Values, recurrent = file.Constants[node.Inputs[2]].Values;
        double[] biases = file.Constants[node.Inputs[3]].Values;

        double[] x = Doubles(input), h = new double[hidden], c = new double[hidden];
        for (int t = 0; t < Time; t++)
        {
            (h, c) = step(x[(t * Width)..((t + 1) * Width)], h, c, Gate, (gate, unit) => biases[gate * hidden + unit]);
        }

        // The last state is the second output.
        Assert.Equal("", node.Outputs[0]);
        AssertClose(Doubles(layer.Forward(input).Output.Select(1, -1)), h);

        double Gate(int gate, int unit, double[] step, double[] state)
        {
            int row = gate * hidden + unit;
            return step.Select((value, i) => value * weights[row * Width + i]).Sum()
                + state.Select((value, i) => value * recurrent[row * hidden + i]).Sum();
        }
    }

    private static Sequential Perceptron()
    {
        var random = new RandomStream(1);
        return new Sequential(
            new Dense(4, 3, random: random), new ReLU(), new Dense(3, 5, random: random), new ReLU(), new Dense(5, 2, random: random));
    }

    /// <summary>x B' + c, for B [out, in].</summary>
    private static double[] Gemm(double[] x, OnnxTensor b, double[] c, long[] transposed)
    {
        Assert.Equal([1], transposed);
        int columns = (int)b.Shape[0], depth = (int)b.Shape[1];
        return
        [
            .. from row in Enumerable.Range(0, x.Length / depth)
               from column in Enumerable.Range(0, columns)
               select c[column] + Enumerable.Range(0, depth).Sum(k => x[row * depth + k] * b.Values[column * depth + k]),
        ];
    }

    private static double Sigmoid(double x) => 1 / (1 + Math.Exp(-x));

    private static double[] Doubles(Tensor tensor) => Array.ConvertAll(tensor.ToArray(), value => (double)value);

    private static void AssertClose(double[] expected, double[] actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        Assert.All(expected.Zip(actual), pair => Assert.Equal(pair.First, pair.Second, Tolerance));
    }
}
