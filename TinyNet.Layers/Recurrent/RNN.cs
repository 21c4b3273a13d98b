using TinyNet.Autograd;
using TinyNet.Core;

namespace TinyNet.Layers;

/// <summary>The activation of an <see cref="RNN"/>.</summary>
public enum Nonlinearity
{
    /// <summary>Hyperbolic tangent.</summary>
    Tanh,

    /// <summary>max(x, 0).</summary>
    Relu,
}

/// <summary>
/// Elman network: h_t = f(x_t W_ih + b_ih + h_(t−1) W_hh + b_hh). For another f, or one that changes with time, unroll an
/// <see cref="RNNCell"/>.
/// </summary>
/// <remarks>J. L. Elman, "Finding structure in time", Cognitive Science 14, 1990.</remarks>
public sealed class RNN : RecurrentLayer
{
    private readonly Nonlinearity _nonlinearity;

    /// <summary>Makes the layers.</summary>
    /// <param name="inputSize">The number of features of the sequence.</param>
    /// <param name="hiddenSize">The number of hidden units of each layer and direction.</param>
    /// <param name="layers">The number of layers, at most <see cref="RecurrentLayer.MaxLayers"/>.</param>
    /// <param name="nonlinearity">f.</param>
    /// <param name="bidirectional">Whether each layer also runs from the last step to the first.</param>
    /// <param name="bias">Whether there are biases.</param>
    /// <param name="dropout">The probability of dropout on what goes from layer to layer, while training.</param>
    /// <param name="batchFirst">Whether sequences are [batch, time, features], else [time, batch, features].</param>
    /// <param name="random">Where random numbers come from; null for <see cref="RandomStream.Default"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">
    /// A size is not positive, there are too many layers, or the dropout is no probability.
    /// </exception>
    /// <exception cref="ShapeException">A weight would be larger than any tensor.</exception>
    public RNN(
        int inputSize, int hiddenSize, int layers = 1, Nonlinearity nonlinearity = Nonlinearity.Tanh, bool bidirectional = false,
        bool bias = true, float dropout = 0, bool batchFirst = true, RandomStream? random = null)
        : base(gates: 1, inputSize, hiddenSize, layers, bidirectional, bias, dropout, batchFirst, random) =>
        _nonlinearity = Require.Defined(nonlinearity);

    private protected override Tensor Run(
        Tensor x, in RecurrentWeights weights, Tensor? initialState, Tensor? initialCell, IndexTensor? lengths, bool isReverse) =>
        _nonlinearity == Nonlinearity.Tanh
            ? x.Recurrence<ElmanStep<TanhOp>>(Name, weights, initialState, null, lengths, isReverse)
            : x.Recurrence<ElmanStep<ReLUOp>>(Name, weights, initialState, null, lengths, isReverse);
}
