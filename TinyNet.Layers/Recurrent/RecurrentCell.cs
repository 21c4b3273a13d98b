using TinyNet.Autograd;
using TinyNet.Core;

namespace TinyNet.Layers;

/// <summary>
/// The common part of <see cref="RNNCell"/>, <see cref="LSTMCell"/> and <see cref="GRUCell"/>: one step, for sequences that are
/// unrolled by hand. Parameters are <c>weight_ih</c> [in, gates · hidden], <c>weight_hh</c> [hidden, gates · hidden], <c>bias_ih</c> and
/// <c>bias_hh</c>; initially all are uniform in ±1/√hidden.
/// </summary>
/// <typeparam name="TOut">The hidden state, or hidden state and cell.</typeparam>
public abstract class RecurrentCell<TOut> : Module<CellInput, TOut>
{
    private protected RecurrentCell(int gates, int inputSize, int hiddenSize, bool bias, RandomStream? random)
    {
        Require.Positive(inputSize);
        Require.Positive(hiddenSize);
        (InputSize, HiddenSize) = (inputSize, hiddenSize);
        random ??= RandomStream.Default;
        float bound = 1 / MathF.Sqrt(hiddenSize);
        int sums = Shape.Product(gates, hiddenSize, GetType().Name);
        Weights = new RecurrentWeights(
            Uniform("weight_ih", [inputSize, sums]),
            Uniform("weight_hh", [hiddenSize, sums]),
            bias ? Uniform("bias_ih", [sums]) : null,
            bias ? Uniform("bias_hh", [sums]) : null);

        Parameter Uniform(string name, Shape shape) =>
            AddParameter(name, Tensor.Uniform(shape, random, -bound, bound), fileAxes: shape.Rank == 2 ? [1, 0] : []);
    }

    /// <summary>The number of features of the input.</summary>
    public int InputSize { get; }

    /// <summary>The number of hidden units.</summary>
    public int HiddenSize { get; }

    private protected RecurrentWeights Weights { get; }

    /// <summary>Runs a step.</summary>
    /// <param name="input">[batch, features].</param>
    /// <param name="state">The state before the step; null for zeros.</param>
    /// <exception cref="ShapeException">A shape does not fit.</exception>
    public TOut Forward(Tensor input, RecurrentState? state = null) => Forward(new CellInput(input, state));

    /// <inheritdoc/>
    public override string Describe() => $"{GetType().Name}({InputSize} -> {HiddenSize}{(Weights.InputBias is null ? ", no bias" : "")})";

    /// <summary>The step with weights of one's own.</summary>
    internal TOut Compute(CellInput input, in RecurrentWeights weights)
    {
        string name = GetType().Name;
        Operation.Check(name, input.Input);
        if (input.Input.Rank != 2 || input.Input.Shape[1] != InputSize)
        {
            throw new ShapeException(name, $"an input of shape {input.Input.Shape}", $"give [batch, {InputSize}]");
        }

        input.State?.EnsureFits(name, [input.Input.Shape[0], HiddenSize], hasCell: typeof(TOut) == typeof(RecurrentState));
        return Step(input.Input, input.State, weights);
    }

    /// <inheritdoc/>
    protected sealed override TOut ForwardCore(CellInput input) => Compute(input, Weights);

    private protected abstract TOut Step(Tensor input, RecurrentState? state, in RecurrentWeights weights);
}

/// <summary>
/// A step of an Elman network: h' = f(x W_ih + b_ih + h W_hh + b_hh) with any activation f.
/// </summary>
/// <remarks>J. L. Elman, "Finding structure in time", Cognitive Science 14, 1990.</remarks>
/// <example>
/// An activation that fades with time, through 100 steps:
/// <code>
/// var fading = new DecayTanh();
/// var cell = new RNNCell(10, 20, activation: fading);
/// Tensor? h = null;
/// for (int t = 0; t &lt; 100; t++)
/// {
///     fading.Time = t;
///     h = cell.Forward(x.Select(1, t), h is null ? null : new RecurrentState(h));
/// }
/// </code>
/// </example>
public sealed class RNNCell : RecurrentCell<Tensor>
{
    private readonly Module<Tensor, Tensor> _activation;

    /// <summary>Makes the cell.</summary>
    /// <param name="inputSize">The number of features of the input.</param>
    /// <param name="hiddenSize">The number of hidden units.</param>
    /// <param name="bias">Whether there are biases.</param>
    /// <param name="activation">f; null for <see cref="Tanh"/>.</param>
    /// <param name="random">Where random numbers come from; null for <see cref="RandomStream.Default"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">A size is not positive.</exception>
    public RNNCell(int inputSize, int hiddenSize, bool bias = true, Module<Tensor, Tensor>? activation = null, RandomStream? random = null)
        : base(1, inputSize, hiddenSize, bias, random) => _activation = Child("activation", activation ?? new Tanh());

    private protected override Tensor Step(Tensor input, RecurrentState? state, in RecurrentWeights weights)
    {
        var a = input.Linear(weights.Input, weights.InputBias);
        if (state is { } before)
        {
            a += before.Hidden.Linear(weights.State, weights.StateBias);
        }
        else if (weights.StateBias is not null)
        {
            a += weights.StateBias;
        }

        return _activation.Forward(a);
    }
}

/// <summary>A step of an <see cref="LSTM"/>, with its weights and formulas.</summary>
/// <remarks>S. Hochreiter, J. Schmidhuber, Neural Computation 9, 1997.</remarks>
/// <param name="inputSize">The number of features of the input.</param>
/// <param name="hiddenSize">The number of hidden units.</param>
/// <param name="bias">Whether there are biases.</param>
/// <param name="random">Where random numbers come from; null for <see cref="RandomStream.Default"/>.</param>
/// <exception cref="ArgumentOutOfRangeException">A size is not positive.</exception>
public sealed class LSTMCell(int inputSize, int hiddenSize, bool bias = true, RandomStream? random = null)
    : RecurrentCell<RecurrentState>(LSTMStep.Gates, inputSize, hiddenSize, bias, random)
{
    private protected override RecurrentState Step(Tensor input, RecurrentState? state, in RecurrentWeights weights)
    {
        var states = input.Unsqueeze(0).Recurrence<LSTMStep>("LSTMCell", weights, state?.Hidden, state?.Cell);
        return new RecurrentState(states.Select(0, 1), states.Select(0, 2));
    }
}

/// <summary>A step of a <see cref="GRU"/>, with its weights and formulas.</summary>
/// <remarks>K. Cho et al., 2014, arXiv:1406.1078.</remarks>
/// <param name="inputSize">The number of features of the input.</param>
/// <param name="hiddenSize">The number of hidden units.</param>
/// <param name="bias">Whether there are biases.</param>
/// <param name="random">Where random numbers come from; null for <see cref="RandomStream.Default"/>.</param>
/// <exception cref="ArgumentOutOfRangeException">A size is not positive.</exception>
public sealed class GRUCell(int inputSize, int hiddenSize, bool bias = true, RandomStream? random = null)
    : RecurrentCell<Tensor>(GRUStep.Gates, inputSize, hiddenSize, bias, random)
{
    private protected override Tensor Step(Tensor input, RecurrentState? state, in RecurrentWeights weights) =>
        input.Unsqueeze(0).Recurrence<GRUStep>("GRUCell", weights, state?.Hidden).Select(0, 1);
}
