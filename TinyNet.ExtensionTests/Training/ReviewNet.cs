using TinyNet.Autograd;
using TinyNet.Core;
using TinyNet.Layers;

namespace TinyNet.ExtensionTests;

// <training>
/// <summary>Tokens with their lengths to scores of classes.</summary>
public sealed class ReviewNet : Module<(IndexTensor Tokens, IndexTensor Lengths), Tensor>
{
    private readonly Embedding _embedding;
    private readonly LSTM _lstm;
    private readonly Dense _head;

    public ReviewNet(int words, int classes) => (_embedding, _lstm, _head) = (
        Child("embedding", new Embedding(words, 8)), Child("lstm", new LSTM(8, 16)), Child("head", new Dense(16, classes)));

    protected override Tensor ForwardCore((IndexTensor Tokens, IndexTensor Lengths) input)
    {
        var (_, state) = _lstm.Forward(_embedding.Forward(input.Tokens), lengths: input.Lengths);
        return _head.Forward(state.Hidden.Select(0, -1));
    }
}
// </training>
