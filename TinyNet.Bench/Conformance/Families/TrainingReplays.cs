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
        foreach (var (name, parameter) in model.NamedParameters())
        {
            // Weights are [out, in, ..] in files.
            var value = run.Input(name);
            parameter.CopyFrom((value.Rank == 2 ? value.Transpose() : value.Rank == 4 ? value.Permute(2, 3, 1, 0) : value).ToArray());
        }

        model.To(run.Device);
        var optimizer = OptimizerOf(
            run.Attributes.Text("optimizer"), new CaseAttributes(run.Attributes.Element("optimizer_attrs")), model.Parameters());
        var x = run.Input("x");
        int steps = run.Attributes.Int("num_steps");
        var losses = new double[steps + 1];
        for (int step = 0; step <= steps; step++)
        {
            // The open scope is that of the comparison.
            using var suspension = Tape.Suspend();
            using var tape = Tape.Record();
            var loss = Loss(run, model.Forward(x));
            losses[step] = loss.Item();
            if (step == steps)
            {
                break;
            }

            tape.Backward(loss);
            if (run.Attributes.Has("clip_grad_norm"))
            {
                GradientClipping.ByNorm(model.Parameters(), run.Attributes.Float("clip_grad_norm"));
            }

            if (run.Attributes.Has("lr_per_step"))
            {
                optimizer.LearningRate = (float)CaseTensor.Number(run.Attributes.Element("lr_per_step")[step]);
            }

            optimizer.Step();
        }

        run.Output("losses", losses);
    }

    private static Optimizer OptimizerOf(string name, CaseAttributes attributes, IEnumerable<Parameter> parameters) => name switch
    {
        "sgd" => new SGD([ParameterGroup.Of(parameters, OptimizerReplays.SGD(attributes))]),
        "momentum" => new SGD([ParameterGroup.Of(parameters, OptimizerReplays.Momentum(attributes))]),
        "adam" => new Adam([ParameterGroup.Of(parameters, OptimizerReplays.Adam(attributes))]),
        _ => throw new NotCoveredException($"optimizer {name}"),
    };

    private static Tensor Loss(CaseRun run, Tensor y) => run.Attributes.Text("loss") switch
    {
        "cross_entropy" => new CrossEntropy().Forward(y, run.Indices("target")),
        "mse" => new MeanSquaredError().Forward(y, run.Input("target")),
        var other => throw new NotCoveredException($"loss {other}"),
    };

    private static string? NameOf(CaseAttributes layer) => layer.Has("name") ? layer.Text("name") : null;

    private static Module Layer(CaseAttributes layer) => layer.Text("type") switch
    {
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

    /// <summary>Layers one after the other, under the names of the case.</summary>
    private sealed class Network : Module<Tensor, Tensor>
    {
        private readonly List<Module> _layers = [];

        public Network((string? Name, Module Layer)[] layers)
        {
            foreach (var (name, layer) in layers)
            {
                _layers.Add(Child(name ?? $"{_layers.Count}", layer));
            }
        }

        protected override Tensor ForwardCore(Tensor input)
        {
            var x = input;
            foreach (var layer in _layers)
            {
                x = layer switch
                {
                    RecurrentLayer recurrent => recurrent.Forward(x).Output,
                    TransformerEncoderLayer encoder => encoder.Forward(x),
                    _ => ((Module<Tensor, Tensor>)layer).Forward(x),
                };
            }

            return x;
        }
    }
}
