using System.Runtime.InteropServices;
using TinyNet.Core;
using TinyNet.Layers;
using static TinyNet.Bench.OnnxGraph;

namespace TinyNet.Bench;

/// <summary>
/// The inference workloads as files for another runtime: a folder for each, named as it is, with the model in the format of ONNX, its
/// input and TinyNet's output.
/// </summary>
internal static class OnnxModels
{
    /// <summary>The workloads whose names start so have a model.</summary>
    public const string Prefix = "infer/";

    private const string FusedAttention = "#attention";

    /// <summary>Writes the files of some workloads below a folder.</summary>
    public static void Write(string folder, IEnumerable<Workload> workloads)
    {
        foreach (var workload in workloads)
        {
            var work = workload.Prepare();
            var (model, input) = (work.Model!, work.Input!);
            Train(model);
            float[] output = [];
            Shape shape = default;
            work.Run(result => (output, shape) = (result.ToArray(), result.Shape));
            foreach (string variant in Variants(workload.Name))
            {
                string place = Path.Combine(folder, workload.Name + variant);
                Directory.CreateDirectory(place);
                File.WriteAllBytes(Path.Combine(place, "model.onnx"), Build(workload.Name + variant, model, input.Shape, shape));
                File.WriteAllBytes(Path.Combine(place, "input.f32"), MemoryMarshal.AsBytes<float>(input.ToArray()));
                File.WriteAllBytes(Path.Combine(place, "output.f32"), MemoryMarshal.AsBytes<float>(output));
            }
        }
    }

    /// <summary>The model of a workload, or of a variant of it.</summary>
    public static byte[] Build(string workload, Module model, Shape input, Shape output)
    {
        var network = new OnnxNetwork(model);
        string last = workload.Split('/')[1] switch
        {
            "mlp" => Perceptron(network),
            "cnn_mnist" => Mnist(network),
            "resblock" => Residual(network),
            "lstm" => network.Dense(Last(network, network.LstmState(Steps(network), "layer")), "head"),
            "gru" => network.Dense(Last(network, network.GruState(Steps(network), "layer")), "head"),
            "transformer_layer" => Encoder(network, input, workload.EndsWith(FusedAttention, StringComparison.Ordinal)),
            _ => throw new CommandFailure($"there is no ONNX model of the workload {workload}: write it in OnnxModels"),
        };
        return network.Graph.ToModel(last, input, output);
    }

    /// <summary>What there is beside the plain model: attention as one operation, which only onnxruntime has.</summary>
    private static string[] Variants(string workload) =>
        workload.StartsWith(Prefix + "transformer_layer", StringComparison.Ordinal) ? ["", FusedAttention] : [""];

    /// <summary>Normalizations as after training: new ones hardly do anything, and an error in them would not be seen.</summary>
    private static void Train(Module model)
    {
        var random = new RandomStream(1);
        foreach (var part in model.State().Where(part => part.Names[0].Contains("running_", StringComparison.Ordinal)))
        {
            part.Assign(Tensor.Uniform(part.FileShape, random, 0.5f, 2));
        }
    }

    private static string Perceptron(OnnxNetwork network)
    {
        string x = network.ReLU(network.Dense(Input, "0"));
        return network.Dense(network.ReLU(network.Dense(x, "2")), "4");
    }

    private static string Mnist(OnnxNetwork network)
    {
        string x = network.ReLU(network.Convolution(Input, "0"));
        x = network.MaxPool(network.ReLU(network.Convolution(x, "2")));
        return network.Dense(network.ReLU(network.Dense(network.Flatten(x), "6")), "8");
    }

    private static string Residual(OnnxNetwork network)
    {
        string x = network.ReLU(network.BatchNorm(network.Convolution(Input, "branch.0", padding: 1), "branch.1"));
        x = network.BatchNorm(network.Convolution(x, "branch.3", padding: 1), "branch.4");
        return network.Dense(network.Mean(network.ReLU(network.Add(x, Input)), 2, 3), "head");
    }

    /// <summary>Time first, as the recurrent layers of ONNX have it.</summary>
    private static string Steps(OnnxNetwork network) => network.Transpose(Input, 1, 0, 2);

    private static string Last(OnnxNetwork network, string state) => network.Graph.Add("Squeeze", [state, network.Graph.Constant(0L)]);

    private static string Encoder(OnnxNetwork network, Shape input, bool fused)
    {
        const int Heads = 8;
        var (batch, time, width) = (input[0], input[1], input[2]);
        const string Layer = "layer", Attention = $"{Layer}.self_attn";

        string packed = network.DenseSteps(Input, $"{Attention}.in_proj_weight", $"{Attention}.in_proj_bias");
        string[] parts = network.Graph.Split(packed, 3, axis: -1);
        string attended = fused
            ? network.Graph.Add("com.microsoft.MultiHeadAttention", parts, [Attribute("num_heads", Heads)])
            : Attend(network, parts, batch, time, Heads, width / Heads);
        attended = network.DenseSteps(attended, $"{Attention}.out_proj.weight", $"{Attention}.out_proj.bias");
        string x = network.LayerNorm(network.Add(Input, attended), $"{Layer}.norm1");
        string hidden = network.ReLU(network.DenseSteps(x, $"{Layer}.linear1.weight", $"{Layer}.linear1.bias"));
        hidden = network.DenseSteps(hidden, $"{Layer}.linear2.weight", $"{Layer}.linear2.bias");
        x = network.LayerNorm(network.Add(x, hidden), $"{Layer}.norm2");
        return network.Dense(network.Mean(x, 1), "head");
    }

    private static string Attend(OnnxNetwork network, string[] parts, int batch, int time, int heads, int size)
    {
        string[] split = [.. parts.Select(part => network.Reshape(part, batch, time, heads, size))];
        string q = network.Transpose(split[0], 0, 2, 1, 3), k = network.Transpose(split[1], 0, 2, 3, 1);
        string v = network.Transpose(split[2], 0, 2, 1, 3);
        string scores = network.Graph.Add("Mul", [network.Graph.Add("MatMul", [q, k]), network.Graph.Constant([1 / MathF.Sqrt(size)])]);
        string weights = network.Graph.Add("Softmax", [scores], [Attribute("axis", -1)]);
        string mixed = network.Transpose(network.Graph.Add("MatMul", [weights, v]), 0, 2, 1, 3);
        return network.Reshape(mixed, batch, time, heads * size);
    }
}
