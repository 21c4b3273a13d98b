using TorchSharp.Modules;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace TinyNet.Bench;

/// <summary>What an encoder layer does; and whether attention is two products and a softmax, not scaled_dot_product_attention.</summary>
internal sealed record TorchEncoderOptions(bool Gelu = false, bool NormFirst = false, bool Causal = false, bool Products = false);

/// <summary>
/// PyTorch's TransformerEncoderLayer with the batch first and without dropout. TorchSharp's is the one of libtorch: time first, norms
/// last, and an attention of two products and a softmax where PyTorch's calls scaled_dot_product_attention.
/// </summary>
internal sealed class TorchEncoderLayer : nn.Module<Tensor, Tensor>
{
    private readonly long _width, _heads;
    private readonly TorchEncoderOptions _options;
    private readonly Tensor? _mask;

    public TorchEncoderLayer(long width, long heads, long hidden, long time, TorchEncoderOptions options)
        : base(nameof(TorchEncoderLayer))
    {
        (_width, _heads, _options) = (width, heads, options);
        _mask = options is { Causal: true, Products: true } ? full([time, time], float.NegativeInfinity).triu(1) : null;
        Packed = nn.Linear(width, 3 * width);
        Projection = nn.Linear(width, width);
        Linear1 = nn.Linear(width, hidden);
        Linear2 = nn.Linear(hidden, width);
        Norm1 = nn.LayerNorm(width);
        Norm2 = nn.LayerNorm(width);
        register_module("packed", Packed);
        register_module("projection", Projection);
        register_module("linear1", Linear1);
        register_module("linear2", Linear2);
        register_module("norm1", Norm1);
        register_module("norm2", Norm2);
    }

    public Linear Packed { get; }

    public Linear Projection { get; }

    public Linear Linear1 { get; }

    public Linear Linear2 { get; }

    public LayerNorm Norm1 { get; }

    public LayerNorm Norm2 { get; }

    public override Tensor forward(Tensor input)
    {
        if (_options.NormFirst)
        {
            using var n1 = Norm1.call(input);
            using var a1 = Attention(n1);
            n1.Dispose();
            using var x1 = input + a1;
            a1.Dispose();
            using var n2 = Norm2.call(x1);
            using var f1 = FeedForward(n2);
            n2.Dispose();
            return x1 + f1;
        }

        using var a = Attention(input);
        using var s1 = input + a;
        a.Dispose();
        using var x = Norm1.call(s1);
        s1.Dispose();
        using var f = FeedForward(x);
        using var s2 = x + f;
        f.Dispose();
        return Norm2.call(s2);
    }

    private Tensor Attention(Tensor x)
    {
        long batch = x.shape[0], time = x.shape[1];
        using var packed = Packed.call(x);
        using var split = packed.view(batch, time, 3, _heads, _width / _heads);
        using var parts = split.permute(2, 0, 3, 1, 4); // q, k and v, each batch x heads x time x width / heads, where they lie
        using var q = parts.select(0, 0);
        using var k = parts.select(0, 1);
        using var v = parts.select(0, 2);
        using var y = _options.Products ? Products(q, k, v) : F.scaled_dot_product_attention(q, k, v, is_casual: _options.Causal);
        using var t = y.transpose(1, 2);
        using var joined = t.reshape(batch, time, _width);
        return Projection.call(joined);
    }

    private Tensor Products(Tensor q, Tensor k, Tensor v)
    {
        using var scaled = q * (1 / Math.Sqrt(_width / _heads));
        using var kt = k.transpose(-2, -1);
        using var product = scaled.matmul(kt);
        using var scores = _mask is null ? product.alias() : product + _mask;
        product.Dispose();
        using var weights = F.softmax(scores, -1);
        return weights.matmul(v);
    }

    private Tensor FeedForward(Tensor x)
    {
        using var h = Linear1.call(x);
        using var g = _options.Gelu ? F.gelu(h) : F.relu(h);
        h.Dispose();
        return Linear2.call(g);
    }
}

/// <summary>An encoder layer, the mean over time, and a dense layer.</summary>
internal sealed class TorchEncoder : nn.Module<Tensor, Tensor>
{
    public const int Width = 256, Heads = 8, Hidden = 1024, Time = 128;

    public TorchEncoder(bool products = false)
        : base(nameof(TorchEncoder))
    {
        Layer = new TorchEncoderLayer(Width, Heads, Hidden, Time, new TorchEncoderOptions(Products: products));
        Head = nn.Linear(Width, 10);
        register_module("layer", Layer);
        register_module("head", Head);
    }

    public TorchEncoderLayer Layer { get; }

    public Linear Head { get; }

    public override Tensor forward(Tensor input)
    {
        using var output = Layer.call(input);
        using var mean = output.mean([1]);
        return Head.call(mean);
    }
}

/// <summary>The same, with the weights of another, by TorchSharp's own layer, which wants time first.</summary>
internal sealed class NativeTorchEncoder : nn.Module<Tensor, Tensor>
{
    private readonly TransformerEncoderLayer _layer;
    private readonly Linear _head;

    public NativeTorchEncoder(TorchEncoder weights)
        : base(nameof(NativeTorchEncoder))
    {
        _layer = nn.TransformerEncoderLayer(TorchEncoder.Width, TorchEncoder.Heads, TorchEncoder.Hidden, 0.0, nn.Activations.ReLU);
        _head = weights.Head;
        var (other, own) = (weights.Layer, _layer.named_parameters().ToDictionary(named => named.name, named => named.parameter));
        using var none = no_grad();
        foreach (var (prefix, weight, bias) in new[]
        {
            ("self_attn.in_proj_", other.Packed.weight, other.Packed.bias!),
            ("self_attn.out_proj.", other.Projection.weight, other.Projection.bias!),
            ("linear1.", other.Linear1.weight, other.Linear1.bias!),
            ("linear2.", other.Linear2.weight, other.Linear2.bias!),
            ("norm1.", other.Norm1.weight, other.Norm1.bias!),
            ("norm2.", other.Norm2.weight, other.Norm2.bias!),
        })
        {
            own[prefix + "weight"].copy_(weight);
            own[prefix + "bias"].copy_(bias);
        }

        RegisterComponents();
    }

    public override Tensor forward(Tensor input)
    {
        using var first = input.transpose(0, 1);
        using var output = _layer.call(first);
        using var mean = output.mean([0]);
        return _head.call(mean);
    }
}
