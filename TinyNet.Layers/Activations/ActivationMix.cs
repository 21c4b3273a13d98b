using TinyNet.Autograd;
using TinyNet.Core;

namespace TinyNet.Layers;

/// <summary>
/// A mix of activations with learned weights: y = Σ aₖ fₖ(x) + b; dy/dx = Σ aₖ fₖ′(x), ∂y/∂aₖ = fₖ(x), ∂y/∂b = 1. The weights
/// are the parameters a0, a1, …, the bias is b0, the activations are the children 0, 1, ….
/// </summary>
/// <remarks>
/// Range: that of the sum.
/// Paper: F. Manessi, A. Rozza, "Learning combinations of activation functions", ICPR 2018, arXiv:1801.09403.
/// </remarks>
/// <example><code>var mix = ActivationMix.StartingAsIdentity(new ReLU(), new Tanh(), new Sigmoid());</code></example>
public sealed class ActivationMix : Module<Tensor, Tensor>
{
    private readonly Module<Tensor, Tensor>[] _activations;
    private readonly Parameter[] _weights;

    /// <summary>A mix whose weights start at 1 and whose bias starts at 0.</summary>
    /// <param name="activations">The functions; each must keep the shape.</param>
    /// <exception cref="ArgumentException">There is no activation.</exception>
    public ActivationMix(params ReadOnlySpan<Module<Tensor, Tensor>> activations) : this(activations, Ones(activations.Length), bias: 0)
    {
    }

    /// <summary>A mix with weights and a bias to start with.</summary>
    /// <param name="activations">The functions; each must keep the shape.</param>
    /// <param name="weights">The weight of each.</param>
    /// <param name="bias">What is added.</param>
    /// <exception cref="ArgumentException">There is no activation, or not one weight for each.</exception>
    public ActivationMix(ReadOnlySpan<Module<Tensor, Tensor>> activations, ReadOnlySpan<float> weights, float bias)
    {
        if (activations.IsEmpty || activations.Length != weights.Length)
        {
            throw new ArgumentException(
                $"ActivationMix: {activations.Length} activations with {weights.Length} weights; "
                + "give at least one activation and one weight for each",
                nameof(activations));
        }

        _activations = activations.ToArray();
        _weights = new Parameter[weights.Length];
        for (int i = 0; i < weights.Length; i++)
        {
            Child($"{i}", _activations[i]);
            _weights[i] = AddParameter($"a{i}", weights[i]);
        }

        Bias = AddParameter("b0", bias);
    }

    /// <summary>The weights, each of shape [1].</summary>
    public IReadOnlyList<Parameter> Weights => _weights;

    /// <summary>The bias, of shape [1].</summary>
    public Parameter Bias { get; }

    /// <summary>
    /// A mix that starts as y = x: an <see cref="Identity"/> of weight 1 comes first, the activations given start with weight 0.
    /// </summary>
    public static ActivationMix StartingAsIdentity(params ReadOnlySpan<Module<Tensor, Tensor>> activations)
    {
        float[] weights = new float[activations.Length + 1];
        weights[0] = 1;
        return new ActivationMix([new Identity(), .. activations], weights, bias: 0);
    }

    /// <inheritdoc/>
    public override string Describe() => $"ActivationMix({string.Join(", ", _activations.Select(activation => activation.Describe()))})";

    private protected override string Title => "ActivationMix";

    internal static Tensor Compute(Tensor x, ReadOnlySpan<Module<Tensor, Tensor>> activations, ReadOnlySpan<Tensor> weights, Tensor bias)
    {
        var sum = weights[0] * Activate(activations[0], x);
        for (int i = 1; i < activations.Length; i++)
        {
            sum += weights[i] * Activate(activations[i], x);
        }

        return sum + bias;
    }

    /// <summary>An activation of x, of the shape of x: another might broadcast.</summary>
    private static Tensor Activate(Module<Tensor, Tensor> activation, Tensor x)
    {
        var y = activation.Forward(x);
        return y.Shape == x.Shape
            ? y
            : throw new ShapeException(
                "ActivationMix",
                $"{activation.Describe()} makes shape {y.Shape} of {x.Shape}",
                "mix activations that keep the shape");
    }

    /// <inheritdoc/>
    protected override Tensor ForwardCore(Tensor input) => Compute(input, _activations, _weights, Bias);

    private static float[] Ones(int count)
    {
        float[] ones = new float[count];
        ones.AsSpan().Fill(1);
        return ones;
    }
}
