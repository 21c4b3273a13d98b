using TinyNet.Autograd;
using TinyNet.Core;
using TinyNet.Layers;

namespace TinyNet.Bench;

/// <summary>The workloads with attention and embeddings.</summary>
internal static class SequenceWorkloads
{
    public static IReadOnlyList<Workload> All { get; } =
    [
        new("attention_seed/fwdbwd/b16", "attention with activations, 10 steps of 32, forward and backward, batch 16", SeedAttention),
        new("transformer_layer/train/b8", "transformer layer, 128 steps of 256, one Adam step, batch 8",
            () => Train(
                new Encoder(),
                Tensor.Normal([8, 128, 256], RandomStream.Default),
                Labels(8, 10),
                parameters => new Adam(parameters, 1e-3f))),
        new("gpt_tiny/train/b16", "4 transformer layers, 64 steps of 128, one AdamW step, batch 16",
            () => Train(new LanguageModel(), Indices([16, 64], 65), Labels(16 * 64, 65), parameters => new AdamW(parameters, 3e-4f))),
        new("sentiment/train/b32", "mean of 50 embeddings of 10,000 words and an MLP, one Adam step, batch 32",
            () => Train(new Sentiment(), Indices([32, 50], 10000), Labels(32, 2), parameters => new Adam(parameters, 1e-3f))),
        new("infer/transformer_layer/b8", "the transformer layer, inference of 8 samples",
            () => Workload.Inference(new Encoder(), Tensor.Normal([8, 128, 256], RandomStream.Default))),
    ];

    /// <summary>Gradients through attention with activations, to the input and the weights.</summary>
    private static PreparedWork SeedAttention()
    {
        var model = new SelfAttention(32, new Tanh(), new Tanh(), new ReLU(), new TanhGELU());
        var x = new Parameter(Tensor.Normal([16, 10, 32], RandomStream.Default));
        var gradient = Tensor.Normal([16, 10, 32], RandomStream.Default);
        Parameter[] parameters = [x, .. model.Parameters()];
        return new PreparedWork(
            show =>
            {
                foreach (var parameter in parameters)
                {
                    parameter.ClearGradient();
                }

                using var tape = Tape.Record();
                var output = model.Forward(x);
                tape.Backward(output, gradient);
                show?.Invoke(output);
            },
            parameters);
    }

    private static PreparedWork Train<TIn>(
        Module<TIn, Tensor> model, TIn input, IndexTensor labels, Func<IEnumerable<Parameter>, Optimizer> optimize) =>
        Workload.Training(model, input, labels, optimize(model.Parameters()));

    private static IndexTensor Labels(int count, int classes) => Indices([count], classes);

    private static IndexTensor Indices(Shape shape, int limit) =>
        IndexTensor.From([.. Enumerable.Range(0, shape.Length).Select(_ => RandomStream.Default.Next(limit))], shape);

    /// <summary>A transformer layer of 8 heads, the mean over time, and 10 classes.</summary>
    private sealed class Encoder : Module<Tensor, Tensor>
    {
        private readonly TransformerEncoderLayer _layer;
        private readonly Dense _head;

        public Encoder() =>
            (_layer, _head) = (Child("layer", new TransformerEncoderLayer(256, 8, 1024, dropout: 0)), Child("head", new Dense(256, 10)));

        protected override Tensor ForwardCore(Tensor input) => _head.Forward(_layer.Forward(input).Mean(1));
    }

    /// <summary>Four pre-norm layers of 4 heads over 65 tokens in a context of 64.</summary>
    private sealed class LanguageModel : Module<IndexTensor, Tensor>
    {
        private readonly Embedding _tokens;
        private readonly LearnedPositions _positions;
        private readonly TransformerEncoder _layers;
        private readonly Dense _head;

        public LanguageModel()
        {
            _tokens = Child("tokens", new Embedding(65, 128));
            _positions = Child("positions", new LearnedPositions(64, 128));
            _layers = Child("encoder", new TransformerEncoder(
                Enumerable.Range(0, 4).Select(_ => new TransformerEncoderLayer(128, 4, 512, dropout: 0, new GELU(), normFirst: true)),
                new LayerNorm(128)));
            _head = Child("head", new Dense(128, 65, bias: false));
        }

        protected override Tensor ForwardCore(IndexTensor input) =>
            _head.Forward(_layers.Forward(new EncoderInput(_positions.Forward(_tokens.Forward(input))) { IsCausal = true })).Flatten(0, 1);
    }

    /// <summary>The mean of the vectors of 50 words, and a perceptron.</summary>
    private sealed class Sentiment : Module<IndexTensor, Tensor>
    {
        private readonly Embedding _words;
        private readonly Sequential _head;

        public Sentiment()
        {
            _words = Child("words", new Embedding(10000, 100));
            _head = Child("head", new Sequential(new Dense(100, 256), new ReLU(), new Dense(256, 256), new ReLU(), new Dense(256, 2)));
        }

        protected override Tensor ForwardCore(IndexTensor input) => _head.Forward(_words.Forward(input).Mean(1));
    }
}
