using TinyNet.Autograd;
using TinyNet.Core;
using TinyNet.Layers;
using TinyNet.Tests.Architecture;

namespace TinyNet.Tests.Layers;

/// <summary>
/// The models whose weights, inputs and outputs PyTorch has written: TinyNet.Tests/Conformance/Generators/weight_files.py.
/// </summary>
internal static class PyTorchModels
{
    public static IReadOnlyDictionary<string, Func<Module<Tensor[], Tensor>>> All { get; } =
        new Dictionary<string, Func<Module<Tensor[], Tensor>>>
        {
            ["mlp"] = () => new Chain(new Sequential(new Dense(8, 16), new ReLU(), new Dense(16, 4))),
            ["cnn"] = () => new Chain(new Sequential(
                new Conv2d(3, 8, 3, padding: 1), new BatchNorm2d(8), new ReLU(),
                new Conv2d(8, 4, (3, 2), groups: 4, bias: false), new BatchNorm2d(4), new ReLU(),
                new ConvTranspose2d(4, 6, 2, stride: 2, groups: 2), new Flatten(), new Dense(6 * 8 * 10, 3))),
            ["lstm"] = () => new Recurrent(new LSTM(4, 3, layers: 2, bidirectional: true)),
            ["gru"] = () => new Recurrent(new GRU(4, 3, layers: 2, bidirectional: true)),
            ["transformer"] = () => new Transformer(),
            ["words"] = () => new Words(),
            ["cross"] = () => new Cross(),
        };

    public static string File(string name) =>
        Path.Combine(Repository.Root, "TinyNet.Tests", "Layers", "Weights", "Files", name + ".safetensors");

    /// <summary>Inputs and output of a model.</summary>
    public static (Tensor[] Inputs, float[] Output) Recorded(string name, Device device)
    {
        using var file = SafetensorsFile.Open(File(name + "-io"));
        var inputs = file.Entries.Where(entry => entry.Name != "y").Select(entry => file.Read(entry.Name, device));
        return ([.. inputs], file.Read("y").ToArray());
    }

    /// <summary>A model whose parameters have the names of the one inside.</summary>
    private sealed class Chain : Module<Tensor[], Tensor>
    {
        private readonly Module<Tensor, Tensor>[] _modules;

        public Chain(Sequential model)
        {
            _modules = new Module<Tensor, Tensor>[model.Count];
            for (int i = 0; i < _modules.Length; i++)
            {
                _modules[i] = Child($"{i}", model[i]);
            }
        }

        protected override Tensor ForwardCore(Tensor[] input) => _modules.Aggregate(input[0], (x, module) => module.Forward(x));
    }

    private sealed class Recurrent : Module<Tensor[], Tensor>
    {
        private readonly RecurrentLayer _rnn;
        private readonly Dense _head;

        public Recurrent(RecurrentLayer rnn) => (_rnn, _head) = (Child("rnn", rnn), Child("head", new Dense(6, 2)));

        protected override Tensor ForwardCore(Tensor[] input) => _head.Forward(_rnn.Forward(input[0]).Output);
    }

    private sealed class Transformer : Module<Tensor[], Tensor>
    {
        private readonly TransformerEncoderLayer _layer;

        public Transformer() =>
            _layer = Child("layer", new TransformerEncoderLayer(8, 2, 12, dropout: 0, new GELU(), normFirst: true));

        protected override Tensor ForwardCore(Tensor[] input) => _layer.Forward(input[0]);
    }

    private sealed class Words : Module<Tensor[], Tensor>
    {
        private readonly Embedding _embedding;
        private readonly LayerNorm _norm;
        private readonly Conv1d _convolution;
        private readonly PReLU _slope;
        private readonly GRUCell _cell;

        public Words()
        {
            _embedding = Child("embedding", new Embedding(11, 6));
            _norm = Child("norm", new LayerNorm([5, 6]));
            _convolution = Child("convolution", new Conv1d(6, 4, 3, groups: 2));
            _slope = Child("slope", new PReLU(4));
            _cell = Child("cell", new GRUCell(4, 3));
        }

        protected override Tensor ForwardCore(Tensor[] input)
        {
            var words = IndexTensor.From(Array.ConvertAll(input[0].ToArray(), word => (int)word), input[0].Shape);
            var x = _norm.Forward(_embedding.Forward(words)).Transpose(1, 2);
            return _cell.Forward(_slope.Forward(_convolution.Forward(x)).Mean(2));
        }
    }

    private sealed class Cross : Module<Tensor[], Tensor>
    {
        private readonly MultiHeadAttention _attention;

        public Cross() => _attention = Child("attention", new MultiHeadAttention(8, 2, keyFeatures: 6, valueFeatures: 4));

        protected override Tensor ForwardCore(Tensor[] input) =>
            _attention.Forward(new AttentionInput(input[0], input[1], input[2])).Output;
    }
}
