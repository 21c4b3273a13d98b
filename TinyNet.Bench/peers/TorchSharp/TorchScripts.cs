using TorchSharp.Modules;
using static TorchSharp.torch;

namespace TinyNet.Bench;

/// <summary>TorchScript, which TorchSharp compiles from text: one call into libtorch, and operations that TorchSharp lacks.</summary>
internal static class TorchScripts
{
    private const string Deep = """
        def f(x, p: List[Tensor]):
            for i in range(20):
                x = torch.sigmoid(torch.linear(x, p[2 * i], p[2 * i + 1]))
            return torch.sigmoid(torch.linear(x, p[40], p[41])).mean()
        """;

    /// <summary>All before the dense layers in oneDNN's own layout, with weights that are reordered once.</summary>
    private const string Mnist = """
        def reorder(w, size: List[int]):
            return torch.mkldnn_reorder_conv2d_weight(w.to_mkldnn(), [0, 0], [1, 1], [1, 1], 1, size)

        def bias(x):
            return x.to_mkldnn()

        def f(x, p: List[Tensor]):
            x = torch.relu_(torch.conv2d(x.to_mkldnn(), p[0], p[1]))
            x = torch.relu_(torch.conv2d(x, p[2], p[3]))
            x = torch.max_pool2d(x, [2, 2], [2, 2]).to_dense().flatten(1)
            x = torch.relu_(torch.linear(x, p[4], p[5]))
            return torch.linear(x, p[6], p[7])
        """;

    /// <summary>What PyTorch's TransformerEncoderLayer calls in evaluation when nothing is recorded.</summary>
    private const string FastPath = """
        def f(x, p: List[Tensor]):
            y = torch._transformer_encoder_layer_fwd(x, 256, 8, p[0], p[1], p[2], p[3], False, False, 1e-05, p[4], p[5], p[6], p[7],
                p[8], p[9], p[10], p[11])
            return torch.linear(y.mean([1]), p[12], p[13])
        """;

    public static jit.CompilationUnit Compile(string script) =>
        // Without a newline at its end the parser meets an "eof".
        jit.compile(script + "\n");

    /// <summary>A function of one argument that libtorch has as one operation; it is compiled when it is first called.</summary>
    public static Func<Tensor, Tensor> Operation(string name)
    {
        var unit = new Lazy<jit.CompilationUnit>(() => Compile($"def f(x):\n    return torch.{name}(x)\n"));
        return x => (Tensor)unit.Value.invoke("f", x);
    }

    /// <summary>The mean output of the deep network, by its weights and biases.</summary>
    public static Func<Tensor> DeepMean(Tensor input, Tensor[] parameters) => Function(Deep, input, parameters);

    public static TorchWork EncoderFastPath(TorchEncoder model, Tensor input)
    {
        var layer = model.Layer;
        return TorchWork.Inference(Function(FastPath, input,
        [
            layer.Packed.weight, layer.Packed.bias!, layer.Projection.weight, layer.Projection.bias!,
            layer.Norm1.weight, layer.Norm1.bias!, layer.Norm2.weight, layer.Norm2.bias!,
            layer.Linear1.weight, layer.Linear1.bias!, layer.Linear2.weight, layer.Linear2.bias!, model.Head.weight, model.Head.bias!,
        ]));
    }

    public static TorchWork MnistInBlocks(Sequential model, Tensor input)
    {
        Tensor[] parameters = [.. model.parameters()];
        using var mode = no_grad();
        long batch = input.shape[0];
        foreach (var (i, size) in new[] { (0, $"[{batch}, 1, 28, 28]"), (2, $"[{batch}, 32, 26, 26]") })
        {
            // TorchSharp cannot hand TorchScript a list of integers: it is written into the script.
            var unit = Compile(Mnist + $"\n\ndef weight(w):\n    return reorder(w, {size})\n");
            parameters[i] = (Tensor)unit.invoke("weight", parameters[i]);
            parameters[i + 1] = (Tensor)unit.invoke("bias", parameters[i + 1]);
        }

        return TorchWork.Inference(Function(Mnist, input, parameters));
    }

    private static Func<Tensor> Function(string script, Tensor input, Tensor[] parameters)
    {
        var unit = Compile(script);
        return () => (Tensor)unit.invoke("f", input, parameters);
    }
}
