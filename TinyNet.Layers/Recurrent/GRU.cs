using TinyNet.Autograd;
using TinyNet.Core;

namespace TinyNet.Layers;

/// <summary>
/// Gated recurrent unit: with a and b the parts for r, z and n of x_t W_ih + b_ih and h_(t−1) W_hh + b_hh, r = σ(a_r + b_r),
/// z = σ(a_z + b_z), n = tanh(a_n + r b_n) and h_t = (1 − z) n + z h_(t−1).
/// </summary>
/// <remarks>K. Cho et al., 2014, arXiv:1406.1078; as in PyTorch and cuDNN, r scales b_n and not h.</remarks>
public sealed class GRU : RecurrentLayer
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
    public GRU(
        int inputSize, int hiddenSize, int layers = 1, bool bidirectional = false, bool bias = true, float dropout = 0,
        bool batchFirst = true, RandomStream? random = null)
        : base(GRUStep.Gates, inputSize, hiddenSize, layers, bidirectional, bias, dropout, batchFirst, random)
    {
    }

    private protected override Tensor Run(
        Tensor x, in RecurrentWeights weights, Tensor? initialState, Tensor? initialCell, IndexTensor? lengths, bool isReverse) =>
        x.Recurrence<GRUStep>(Name, weights, initialState, null, lengths, isReverse);
}
