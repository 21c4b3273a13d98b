using System.Text.Json;
using TinyNet.Autograd;
using TinyNet.Core;
using TinyNet.Layers;

namespace TinyNet.Bench;

/// <summary>The family <c>training</c>: a network is trained for some steps on one batch, and the losses are compared.</summary>
internal static class TrainingReplays
{
    public static IReadOnlyDictionary<string, Replay> Table { get; } = new Dictionary<string, Replay>
    {
        ["mlp"] = Train,
        ["cnn"] = Train,
    };

    private static void Train(CaseRun run)
    {
        // A step is a scope of its own; the replay's stays open around it.
        using var suspension = Tape.Suspend();
        var attributes = run.Attributes;
        var model = Model(run);
        var optimizer = OptimizerOf(attributes.Text("optimizer"), new CaseAttributes(attributes.Element("optimizer_attrs")), model.Parameters());
        var x = run.Input("x");
        Func<Tensor, Tensor> loss = attributes.Text("loss") switch
        {
            "cross_entropy" when run.Indices("target") is var labels => y => new CrossEntropy().Forward(y, labels),
            "mse" when run.Input("target") is var target => y => new MeanSquaredError().Forward(y, target),
            var other => throw new FormatException($"unknown loss \"{other}\""),
        };
        var rates = attributes.Has("lr_per_step") && !attributes.IsNull("lr_per_step") ? attributes.Element("lr_per_step") : default;
        var losses = new double[attributes.Int("num_steps") + 1];
        for (int step = 0; step < losses.Length; step++)
        {
            using var tape = Tape.Record();
            var mean = loss(model.Forward(x));
            losses[step] = mean.Item();
            if (step == losses.Length - 1)
            {
                break;
            }

            tape.Backward(mean);
            if (attributes.Has("clip_grad_norm") && attributes.OptionalFloat("clip_grad_norm") is { } norm)
            {
                GradientClipping.ByNorm(model.Parameters(), norm);
            }

            if (rates.ValueKind == JsonValueKind.Array)
            {
                optimizer.LearningRate = (float)rates[step].GetDouble();
            }

            optimizer.Step();
        }

        run.Output("losses", losses);
    }

    private static Sequential Model(CaseRun run)
    {
        var model = new Sequential();
        foreach (var json in run.Attributes.Element("layers").EnumerateArray())
        {
            var layer = new CaseAttributes(json);
            model.Add(Layer(layer));
            if (layer.Has("name"))
            {
                Load(run, layer.Text("name"), model[^1]);
            }
        }

        model.To(run.Device);
        return model;
    }

    private static Module<Tensor, Tensor> Layer(CaseAttributes layer) => layer.Text("type") switch
    {
        "linear" => new Dense(layer.Int("in_features"), layer.Int("out_features")),
        "conv2d" => new Conv2d(layer.Int("in_channels"), layer.Int("out_channels"), layer.Int("kernel_size"), layer.Int("stride"), layer.Int("padding")),
        "batch_norm1d" => new BatchNorm1d(layer.Int("num_features")),
        "batch_norm2d" => new BatchNorm2d(layer.Int("num_features")),
        "max_pool2d" => new MaxPool2d(layer.Int("kernel_size")),
        "avg_pool2d" => new AvgPool2d(layer.Int("kernel_size")),
        "flatten" => new Flatten(),
        var activation => Activation.FromName(activation),
    };

    /// <summary>Copies parameters and buffers; the format has weights as [out, in, ..], the layers as [.., in, out].</summary>
    private static void Load(CaseRun run, string name, Module layer)
    {
        foreach (var (part, tensor) in layer.NamedParameters().Select(named => (named.Name, (Tensor)named.Parameter)).Concat(layer.NamedBuffers()))
        {
            if (run.OptionalInput($"{name}.{part}") is { } given)
            {
                tensor.CopyFrom(given.Rank switch
                {
                    2 => given.Transpose().ToArray(),
                    4 => given.Permute(2, 3, 1, 0).ToArray(),
                    _ => given.ToArray(),
                });
            }
        }
    }

    private static Optimizer OptimizerOf(string name, CaseAttributes attributes, IEnumerable<Parameter> parameters) => name switch
    {
        "sgd" => new Sgd(parameters, attributes.Float("lr"), weightDecay: attributes.Float("weight_decay")),
        "momentum" => new Sgd(parameters, attributes.Float("lr"), attributes.Float("momentum"), dampening: attributes.Float("dampening"), weightDecay: attributes.Float("weight_decay")),
        "adam" => new Adam(parameters, attributes.Float("lr"), (float)attributes.Element("betas")[0].GetDouble(), (float)attributes.Element("betas")[1].GetDouble(),
            attributes.Float("eps"), attributes.Float("weight_decay"), attributes.Flag("amsgrad")),
        _ => throw new NotCoveredException($"training with {name}"),
    };
}
