using TinyNet.Autograd;
using TinyNet.Core;
using TinyNet.Layers;

namespace TinyNet.Analysis;

/// <summary>How gradients shrink or grow on their way back through many layers.</summary>
public static class GradientFlow
{
    /// <summary>The network that is studied by default: what <see cref="DeepNetwork"/> builds has so many layers of this width.</summary>
    private const int DefaultDepth = 20, DefaultWidth = 64, DefaultInputs = 100, DefaultBatch = 32;

    private const int PureInputs = 1000;

    /// <summary>
    /// An activation f applied over and over, without weights: x₁ is the input, xₗ₊₁ = f(xₗ), and the gradient of the output by xₗ is
    /// f'(xₗ) f'(xₗ₊₁) … f'(x_L), the derivatives taken at the inputs of the layers.
    /// </summary>
    /// <param name="activation">The activation, which runs in evaluation mode and is afterwards as before.</param>
    /// <param name="depth">The number of layers L.</param>
    /// <param name="inputs">The x₁; null for 1,000 numbers of N(0, 4), drawn from seed 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no layer.</exception>
    /// <exception cref="ArgumentException">There are no inputs.</exception>
    /// <exception cref="TensorException">The activation does not map each number to a number.</exception>
    public static PureGradientFlow Pure(Module<Tensor, Tensor> activation, int depth = 10, Tensor? inputs = null)
    {
        ArgumentNullException.ThrowIfNull(activation);
        using var untouched = new UntouchedModel(activation, isEvaluated: true, hasBackward: true);
        return Pure(activation.Forward, activation.Describe(), depth, inputs, ElementFunction.DeviceOf(activation));
    }

    /// <summary>The same of a function of tensors.</summary>
    /// <param name="function">The function, by operations that have a derivative.</param>
    /// <param name="name">Its name in figures.</param>
    /// <param name="depth">The number of layers L.</param>
    /// <param name="inputs">The x₁; null for 1,000 numbers of N(0, 4), drawn from seed 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no layer.</exception>
    /// <exception cref="ArgumentException">There are no inputs.</exception>
    /// <exception cref="TensorException">The function does not map each number to a number.</exception>
    public static PureGradientFlow Pure(Func<Tensor, Tensor> function, string name, int depth = 10, Tensor? inputs = null)
    {
        ArgumentNullException.ThrowIfNull(function);
        ArgumentNullException.ThrowIfNull(name);
        return Pure(function, name, depth, inputs, inputs?.Device ?? Device.Default);
    }

    /// <summary>
    /// The gradients of a model's weights for a batch: for each layer the L2 norm over its weights, biases left out. The model runs in the
    /// modes that it is in, and is afterwards as before.
    /// </summary>
    /// <param name="model">The model.</param>
    /// <param name="input">The batch.</param>
    /// <param name="loss">What is made of the output; null for its mean.</param>
    /// <param name="name">The name in figures; null for the number of layers.</param>
    /// <exception cref="ArgumentException">The model has no weights: no parameter of two or more axes.</exception>
    /// <exception cref="LifetimeException">The loss does not follow from parameters that are not frozen.</exception>
    public static NetworkGradientFlow Of<TIn>(
        Module<TIn, Tensor> model, TIn input, Func<Tensor, Tensor>? loss = null, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        var weights = model.NamedParameters().Where(named => named.Parameter.Rank >= 2)
            .GroupBy(named => named.Name.LastIndexOf('.') is var dot and >= 0 ? named.Name[..dot] : "")
            .Select(layer => (Path: layer.Key, Parameters: layer.Select(named => named.Parameter).ToArray()))
            .ToArray();
        if (weights.Length == 0)
        {
            throw new ArgumentException($"{model.Describe()} has no weights, which are parameters of two or more axes", nameof(model));
        }

        using var untouched = new UntouchedModel(model, isEvaluated: false, hasBackward: true);
        using var tape = Tape.Record();
        var output = model.Forward(input);
        tape.Backward(loss is null ? output.Mean() : loss(output));
        return new NetworkGradientFlow(
            name ?? $"{weights.Length} layers", [.. weights.Select(layer => new LayerGradient(layer.Path, Norm(layer.Parameters)))]);
    }

    /// <summary>The same of a <see cref="DeepNetwork"/>, with the mean of the output as loss.</summary>
    /// <param name="activation">The name of the activation.</param>
    /// <param name="initializer">How weights begin; null for Xavier's uniform numbers. Biases begin with 0.</param>
    /// <param name="depth">The number of layers between the first and the last.</param>
    /// <param name="width">The number of units in each.</param>
    /// <param name="inputs">The number of inputs.</param>
    /// <param name="batch">The number of samples.</param>
    /// <param name="seed">The seed of weights and inputs.</param>
    /// <param name="name">The name in figures; null for that of the activation.</param>
    /// <exception cref="ArgumentException">The activation is unknown, or a number is not positive; the depth may be 0.</exception>
    public static NetworkGradientFlow Network(
        string activation, Initializer? initializer = null, int depth = DefaultDepth, int width = DefaultWidth,
        int inputs = DefaultInputs, int batch = DefaultBatch, ulong seed = 0, string? name = null)
    {
        var (model, input) = DeepNetwork(activation, initializer, depth, width, inputs, batch, seed);
        // What draws random numbers of its own does so in training alone.
        model.Evaluate();
        return Of(model, input, name: name ?? activation);
    }

    /// <summary>
    /// A deep network as it begins: a dense layer from the inputs to the width, depth layers of the width, each with an activation after
    /// it, and a dense layer to one number with a sigmoid; and a batch of N(0, 1) for it.
    /// </summary>
    /// <param name="activation">The name of the activation.</param>
    /// <param name="initializer">How weights begin; null for Xavier's uniform numbers. Biases begin with 0.</param>
    /// <param name="depth">The number of layers between the first and the last.</param>
    /// <param name="width">The number of units in each.</param>
    /// <param name="inputs">The number of inputs.</param>
    /// <param name="batch">The number of samples.</param>
    /// <param name="seed">The seed of weights and inputs.</param>
    /// <exception cref="ArgumentException">The activation is unknown, or a number is not positive; the depth may be 0.</exception>
    public static (Sequential Model, Tensor Input) DeepNetwork(
        string activation, Initializer? initializer = null, int depth = DefaultDepth, int width = DefaultWidth,
        int inputs = DefaultInputs, int batch = DefaultBatch, ulong seed = 0)
    {
        ArgumentNullException.ThrowIfNull(activation);
        Require.NotNegative(depth);
        Require.Positive(width);
        Require.Positive(inputs);
        Require.Positive(batch);
        var random = new RandomStream(seed);
        var model = new Sequential();
        for (int i = 0; i <= depth; i++)
        {
            model.Add(Layer(i == 0 ? inputs : width, width));
            model.Add(Activation.FromName(activation));
        }

        model.Add(Layer(width, 1));
        model.Add(new Sigmoid());
        return (model, Tensor.Normal([batch, inputs], random));

        Dense Layer(int from, int to) =>
            new(from, to, bias: true, initializer ?? Initializer.XavierUniform(), Initializer.Zeros, random);
    }

    /// <summary>Xavier's, Kaiming's and LeCun's normal numbers, with their names.</summary>
    public static IReadOnlyList<(string Name, Initializer Initializer)> NormalInitializers { get; } =
    [
        ("xavier", Initializer.XavierNormal()), ("kaiming", Initializer.KaimingNormal()), ("lecun", Initializer.LecunNormal),
    ];

    /// <summary>The deep network with each activation begun by each initializer.</summary>
    /// <param name="activations">The names of activations.</param>
    /// <param name="initializers">The initializers with their names; null for <see cref="NormalInitializers"/>.</param>
    /// <param name="depth">The number of layers between the first and the last.</param>
    /// <param name="seed">The seed of weights and inputs.</param>
    /// <exception cref="ArgumentException">There is no activation or no initializer, or an activation is unknown.</exception>
    public static GradientFlowStudy Study(
        IReadOnlyList<string> activations, IReadOnlyList<(string Name, Initializer Initializer)>? initializers = null,
        int depth = DefaultDepth, ulong seed = 0)
    {
        ArgumentNullException.ThrowIfNull(activations);
        initializers ??= NormalInitializers;
        return activations.Count == 0 || initializers.Count == 0
            ? throw new ArgumentException("there is nothing to study: give activations, and initializers or null", nameof(activations))
            : new GradientFlowStudy([.. activations.SelectMany(activation => initializers.Select(one =>
                Network(activation, one.Initializer, depth, seed: seed, name: $"{activation}, {one.Name}")))]);
    }

    private static PureGradientFlow Pure(Func<Tensor, Tensor> function, string name, int depth, Tensor? inputs, Device device)
    {
        Require.Positive(depth);
        float[] x = (inputs ?? Tensor.Normal([PureInputs], new RandomStream(0), 0, 2, device)).ToArray();
        if (x.Length == 0)
        {
            throw new ArgumentException("there are no inputs: give at least one number", nameof(inputs));
        }

        ElementFunction.Check(name, function, x, device);
        double[] magnitudes = new double[depth];
        using var suspension = Tape.Suspend();
        var input = ElementFunction.StandIn(Tensor.From(x, device));
        using var tape = Tape.Record();
        Tensor state = input;
        for (int i = 0; i < depth; i++)
        {
            // A view of its own for each layer, as a function may return its input.
            int layer = i;
            state = state.Alias();
            if (state.TapeSlot is not null)
            {
                state.OnGradient(gradient =>
                {
                    magnitudes[layer] = gradient.ToArray().Average(value => Math.Abs((double)value));
                    return null;
                });
            }

            state = function(state);
        }

        if (state.TapeSlot is not null)
        {
            tape.Backward(state, Tensor.Ones(state.Shape, device));
        }

        return new PureGradientFlow(name, magnitudes);
    }

    /// <summary>The L2 norm over all weights of a layer; nan where no gradient reached one.</summary>
    private static double Norm(Parameter[] weights) => weights.All(weight => weight.Gradient is null)
        ? double.NaN
        : Math.Sqrt(weights.Sum(weight => weight.Gradient?.ToArray().Sum(value => (double)value * value) ?? 0));
}
