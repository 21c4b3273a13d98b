using TinyNet.Autograd;
using TinyNet.Core;
using TinyNet.Layers;

namespace TinyNet.Bench;

/// <summary>Work that is also measured of other libraries, under the same name.</summary>
/// <param name="Name">The name, as <c>mlp/train/b32</c>.</param>
/// <param name="Description">What it does, in the words of README.md.</param>
/// <param name="Prepare">Makes model and data, and returns what is to be timed.</param>
internal sealed record Workload(string Name, string Description, Func<Action> Prepare)
{
    private const string Mlp = "784-256-128-10 MLP";

    /// <summary>All workloads whose operations exist.</summary>
    public static IReadOnlyList<Workload> All { get; } =
    [
        .. new[] { 64, 256, 512, 1024, 2048 }.Select(size => new Workload($"gemm/{size}", $"{size} x {size} matrix product", () => MatrixProduct(size))),
        .. Activations("relu", x => x.Apply(new ReluOp())),
        .. Activations("leaky_relu", x => x.Apply(new LeakyReluOp(0.01f))),
        .. Activations("elu", x => x.Apply(new EluOp(1))),
        .. Activations("selu", x => x.Apply(new SeluOp())),
        .. Activations("gelu", x => x.Apply(new GeluOp())),
        .. Activations("gelu_tanh", x => x.Apply(new TanhGeluOp())),
        .. Activations("silu", x => x.Apply(new SiluOp())),
        .. Activations("mish", x => x.Apply(new MishOp())),
        .. Activations("softplus", x => x.Apply(new SoftplusOp(1, 20))),
        .. Activations("sigmoid", x => x.Sigmoid()),
        .. Activations("tanh", x => x.Tanh()),
        .. Activations("softmax", x => x.Softmax(-1)),
        new("mlp/train/b32", $"{Mlp}, one Adam step, batch 32", () => Training(32)),
        new("mlp/train/b256", $"{Mlp}, one Adam step, batch 256", () => Training(256)),
        new("mlp/infer/b1", $"{Mlp}, inference of one sample", () => Inference(Perceptron(), Normal(1, 784))),
        new("infer/mlp/b1", $"{Mlp}, inference of one sample, onnxruntime", () => Inference(Perceptron(), Normal(1, 784))),
        new("infer/mlp/b256", $"{Mlp}, inference of 256 samples, onnxruntime", () => Inference(Perceptron(), Normal(256, 784))),
        new("deep20/fwdbwd/b32", "21 dense layers with sigmoid, forward and backward, batch 32", DeepGradient),
        .. ImageWorkloads.All,
    ];

    public bool StartsWith(string prefix) => Name.StartsWith(prefix, StringComparison.Ordinal);

    /// <summary>C = A · B, square.</summary>
    internal static Action MatrixProduct(int size)
    {
        Tensor a = Normal(size, size), b = Normal(size, size);
        return () =>
        {
            using var tape = Tape.NoRecord();
            a.MatMul(b);
        };
    }

    /// <summary>A training step of 784-256-128-10 with ReLU, cross-entropy and Adam.</summary>
    internal static Action Training(int batch)
    {
        var model = Perceptron();
        return Training(model, Normal(batch, 784), new Adam(model.Parameters(), learningRate: 1e-3f));
    }

    /// <summary>A training step of a classifier of ten classes with cross-entropy.</summary>
    internal static Action Training(Module<Tensor, Tensor> model, Tensor input, Optimizer optimizer)
    {
        var crossEntropy = new CrossEntropy();
        var random = new RandomStream(1);
        var labels = IndexTensor.From([.. Enumerable.Range(0, input.Shape[0]).Select(_ => random.Next(10))]);
        return () =>
        {
            using var tape = Tape.Record();
            var loss = crossEntropy.Forward(model.Forward(input), labels);
            tape.Backward(loss);
            optimizer.Step();
        };
    }

    /// <summary>The forward pass of a model in evaluation, with nothing recorded.</summary>
    internal static Action Inference(Module<Tensor, Tensor> model, Tensor input)
    {
        model.Evaluate();
        return () =>
        {
            using var tape = Tape.NoRecord();
            model.Forward(input);
        };
    }

    private static IEnumerable<Workload> Activations(string name, Func<Tensor, Tensor> activation) =>
    [
        new($"act/{name}/fwd", $"{name} of 1000 x 1000, forward", () =>
        {
            var x = Normal(1000, 1000);
            return () =>
            {
                using var tape = Tape.NoRecord();
                activation(x);
            };
        }),
        new($"act/{name}/fwdbwd", $"{name} of 1000 x 1000, forward and backward", () =>
        {
            var x = new Parameter(Normal(1000, 1000));
            var gradient = Normal(1000, 1000);
            return () =>
            {
                x.ClearGradient();
                using var tape = Tape.Record();
                tape.Backward(activation(x), gradient);
            };
        }),
    ];

    /// <summary>Gradients through 20 dense layers of 64 with sigmoid.</summary>
    private static Action DeepGradient()
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
        return () =>
        {
            foreach (var parameter in parameters)
            {
                parameter.ClearGradient();
            }

            using var tape = Tape.Record();
            tape.Backward(model.Forward(x).Mean());
        };
    }

    private static Sequential Perceptron() => new(new Dense(784, 256), new ReLU(), new Dense(256, 128), new ReLU(), new Dense(128, 10));

    private static Tensor Normal(int rows, int columns) => Tensor.Normal([rows, columns], RandomStream.Default);
}
