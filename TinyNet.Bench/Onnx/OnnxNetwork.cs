using TinyNet.Analysis;
using TinyNet.Layers;
using static TinyNet.Bench.OnnxGraph;

namespace TinyNet.Bench;

/// <summary>Writes layers of a model into a graph, each found by the name that its parameters begin with.</summary>
internal sealed class OnnxNetwork(Module model)
{
    private readonly Dictionary<string, StatePart> _parts = model.State()
        .SelectMany(part => part.Names.Select(name => (name, part))).ToDictionary(named => named.name, named => named.part);

    public OnnxGraph Graph { get; } = new();

    public string Dense(string x, string layer) =>
        Graph.Add("Gemm", [x, Weight($"{layer}.weight"), Weight($"{layer}.bias")], [Attribute("transB", 1)]);

    /// <summary>A dense layer over the last of several axes.</summary>
    public string DenseSteps(string x, string weight, string bias)
    {
        var (values, shape) = Values(weight);
        return Graph.Add("Add", [Graph.Add("MatMul", [x, Graph.Constant(Transpose(values, shape[0]), shape[1], shape[0])]), Weight(bias)]);
    }

    public string Convolution(string x, string layer, int padding = 0)
    {
        string[] bias = _parts.ContainsKey($"{layer}.bias") ? [Weight($"{layer}.bias")] : [];
        return Graph.Add(
            "Conv",
            [x, Weight($"{layer}.weight"), .. bias],
            [Attribute("kernel_shape", 3, 3), Attribute("pads", padding, padding, padding, padding)]);
    }

    public string BatchNorm(string x, string layer) => Graph.Add(
        "BatchNormalization",
        [x, .. new[] { "weight", "bias", "running_mean", "running_var" }.Select(name => Weight($"{layer}.{name}"))],
        [Attribute("epsilon", 1e-5f)]);

    public string LayerNorm(string x, string layer) => Graph.Add(
        "LayerNormalization",
        [x, Weight($"{layer}.weight"), Weight($"{layer}.bias")],
        [Attribute("axis", -1), Attribute("epsilon", 1e-5f)]);

    public string ReLU(string x) => Graph.Add("Relu", [x]);

    public string MaxPool(string x) => Graph.Add("MaxPool", [x], [Attribute("kernel_shape", 2, 2), Attribute("strides", 2, 2)]);

    public string Flatten(string x) => Graph.Add("Flatten", [x]);

    public string Add(string a, string b) => Graph.Add("Add", [a, b]);

    public string Mean(string x, params long[] axes) => Graph.Add("ReduceMean", [x], [Attribute("axes", axes), Attribute("keepdims", 0)]);

    public string Reshape(string x, params long[] sizes) => Graph.Add("Reshape", [x, Graph.Constant(sizes)]);

    public string Transpose(string x, params long[] axes) => Graph.Add("Transpose", [x], [Attribute("perm", axes)]);

    /// <summary>The last state of an LSTM [1, batch, hidden], whose gates are i, o, f, c in ONNX, and i, f, g, o in PyTorch.</summary>
    public string LstmState(string stepsFirst, string layer) => State("LSTM", stepsFirst, layer, [0, 3, 1, 2], []);

    /// <summary>The same of a GRU: z, r, h for r, z, n, and with PyTorch's bias inside of the reset gate.</summary>
    public string GruState(string stepsFirst, string layer) =>
        State("GRU", stepsFirst, layer, [1, 0, 2], [Attribute("linear_before_reset", 1)]);

    public string Weight(string name)
    {
        var (values, shape) = Values(name);
        return Graph.Constant(values, shape);
    }

    private string State(string operation, string x, string layer, int[] gates, ProtoMessage[] attributes)
    {
        int hidden = Values($"{layer}.weight_hh_l0").Shape[1];
        var (input, recurrent) = (Gates("weight_ih_l0"), Gates("weight_hh_l0"));
        float[] biases = [.. Gates("bias_ih_l0"), .. Gates("bias_hh_l0")];
        int rows = gates.Length * hidden;
        return Graph.Add(
            operation,
            [
                x, Graph.Constant(input, 1, rows, input.Length / rows), Graph.Constant(recurrent, 1, rows, hidden),
                Graph.Constant(biases, 1, 2 * rows),
            ],
            [Attribute("hidden_size", hidden), .. attributes],
            output: 1);

        float[] Gates(string name)
        {
            float[] values = Values($"{layer}.{name}").Values;
            return [.. gates.SelectMany(gate => values.Chunk(values.Length / gates.Length).ElementAt(gate))];
        }
    }

    private (float[] Values, int[] Shape) Values(string name)
    {
        var part = _parts[name];
        return (part.InFile(part.Tensor).ToArray(), [.. Enumerable.Range(0, part.FileShape.Rank).Select(axis => part.FileShape[axis])]);
    }

    private static float[] Transpose(float[] values, int rows)
    {
        int columns = values.Length / rows;
        return [.. Enumerable.Range(0, values.Length).Select(i => values[i % rows * columns + i / rows])];
    }
}
