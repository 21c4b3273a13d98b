using TorchSharp.Modules;
using static TorchSharp.torch;

namespace TinyNet.Bench;

/// <summary>Four pre-norm layers of 4 heads over 65 tokens in a context of 64; its logits are batch and time x vocabulary.</summary>
internal sealed class TorchLanguageModel : nn.Module<Tensor, Tensor>
{
    public const int Context = 64, Vocabulary = 65;

    private const long Width = 128, Heads = 4;

    private readonly Embedding _tokens, _positions;
    private readonly Sequential _layers;
    private readonly LayerNorm _norm;
    private readonly Linear _head;

    public TorchLanguageModel(bool products = false)
        : base(nameof(TorchLanguageModel))
    {
        var options = new TorchEncoderOptions(Gelu: true, NormFirst: true, Causal: true, Products: products);
        _tokens = nn.Embedding(Vocabulary, Width);
        _positions = nn.Embedding(Context, Width);
        _layers = nn.Sequential(Enumerable.Range(0, 4).Select(
            nn.Module<Tensor, Tensor> (_) => new TorchEncoderLayer(Width, Heads, 4 * Width, Context, options)));
        _norm = nn.LayerNorm(Width);
        _head = nn.Linear(Width, Vocabulary, hasBias: false);
        RegisterComponents();
    }

    public override Tensor forward(Tensor input)
    {
        using var times = arange(Context);
        using var tokens = _tokens.call(input);
        using var positions = _positions.call(times);
        using var x = tokens + positions;
        tokens.Dispose();
        using var y = _layers.call(x);
        using var z = _norm.call(y);
        using var logits = _head.call(z);
        return logits.flatten(0, 1);
    }
}
