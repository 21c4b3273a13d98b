using System.Buffers;
using TinyNet.Autograd;
using TinyNet.Core;

namespace TinyNet.Layers;

/// <summary>
/// The common part of <see cref="RNN"/>, <see cref="LSTM"/> and <see cref="GRU"/>: layers on top of each other, each over the
/// whole sequence, in one or both directions. Parameters are named as in PyTorch (<c>weight_ih_l0</c>, <c>bias_hh_l1_reverse</c>);
/// weights are [in, gates · hidden], PyTorch's transposed. Initially all are uniform in ±1/√hidden.
/// </summary>
public abstract class RecurrentLayer : Module<RecurrentInput, RecurrentOutput>
{
    /// <summary>The most layers that there can be.</summary>
    public const int MaxLayers = 1024;

    // By layer, then direction.
    private readonly RecurrentWeights[] _weights;
    private readonly RandomStream? _random;

    private protected RecurrentLayer(
        int gates, int inputSize, int hiddenSize, int layers, bool bidirectional, bool bias, float dropout, bool batchFirst,
        RandomStream? random)
    {
        Require.Positive(inputSize);
        Require.Positive(hiddenSize);
        Require.Between(1, MaxLayers, layers);
        (InputSize, HiddenSize, LayerCount, IsBidirectional, IsBatchFirst) = (inputSize, hiddenSize, layers, bidirectional, batchFirst);
        DropoutProbability = Require.Probability(dropout);
        _random = random;
        random ??= RandomStream.Default;
        float bound = 1 / MathF.Sqrt(hiddenSize);
        int sums = Shape.Product(gates, hiddenSize, Name);
        _weights = new RecurrentWeights[layers * Directions];
        for (int i = 0; i < _weights.Length; i++)
        {
            string suffix = $"l{i / Directions}{(i % Directions == 1 ? "_reverse" : "")}";
            int features = i < Directions ? inputSize : Shape.Product(hiddenSize, Directions, Name);
            _weights[i] = new RecurrentWeights(
                Uniform($"weight_ih_{suffix}", [features, sums]),
                Uniform($"weight_hh_{suffix}", [hiddenSize, sums]),
                bias ? Uniform($"bias_ih_{suffix}", [sums]) : null,
                bias ? Uniform($"bias_hh_{suffix}", [sums]) : null);
        }

        Parameter Uniform(string name, Shape shape) =>
            AddParameter(name, Tensor.Uniform(shape, random, -bound, bound), fileAxes: shape.Rank == 2 ? [1, 0] : []);
    }

    /// <summary>The number of features of the sequence.</summary>
    public int InputSize { get; }

    /// <summary>The number of hidden units of each layer and direction.</summary>
    public int HiddenSize { get; }

    /// <summary>The number of features of the output: that of hidden units in all directions.</summary>
    internal int OutputSize => HiddenSize * Directions;

    /// <summary>The number of layers.</summary>
    public int LayerCount { get; }

    /// <summary>Whether each layer also runs from the last step to the first.</summary>
    public bool IsBidirectional { get; }

    /// <summary>Whether sequences are [batch, time, features], else [time, batch, features].</summary>
    public bool IsBatchFirst { get; }

    /// <summary>The probability of dropout on what goes from layer to layer.</summary>
    public float DropoutProbability { get; }

    /// <inheritdoc/>
    protected internal override RandomStream? Random => Drops ? _random ?? RandomStream.Default : null;

    private protected virtual bool HasCell => false;

    private protected string Name => GetType().Name;

    private bool Drops => DropoutProbability > 0 && LayerCount > 1;

    private int Directions => IsBidirectional ? 2 : 1;

    /// <summary>Runs the layers over sequences.</summary>
    /// <param name="sequence">[batch, time, features], or time first.</param>
    /// <param name="state">The initial state; null for zeros.</param>
    /// <param name="lengths">How many steps of each sample count; null if all do.</param>
    /// <exception cref="ShapeException">A shape does not fit.</exception>
    /// <exception cref="TensorException">A length is negative or more than there are steps.</exception>
    public RecurrentOutput Forward(Tensor sequence, RecurrentState? state = null, IndexTensor? lengths = null) =>
        Forward(new RecurrentInput(sequence, state, lengths));

    /// <summary>The layer as a module of a tensor, for a <see cref="Sequential"/>, that gives the state after the last step.</summary>
    public LastStep LastStep() => new(this);

    /// <summary>The layer as a module of a tensor, for a <see cref="Sequential"/>, that gives the states at every step.</summary>
    public AllSteps AllSteps() => new(this);

    /// <inheritdoc/>
    public override string Describe() =>
        $"{Name}({InputSize} -> {HiddenSize}{(LayerCount > 1 ? $", {LayerCount} layers" : "")}"
        + $"{(IsBidirectional ? ", bidirectional" : "")}{(_weights[0].InputBias is null ? ", no bias" : "")})";

    /// <summary>The layers with weights of one's own, in the order of the parameters.</summary>
    internal RecurrentOutput Compute(in RecurrentInput input, ReadOnlySpan<RecurrentWeights> weights)
    {
        var (x, state, lengths) = (input.Sequence, input.State, input.Lengths);
        EnsureFits(x, state, lengths);
        x = IsBatchFirst ? x.Transpose(0, 1) : x;
        int steps = x.Shape[0];
        var padding = lengths is null ? null : x.Device.PaddingMask(lengths, steps);

        // Neither what is in the padding nor its gradient is to count: not even a nan.
        x = (padding is null ? x : x.MaskedFill(padding, 0)).Contiguous();
        var lastStates = ArrayPool<Tensor>.Shared.Rent(weights.Length);
        var lastCells = ArrayPool<Tensor>.Shared.Rent(weights.Length);
        for (int first = 0; first < weights.Length; first += Directions)
        {
            var below = first > 0 && Drops && IsTraining ? x.Dropout(DropoutProbability, Random!) : x;
            for (int i = first; i < first + Directions; i++)
            {
                bool isReverse = i > first;
                var states = Run(below, weights[i], state?.Hidden.Select(0, i), state?.Cell?.Select(0, i), lengths, isReverse);
                int last = isReverse ? 0 : steps;
                lastStates[i] = states.Slice(0, last, last + 1);
                if (HasCell)
                {
                    lastCells[i] = states.Slice(0, steps + 1);
                }

                var output = isReverse ? states.Slice(0, 0, steps) : states.Slice(0, 1, steps + 1);
                output = padding is null ? output : output.MaskedFill(padding, 0);
                x = isReverse ? Tensor.Concat(2, x, output) : output;
            }
        }

        var end = new RecurrentState(Join(lastStates, weights.Length), HasCell ? Join(lastCells, weights.Length) : null);
        ArrayPool<Tensor>.Shared.Return(lastStates, clearArray: true);
        ArrayPool<Tensor>.Shared.Return(lastCells, clearArray: true);
        return new RecurrentOutput(IsBatchFirst ? x.Transpose(0, 1) : x, end);
    }

    /// <inheritdoc/>
    protected sealed override RecurrentOutput ForwardCore(RecurrentInput input) => Compute(input, _weights);

    /// <summary>One layer in one direction: the operation of <see cref="Recurrences"/>.</summary>
    private protected abstract Tensor Run(
        Tensor x, in RecurrentWeights weights, Tensor? initialState, Tensor? initialCell, IndexTensor? lengths, bool isReverse);

    private static Tensor Join(Tensor[] parts, int count) => count == 1 ? parts[0] : Tensor.Concat(0, parts.AsSpan(0, count));

    private void EnsureFits(Tensor sequence, RecurrentState? state, IndexTensor? lengths)
    {
        ArgumentNullException.ThrowIfNull(sequence);
        if (sequence.Rank != 3 || sequence.Shape[2] != InputSize)
        {
            throw new ShapeException(
                Name,
                $"a sequence of shape {sequence.Shape}",
                $"give {(IsBatchFirst ? "[batch, time" : "[time, batch")}, {InputSize}]");
        }

        int batch = sequence.Shape[IsBatchFirst ? 0 : 1], steps = sequence.Shape[IsBatchFirst ? 1 : 0];
        state?.EnsureFits(Name, [_weights.Length, batch, HiddenSize], HasCell);
        if (lengths is not null)
        {
            if (lengths.Rank != 1 || lengths.Length != batch)
            {
                throw new ShapeException(
                    Name,
                    $"lengths of shape {lengths.Shape} for a batch of {batch}",
                    $"give one length a sample, [{batch}]");
            }

            Sequences.EnsureLengths(Name, lengths, steps);
        }
    }
}
