using TorchSharp.Modules;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace TinyNet.Bench;

/// <summary>The workloads with attention.</summary>
internal static class TorchTransformers
{
    private enum Attend
    {
        Products,
        BatchProducts,
        Fused,
    }

    public static IEnumerable<TorchWorkload> Workloads =>
    [
        new("attention_seed/fwdbwd/b16", () => SeedAttention(Attend.Products)),
        new("attention_seed/fwdbwd/b16#bmm", () => SeedAttention(Attend.BatchProducts)),
        new("attention_seed/fwdbwd/b16#sdpa", () => SeedAttention(Attend.Fused)),
        .. TorchSequences.Adaptive("transformer_layer/train/b8", () => new TorchEncoder(), Sequences, Labels),
        new("transformer_layer/train/b8#products",
            () => TorchWork.Training(new TorchEncoder(products: true), Sequences(), Labels(), TorchOptimizers.Adam)),
        new("transformer_layer/train/b8#native_layer", () => TrainNative(TorchOptimizers.Adam)),
        new("transformer_layer/train/b8#native_layer_fused", () => TrainNative(FusedOptimizer.Adam)),
        new("gpt_tiny/train/b16", () => LanguageModel(products: false, TorchOptimizers.AdamW)),
        new("gpt_tiny/train/b16#products", () => LanguageModel(products: true, TorchOptimizers.AdamW)),
        new("gpt_tiny/train/b16#fused", () => LanguageModel(products: false, FusedOptimizer.AdamW)),
        new("infer/transformer_layer/b8", () => TorchWork.Inference(new TorchEncoder(), Sequences())),
        new("infer/transformer_layer/b8#products", () => TorchWork.Inference(new TorchEncoder(products: true), Sequences())),
        new("infer/transformer_layer/b8#native_layer", () =>
        {
            var (model, input) = (new TorchEncoder(), Sequences());
            return TorchWork.Inference(new NativeTorchEncoder(model), input);
        }),
        new("infer/transformer_layer/b8#fastpath", () => TorchScripts.EncoderFastPath(new TorchEncoder(), Sequences())),
    ];

    private static Tensor Sequences() => randn(8, TorchEncoder.Time, TorchEncoder.Width);

    private static Tensor Labels() => randint(0, 10, [8], int64);

    private static TorchWork TrainNative(TorchOptimizer optimizer)
    {
        // The random numbers in the order of the others: the layer draws some that it does not keep.
        var (model, input, labels) = (new TorchEncoder(), Sequences(), Labels());
        return TorchWork.Training(new NativeTorchEncoder(model), input, labels, optimizer);
    }

    private static TorchWork LanguageModel(bool products, TorchOptimizer optimizer)
    {
        const int Batch = 16, Context = TorchLanguageModel.Context, Vocabulary = TorchLanguageModel.Vocabulary;
        return TorchWork.Training(
            new TorchLanguageModel(products),
            randint(0, Vocabulary, [Batch, Context], int64),
            randint(0, Vocabulary, [Batch * Context], int64),
            optimizer);
    }

    /// <summary>Gradients through attention with activations, to the input and the weights.</summary>
    private static TorchWork SeedAttention(Attend how)
    {
        var layers = Enumerable.Range(0, 3).Select(_ => nn.Linear(32, 32, hasBias: false)).ToArray();
        Tensor input = randn(16, 10, 32, requires_grad: true), gradient = randn(16, 10, 32), zero = zeros(1, 1, 1);
        Tensor[] gradients = [gradient];
        double root = Math.Sqrt(32);

        return TorchWork.Gradients(
            [.. layers.Select(layer => layer.weight), input],
            () => Forward(input).backward(gradients),
            doubles =>
            {
                var x = doubles[3];
                Tensor q = x.matmul(doubles[0].t()).tanh(), k = x.matmul(doubles[1].t()).tanh(), v = x.matmul(doubles[2].t()).relu();
                var y = (q.matmul(k.transpose(1, 2)) / root).softmax(-1).matmul(v);
                TorchElementary.GeluTanh(y).backward([gradient.to(float64)]);
            });

        Tensor Forward(Tensor x)
        {
            using var q0 = layers[0].call(x);
            using var q = q0.tanh();
            q0.Dispose();
            using var k0 = layers[1].call(x);
            using var k = k0.tanh();
            k0.Dispose();
            using var v0 = layers[2].call(x);
            using var v = v0.relu();
            v0.Dispose();
            using var y = Mix(q, k, v);
            return F.gelu(y, GELU.Approximate.tanh);
        }

        Tensor Mix(Tensor q, Tensor k, Tensor v)
        {
            if (how == Attend.Fused)
            {
                using Tensor q4 = q.unsqueeze(1), k4 = k.unsqueeze(1), v4 = v.unsqueeze(1);
                using var y = F.scaled_dot_product_attention(q4, k4, v4);
                return y.squeeze(1);
            }

            using var kt = k.transpose(1, 2);
            if (how == Attend.BatchProducts)
            {
                // The scale in the product; a beta of 0 leaves the term out. TorchSharp 0.107.0 hands libtorch the operands in another
                // order than it names them: a.baddbmm(b, c) is c + a b.
                using var scaled = q.baddbmm(kt, zero, beta: 0, alpha: (float)(1 / root));
                using var p = F.softmax(scaled, -1);
                return p.bmm(v);
            }

            using var product = q.matmul(kt);
            using var scores = product / root;
            product.Dispose();
            using var weights = F.softmax(scores, -1);
            return weights.matmul(v);
        }
    }
}
