using TorchSharp.Modules;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace TinyNet.Bench;

/// <summary>The workloads of single operations.</summary>
internal static class TorchElementary
{
    /// <summary>An activation, and its formula.</summary>
    private sealed record Activation(string Name, Func<Tensor, Tensor> Function, Func<Tensor, Tensor> Formula);

    private static readonly Activation[] Activations =
    [
        new("relu", x => F.relu(x), x => where(x > 0, x, zeros_like(x))),
        new("leaky_relu", x => F.leaky_relu(x, 0.01), x => where(x > 0, x, x * 0.01)),
        new("elu", x => F.elu(x, 1.0), x => where(x > 0, x, x.exp() - 1)),
        new("selu", x => F.selu(x), x => 1.0507009873554805 * where(x > 0, x, 1.6732632423543773 * (x.exp() - 1))),
        new("gelu", x => F.gelu(x), x => x * 0.5 * (1 + (x / Math.Sqrt(2)).erf())),
        new("gelu_tanh", x => F.gelu(x, GELU.Approximate.tanh), GeluTanh),
        new("silu", x => F.silu(x), x => x / (1 + (-x).exp())),
        new("mish", x => F.mish(x), x => x * (1 + x.exp()).log().tanh()),
        // TorchSharp has several operations where libtorch has one.
        new("mish#script", TorchScripts.Operation("mish"), x => x * (1 + x.exp()).log().tanh()),
        new("softplus", x => F.softplus(x), x => (1 + x.exp()).log()),
        new("sigmoid", x => x.sigmoid(), x => 1 / (1 + (-x).exp())),
        new("tanh", x => x.tanh(), x => 1 - 2 / (1 + (2 * x).exp())),
        new("softmax", x => F.softmax(x, -1), x => x.exp() / x.exp().sum(-1, keepdim: true)),
    ];

    public static IEnumerable<TorchWorkload> Workloads =>
    [
        .. new[] { 64, 256, 512, 1024, 2048 }.Select(size => new TorchWorkload($"gemm/{size}", () => MatrixProduct(size))),
        .. Activations.SelectMany(activation => new[]
        {
            new TorchWorkload(Name(activation, "fwd"), () => Forward(activation)),
            new TorchWorkload(Name(activation, "fwdbwd"), () => Backward(activation)),
        }),
    ];

    public static Tensor GeluTanh(Tensor x) => 0.5 * x * (1 + (Math.Sqrt(2 / Math.PI) * (x + 0.044715 * x.pow(3))).tanh());

    private static string Name(Activation activation, string what) =>
        activation.Name.Split('#') is [var name, var variant] ? $"act/{name}/{what}#{variant}" : $"act/{activation.Name}/{what}";

    private static TorchWork MatrixProduct(int size)
    {
        Tensor a = randn(size, size), b = randn(size, size);
        return TorchWork.Inference(() => a.mm(b), () => a.to(float64).mm(b.to(float64)));
    }

    private static TorchWork Forward(Activation activation)
    {
        var x = randn(1000, 1000);
        return TorchWork.Inference(() => activation.Function(x), () => activation.Formula(x.to(float64)));
    }

    private static TorchWork Backward(Activation activation)
    {
        Tensor x = randn(1000, 1000, requires_grad: true), gradient = randn(1000, 1000);
        Tensor[] gradients = [gradient];
        return TorchWork.Gradients(
            [x],
            () => activation.Function(x).backward(gradients),
            doubles => activation.Formula(doubles[0]).backward([gradient.to(float64)]));
    }
}
