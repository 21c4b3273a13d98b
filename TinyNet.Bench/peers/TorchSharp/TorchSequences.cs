using TorchSharp.Modules;
using static TorchSharp.torch;
using Model = TorchSharp.torch.nn.Module<TorchSharp.torch.Tensor, TorchSharp.torch.Tensor>;

namespace TinyNet.Bench;

/// <summary>The workloads of perceptrons, recurrent networks and embeddings.</summary>
internal static class TorchSequences
{
    public static IEnumerable<TorchWorkload> Workloads =>
    [
        .. Adaptive("mlp/train/b32", TorchNetworks.Perceptron, () => randn(32, 784), () => Labels(32)),
        .. Adaptive("mlp/train/b256", TorchNetworks.Perceptron, () => randn(256, 784), () => Labels(256)),
        new("mlp/infer/b1", () => TorchWork.Inference(TorchNetworks.Perceptron(), randn(1, 784))),
        new("infer/mlp/b1", () => TorchWork.Inference(TorchNetworks.Perceptron(), randn(1, 784))),
        new("infer/mlp/b256", () => TorchWork.Inference(TorchNetworks.Perceptron(), randn(256, 784))),
        new("deep20/fwdbwd/b32", () => Deep(script: false)),
        new("deep20/fwdbwd/b32#script", () => Deep(script: true)),
        .. Recurrent("rnn_seed/train/b32", TorchCell.Rnn, 10, 20, 100),
        .. Recurrent("lstm/train/b32", TorchCell.Lstm, 128, 256, 64),
        .. Recurrent("gru/train/b32", TorchCell.Gru, 128, 256, 64),
        .. RecurrentInference("infer/lstm/b32", TorchCell.Lstm),
        .. RecurrentInference("infer/gru/b32", TorchCell.Gru),
        .. Adaptive("sentiment/train/b32", () => new TorchSentiment(), () => randint(0, 10000, [32, 50], int64), () => Labels(32, 2)),
    ];

    /// <summary>A training by Adam, and the same by the fused one.</summary>
    public static IEnumerable<TorchWorkload> Adaptive(string name, Func<Model> model, Func<Tensor> input, Func<Tensor> labels) =>
    [
        new(name, () => TorchWork.Training(model(), input(), labels(), TorchOptimizers.Adam)),
        new($"{name}#fused", () => TorchWork.Training(model(), input(), labels(), FusedOptimizer.Adam)),
    ];

    private static Tensor Labels(int count, int classes = 10) => randint(0, classes, [count], int64);

    private static IEnumerable<TorchWorkload> Recurrent(string name, TorchCell cell, int inputs, int hidden, int time)
    {
        TorchRecurrent Model(bool fromState) => new(cell, inputs, hidden, fromState);
        Tensor Input() => randn(32, time, inputs);
        return
        [
            .. Adaptive(name, () => Model(fromState: false), Input, () => Labels(32)),
            new($"{name}#h_n", () => TorchWork.Training(Model(fromState: true), Input(), Labels(32), TorchOptimizers.Adam)),
            new($"{name}#h_n_fused", () => TorchWork.Training(Model(fromState: true), Input(), Labels(32), FusedOptimizer.Adam)),
        ];
    }

    private static IEnumerable<TorchWorkload> RecurrentInference(string name, TorchCell cell) =>
    [
        new(name, () => TorchWork.Inference(new TorchRecurrent(cell, 128, 256, fromState: false), randn(32, 64, 128))),
        new($"{name}#h_n", () => TorchWork.Inference(new TorchRecurrent(cell, 128, 256, fromState: true), randn(32, 64, 128))),
    ];

    private static TorchWork Deep(bool script)
    {
        var model = TorchNetworks.Deep();
        Tensor[] parameters = [.. model.parameters()];
        var input = randn(32, 100);
        var mean = script ? TorchScripts.DeepMean(input, parameters) : null;
        void Backward()
        {
            if (mean is not null)
            {
                mean().backward();
                return;
            }

            using var output = model.call(input);
            output.mean().backward();
        }

        return TorchWork.Gradients(parameters, Backward, doubles =>
        {
            var x = input.to(float64);
            for (int i = 0; i < doubles.Length; i += 2)
            {
                x = 1 / (1 + (-(x.matmul(doubles[i].t()) + doubles[i + 1])).exp());
            }

            x.mean().backward();
        });
    }
}

/// <summary>The mean of the vectors of 50 words, and a perceptron.</summary>
internal sealed class TorchSentiment : nn.Module<Tensor, Tensor>
{
    private readonly Embedding _words;
    private readonly Sequential _head;

    public TorchSentiment()
        : base(nameof(TorchSentiment))
    {
        _words = nn.Embedding(10000, 100);
        _head = TorchNetworks.Perceptron(100, 256, 256, 2);
        RegisterComponents();
    }

    public override Tensor forward(Tensor input)
    {
        using var vectors = _words.call(input);
        using var mean = vectors.mean([1]);
        vectors.Dispose();
        return _head.call(mean);
    }
}
