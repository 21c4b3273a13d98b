using TinyNet.Autograd;
using TinyNet.Core;
using TinyNet.Layers;

namespace TinyNet.Bench;

/// <summary>
/// The family <c>training</c>: small networks, trained from given weights; the loss before every step and after the last is compared.
/// </summary>
internal static class TrainingReplays
{
    public static IReadOnlyDictionary<string, Replay> Table { get; } = new Dictionary<string, Replay>
    {
        ["mlp"] = Train,
        ["cnn"] = Train,
        ["rnn"] = Train,
        ["transformer"] = Train,
    };

    private static void Train(CaseRun run)
    {
        var model = new Network(
            [
                .. run.Attributes.Element("layers").EnumerateArray().Select(layer => new CaseAttributes(layer))
                    .Select(layer => (NameOf(layer), Layer(layer))),
            ]);
        run.Adopt(model);
        var optimizer = OptimizerReplays.Create(
            run.Attributes.Text("optimizer"),
            new CaseAttributes(run.Attributes.Element("optimizer_attrs")),
            model.NamedParameters().ToDictionary(named => named.Name, named => named.Parameter));
        int steps = run.Attributes.Int("num_steps");
        var losses = new double[steps + 1];
        for (int step = 0; step <= steps; step++)
        {
            // The open scope is that of the comparison.
            using var suspension = Tape.Suspend();
            using var tape = Tape.Record();
            var loss = Loss(run, model.Forward(run));
            losses[step] = loss.Item();
            if (step == steps)
            {
                break;
            }

            tape.Backward(loss);
            if (run.Attributes.IsGiven("clip_grad_norm"))
            {
                GradientClipping.ByNorm(model.Parameters(), run.Attributes.Float("clip_grad_norm"));
            }

            OptimizerReplays.SetRate(run, optimizer, step);
            optimizer.Step();
        }

        run.Output("losses", losses);
    }

    private static Tensor Loss(CaseRun run, Tensor y) => run.Attributes.Text("loss") switch
    {
        "cross_entropy" => run.IsIndices("target")
            ? new CrossEntropy().Forward(y, run.Indices("target"))
            : new CrossEntropy().Forward(y, run.Input("target")),
        "mse" => new MeanSquaredError().Forward(y, run.Input("target")),
        var other => throw new NotCoveredException($"loss {other}"),
    };

    private static string? NameOf(CaseAttributes layer) => layer.IsGiven("name") ? layer.Text("name") : null;

    private static Module Layer(CaseAttributes layer) => layer.Text("type") switch
    {
        "embedding" => new Embedding(layer.Int("num_embeddings"), layer.Int("embedding_dim")),
        "linear" => new Dense(layer.Int("in_features"), layer.Int("out_features")),
        "conv2d" => new Conv2d(
            layer.Int("in_channels"), layer.Int("out_channels"), layer.Int("kernel_size"), layer.Int("stride"), layer.Int("padding")),
        "batch_norm1d" => new BatchNorm1d(layer.Int("num_features")),
        "batch_norm2d" => new BatchNorm2d(layer.Int("num_features")),
        "max_pool2d" => new MaxPool2d(layer.Int("kernel_size")),
        "avg_pool2d" => new AvgPool2d(layer.Int("kernel_size")),
        "flatten" => new Flatten(),
        "relu" or "tanh" or "gelu" or "sigmoid" or "silu" => Activation.FromName(layer.Text("type")),
        "rnn" =>
            new RNN(layer.Int("input_size"), layer.Int("hidden_size"), layer.Int("num_layers"), bidirectional: layer.Flag("bidirectional")),
        "lstm" => new LSTM(layer.Int("input_size"), layer.Int("hidden_size"), layer.Int("num_layers"), layer.Flag("bidirectional")),
        "gru" => new GRU(layer.Int("input_size"), layer.Int("hidden_size"), layer.Int("num_layers"), layer.Flag("bidirectional")),
        "layer_norm" => new LayerNorm(new Shape(layer.Ints("normalized_shape"))),
        "transformer_encoder_layer" =>
            new TransformerEncoderLayer(layer.Int("d_model"), layer.Int("nhead"), layer.Int("dim_feedforward"), dropout: 0,
            Activation.FromName(layer.Text("activation")), layer.Flag("norm_first")),
        "last_step" => new Lambda(x => x.Select(1, -1), "last_step"),
        "mean_time" => new Lambda(x => x.Mean(1), "mean_time"),
        var other => throw new NotCoveredException($"layer {other}"),
    };

    /// <summary>Layers one after the other, from the x of a case. Only those with names have anything of their own.</summary>
    private sealed class Network : Module<CaseRun, Tensor>
    {
        private readonly List<Module> _layers = [];

        public Network((string? Name, Module Layer)[] layers)
        {
            foreach (var (name, layer) in layers)
            {
                _layers.Add(Child(name ?? $"layer {_layers.Count}", layer));
            }
        }

        protected override Tensor ForwardCore(CaseRun run)
        {
            var x = run.IsIndices("x") ? null : run.Input("x");
            foreach (var layer in _layers)
            {
                x = (layer, x) switch
                {
                    (Embedding embedding, null) => embedding.Forward(run.Indices("x")),
                    (RecurrentLayer recurrent, not null) => recurrent.Forward(x).Output,
                    (TransformerEncoderLayer encoder, not null) => encoder.Forward(x),
                    (Module<Tensor, Tensor> function, not null) => function.Forward(x),
                    _ => throw new FormatException($"{layer.Describe()} reads {(x is null ? "indices" : "numbers")}"),
                };
            }

            return x ?? throw new FormatException("no layer reads the indices x");
        }
    }
}
