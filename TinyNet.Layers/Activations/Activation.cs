using TinyNet.Core;

namespace TinyNet.Layers;

/// <summary>Activations by name, with their default settings.</summary>
/// <remarks>
/// In the formulas x is the input, y the output, σ the logistic function 1 / (1 + e^−x), ln the natural logarithm, and δᵢⱼ is 1 where
/// i = j, else 0. Decimal bounds of a range are rounded.
/// </remarks>
public static class Activation
{
    private static readonly SortedDictionary<string, Func<Module<Tensor, Tensor>>> Known = new(StringComparer.OrdinalIgnoreCase)
    {
        ["activation_mix"] = static () => ActivationMix.StartingAsIdentity(new ReLU(), new Tanh(), new Sigmoid()),
        ["approximate_tanh"] = static () => new ApproximateTanh(),
        ["celu"] = static () => new CELU(),
        ["clipped_sigmoid"] = static () => new ClippedSigmoid(),
        ["decay_tanh"] = static () => new DecayTanh(),
        ["elu"] = static () => new ELU(),
        ["gaussian_glu"] = static () => new GaussianGLU(),
        ["geglu"] = static () => new GEGLU(),
        ["gelu"] = static () => new GELU(),
        ["gelu_tanh"] = static () => new TanhGELU(),
        ["glu"] = static () => new GLU(),
        ["hardshrink"] = static () => new HardShrink(),
        ["hardsigmoid"] = static () => new HardSigmoid(),
        ["hardswish"] = static () => new HardSwish(),
        ["hardtanh"] = static () => new HardTanh(),
        ["identity"] = static () => new Identity(),
        ["leaky_relu"] = static () => new LeakyReLU(),
        ["linear_sin"] = static () => new ParametricSine(),
        ["log_softmax"] = static () => new LogSoftmax(),
        ["logsigmoid"] = static () => new LogSigmoid(),
        ["mish"] = static () => new Mish(),
        ["param_swish"] = static () => new TrainableSwish(),
        ["piecewise_linear_tanh"] = static () => new PiecewiseLinearTanh(),
        ["prelu"] = static () => new PReLU(),
        ["quantized_clip"] = static () => new QuantizedClip(),
        ["quantized_sigmoid"] = static () => new QuantizedSigmoid(),
        ["reglu"] = static () => new ReGLU(),
        ["relu"] = static () => new ReLU(),
        ["relu6"] = static () => new ReLU6(),
        ["rrelu"] = static () => new RReLU(),
        ["scaled_tanh"] = static () => new ScaledTanh(),
        ["selu"] = static () => new SELU(),
        ["sigmoid"] = static () => new Sigmoid(),
        ["silu"] = static () => new SiLU(),
        ["snake"] = static () => new Snake(),
        ["snake_sin2"] = static () => new UnscaledSnake(),
        ["softmax"] = static () => new Softmax(),
        ["softmin"] = static () => new Softmin(),
        ["softplus"] = static () => new Softplus(),
        ["softshrink"] = static () => new SoftShrink(),
        ["softsign"] = static () => new Softsign(),
        ["square_softplus"] = static () => new SquareSoftplus(),
        ["swiglu"] = static () => new SwiGLU(),
        ["swish"] = static () => new Swish(),
        ["tanh"] = static () => new Tanh(),
        ["tanhshrink"] = static () => new TanhShrink(),
        ["threshold"] = static () => new Threshold(),
    };

    /// <summary>The names that <see cref="FromName"/> takes.</summary>
    public static IReadOnlyCollection<string> Names => Known.Keys;

    /// <summary>A new module of a name such as <c>relu</c>.</summary>
    /// <exception cref="ArgumentException">The name is unknown; the message lists the known ones.</exception>
    public static Module<Tensor, Tensor> FromName(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return Known.TryGetValue(name, out var create)
            ? create()
            : throw new ArgumentException(
                $"no activation '{name}'{Suggestion.For(name, Names)}; known are {string.Join(", ", Names)}", nameof(name));
    }
}
