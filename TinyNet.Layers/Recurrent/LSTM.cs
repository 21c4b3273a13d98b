using TinyNet.Autograd;
using TinyNet.Core;

namespace TinyNet.Layers;

/// <summary>
/// Long short-term memory: with (i, f, g, o) the four parts of x_t W_ih + b_ih + h_(t−1) W_hh + b_hh,
/// c_t = σ(f) c_(t−1) + σ(i) tanh(g) and h_t = σ(o) tanh(c_t).
/// </summary>
/// <remarks>
/// S. Hochreiter, J. Schmidhuber, Neural Computation 9, 1997; with the forget gate of F. A. Gers, J. Schmidhuber, F. Cummins, 2000.
/// </remarks>
public sealed class LSTM : RecurrentLayer
{
    /// <summary>Makes the layers.</summary>
    /// <param name="inputSize">The number of features of the sequence.</param>
    /// <param name="hiddenSize">The number of hidden units of each layer and direction.</param>
    /// <param name="layers">The number of layers, at most <see cref="RecurrentLayer.MaxLayers"/>.</param>
    /// <param name="bidirectional">Whether each layer also runs from the last step to the first.</param>
    /// <param name="bias">Whether there are biases.</param>
    /// <param name="dropout">The probability of dropout on what goes from layer to layer, while training.</param>
    /// <param name="batchFirst">Whether sequences are [batch, time, features], else [time, batch, features].</param>
    /// <param name="random">Where random numbers come from; null for <see cref="RandomStream.Default"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">
    /// A size is not positive, there are too many layers, or the dropout is no probability.
    /// </exception>
    /// <exception cref="ShapeException">A weight would be larger than any tensor.</exception>
    public LSTM(
        int inputSize, int hiddenSize, int layers = 1, bool bidirectional = false, bool bias = true, float dropout = 0,
        bool batchFirst = true, RandomStream? random = null)
        : base(LSTMStep.Gates, inputSize, hiddenSize, layers, bidirectional, bias, dropout, batchFirst, random)
    {
    }

    private protected override bool HasCell => true;

    private protected override Tensor Run(
        Tensor x, in RecurrentWeights weights, Tensor? initialState, Tensor? initialCell, IndexTensor? lengths, bool isReverse) =>
        x.Recurrence<LSTMStep>(Name, weights, initialState, initialCell, lengths, isReverse);
}
