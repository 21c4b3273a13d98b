using TinyNet.Autograd;
using TinyNet.Core;
using TinyNet.Layers;

namespace TinyNet.Bench;

/// <summary>Work that is also measured of other libraries, under the same name.</summary>
/// <param name="Name">The name, as <c>mlp/train/b32</c>.</param>
/// <param name="Description">What it does, in the words of README.md.</param>
/// <param name="Prepare">Makes model and data, and returns what is to be timed.</param>
internal sealed record Workload(string Name, string Description, Func<PreparedWork> Prepare)
{
    private const string Mlp = "784-256-128-10 MLP";

    /// <summary>The workload that is the same by another name; null for none.</summary>
    public string? SameAs { get; init; }

    /// <summary>All workloads whose operations exist.</summary>
    public static IReadOnlyList<Workload> All { get; } =
    [
        .. new[] { 64, 256, 512, 1024, 2048 }.Select(
            size => new Workload($"gemm/{size}", $"{size} x {size} matrix product", () => MatrixProduct(size))),
        .. Activations("relu", x => x.Apply(new ReLUOp())),
        .. Activations("leaky_relu", x => x.Apply(new LeakyReLUOp(0.01f))),
        .. Activations("elu", x => x.Apply(new ELUOp(1))),
        .. Activations("selu", x => x.Apply(new SELUOp())),
        .. Activations("gelu", x => x.Apply(new GELUOp())),
        .. Activations("gelu_tanh", x => x.Apply(new TanhGELUOp())),
        .. Activations("silu", x => x.Apply(new SiLUOp())),
        .. Activations("mish", x => x.Apply(new MishOp())),
        .. Activations("softplus", x => x.Apply(new SoftplusOp(1, 20))),
        .. Activations("sigmoid", x => x.Sigmoid()),
        .. Activations("tanh", x => x.Tanh()),
        .. Activations("softmax", x => x.Softmax(-1)),
        new("mlp/train/b32", $"{Mlp}, one Adam step, batch 32", () => Training(32)),
        new("mlp/train/b256", $"{Mlp}, one Adam step, batch 256", () => Training(256)),
        new("mlp/infer/b1", $"{Mlp}, inference of one sample", () => Inference(Perceptron(), Normal(1, 784))) { SameAs = "infer/mlp/b1" },
        new("infer/mlp/b1", $"{Mlp}, inference of one sample", () => Inference(Perceptron(), Normal(1, 784))),
        new("infer/mlp/b256", $"{Mlp}, inference of 256 samples", () => Inference(Perceptron(), Normal(256, 784))),
        new("deep20/fwdbwd/b32", "21 dense layers with sigmoid, forward and backward, batch 32", DeepGradient),
        new(
            "rnn_seed/train/b32",
            "RNN (tanh) 10-20 over 100 steps, one Adam step, batch 32",
            () => Training(new LastStep(new RNN(10, 20)), Normal(32, 100, 10))),
        new(
            "lstm/train/b32",
            "LSTM 128-256 over 64 steps, one Adam step, batch 32",
            () => Training(new LastStep(new LSTM(128, 256)), Normal(32, 64, 128))),
        new(
            "gru/train/b32",
            "GRU 128-256 over 64 steps, one Adam step, batch 32",
            () => Training(new LastStep(new GRU(128, 256)), Normal(32, 64, 128))),
        new(
            "infer/lstm/b32",
            "the LSTM, inference of 32 samples",
            () => Inference(new LastStep(new LSTM(128, 256)), Normal(32, 64, 128))),
        new(
            "infer/gru/b32",
            "the GRU, inference of 32 samples",
            () => Inference(new LastStep(new GRU(128, 256)), Normal(32, 64, 128))),
        .. SequenceWorkloads.All,
        .. ImageWorkloads.All,
    ];

    /// <summary>The workloads whose names start with one of the prefixes; all where there are none.</summary>
    /// <exception cref="CommandFailure">No name starts with a prefix.</exception>
    public static IReadOnlyList<Workload> StartingWith(string[] prefixes)
    {
        if (prefixes.FirstOrDefault(prefix => !All.Any(workload => workload.StartsWith(prefix))) is { } unknown)
        {
            throw new CommandFailure(
                $"no workload starts with \"{unknown}\"; there are {string.Join(", ", All.Select(workload => workload.Name))}");
        }

        return prefixes.Length == 0 ? All : [.. All.Where(workload => prefixes.Any(workload.StartsWith))];
    }

    /// <summary>Workloads without those that are others of them by another name, which would count twice in a mean.</summary>
    public static IReadOnlyList<Workload> Once(IReadOnlyList<Workload> workloads) =>
        [.. workloads.Where(workload => workloads.All(other => other.Name != workload.SameAs))];

    private bool StartsWith(string prefix) => Name.StartsWith(prefix, StringComparison.Ordinal);

    /// <summary>C = A · B, square.</summary>
    internal static PreparedWork MatrixProduct(int size)
    {
        Tensor a = Normal(size, size), b = Normal(size, size);
        return new PreparedWork(show =>
        {
            using var tape = Tape.NoRecord();
            var product = a.MatMul(b);
            show?.Invoke(product);
        });
    }

    /// <summary>A training step of 784-256-128-10 with ReLU, cross-entropy and Adam.</summary>
    internal static PreparedWork Training(int batch) => Training(Perceptron(), Normal(batch, 784));

    /// <summary>A training step of a classifier of ten classes with cross-entropy and Adam.</summary>
    private static PreparedWork Training(Module<Tensor, Tensor> model, Tensor input) =>
        Training(model, input, new Adam(model.Parameters(), learningRate: 1e-3f));

    /// <summary>A training step of a classifier of ten classes with cross-entropy.</summary>
    internal static PreparedWork Training(Module<Tensor, Tensor> model, Tensor input, Optimizer optimizer)
    {
        var random = new RandomStream(1);
        return Training(model, input, IndexTensor.From([.. Enumerable.Range(0, input.Shape[0]).Select(_ => random.Next(10))]), optimizer);
    }

    /// <summary>A training step of a classifier with cross-entropy.</summary>
    internal static PreparedWork Training<TIn>(Module<TIn, Tensor> model, TIn input, IndexTensor labels, Optimizer optimizer)
    {
        var crossEntropy = new CrossEntropy();
        return new PreparedWork(
            show =>
            {
                using var tape = Tape.Record();
                var output = model.Forward(input);
                var loss = crossEntropy.Forward(output, labels);
                tape.Backward(loss);
                optimizer.Step();
                show?.Invoke(output);
                show?.Invoke(loss);
            },
            model.Parameters())
        {
            Model = model,
        };
    }

    /// <summary>The forward pass of a model in evaluation, with nothing recorded.</summary>
    internal static PreparedWork Inference(Module<Tensor, Tensor> model, Tensor input)
    {
        model.Evaluate();
        return new PreparedWork(show =>
        {
            using var tape = Tape.NoRecord();
            var output = model.Forward(input);
            show?.Invoke(output);
        })
        {
            Model = model,
            Input = input,
        };
    }

    private static IEnumerable<Workload> Activations(string name, Func<Tensor, Tensor> activation) =>
    [
        new($"act/{name}/fwd", $"{name} of 1000 x 1000, forward", () =>
        {
            var x = Normal(1000, 1000);
            return new PreparedWork(show =>
            {
                using var tape = Tape.NoRecord();
                var output = activation(x);
                show?.Invoke(output);
            });
        }),
        new($"act/{name}/fwdbwd", $"{name} of 1000 x 1000, forward and backward", () =>
        {
            var x = new Parameter(Normal(1000, 1000));
            var gradient = Normal(1000, 1000);
            return new PreparedWork(
                show =>
                {
                    x.ClearGradient();
                    using var tape = Tape.Record();
                    var output = activation(x);
                    tape.Backward(output, gradient);
                    show?.Invoke(output);
                },
                x);
        }),
    ];

    /// <summary>Gradients through 20 dense layers of 64 with sigmoid.</summary>
    private static PreparedWork DeepGradient()
    {
        var model = new Sequential();
        for (int i = 0; i < 20; i++)
        {
            model.Add(new Dense(i == 0 ? 100 : 64, 64));
            model.Add(new Sigmoid());
        }

        model.Add(new Dense(64, 1));
        model.Add(new Sigmoid());
        Parameter[] parameters = [.. model.Parameters()];
        var x = Normal(32, 100);
        return new PreparedWork(
            show =>
            {
                foreach (var parameter in parameters)
                {
                    parameter.ClearGradient();
                }

                using var tape = Tape.Record();
                var output = model.Forward(x);
                tape.Backward(output.Mean());
                show?.Invoke(output);
            },
            parameters);
    }

    private static Sequential Perceptron() => new(new Dense(784, 256), new ReLU(), new Dense(256, 128), new ReLU(), new Dense(128, 10));

    private static Tensor Normal(params ReadOnlySpan<int> sizes) => Tensor.Normal(new Shape(sizes), RandomStream.Default);

    /// <summary>The hidden state of a recurrent layer after the last step, and a dense layer with 10 outputs.</summary>
    private sealed class LastStep : Module<Tensor, Tensor>
    {
        private readonly RecurrentLayer _layer;
        private readonly Dense _head;

        public LastStep(RecurrentLayer layer) => (_layer, _head) = (Child("layer", layer), Child("head", new Dense(layer.HiddenSize, 10)));

        protected override Tensor ForwardCore(Tensor input) => _head.Forward(_layer.Forward(input).Output.Select(1, -1));
    }
}
