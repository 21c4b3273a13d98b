using TinyNet.Autograd;
using TinyNet.Core;
using TinyNet.Data;
using TinyNet.Layers;
using TinyNet.Training;

namespace TinyNet.Examples;

/// <summary>A small vision transformer on the embedded handwritten digits.</summary>
internal sealed class DigitsVit : ImageExample, IAttentive
{
    private const int Layers = 4;
    private const float WeightDecay = 0.05f;
    private const double WarmupFraction = 0.1;

    public override string Name => "vit";

    public override string Summary => "the same digits, by a vision transformer, turned and shifted while they are learned";

    public override string Description =>
        $"""
        Train a vision transformer on the embedded handwritten digits: 1797 gray images of 8 x 8 pixels.

        {ImageSource.AboutDigits} An image is a sequence of 16 patches of 2 x 2 pixels. Each becomes {VisionTransformer.Features} numbers,
        to which learned ones of its place are added; {Layers} layers of a transformer with {VisionTransformer.Heads} heads let every patch
        look at all others, and the mean over the patches is classified. In each epoch every image is turned by up to 10 degrees and
        shifted by up to a tenth of its size.

        It learns by AdamW; the learning rate rises in the first tenth of the steps and falls to 0 along a cosine.
        """;

    public override TrainingDefaults Defaults => new(Epochs: 80, BatchSize: 32, LearningRate: 1e-3f, Activation: "gelu");

    public AttentionView Attend(SavedModel saved)
    {
        var images = LoadTest(saved).Features;
        return new AttentionView(
            AttentionView.MapsOf(Load(saved), images),
            $"the mean over {images.Shape[0]} test images; queries and keys are the patches, row by row");
    }

    protected override ImageSource Source => ImageSource.Digits;

    protected override Transform[] Changes => [new RandomAffine(degrees: 10, shift: 0.1f)];

    protected override Module<Tensor, Tensor> Build(string activation) => new VisionTransformer(Layers, activation);

    protected override Trainer Learn(Module<Tensor, Tensor> model, TrainingSession session, int steps) => new(
        model,
        new AdamW(ParameterGroup.SplitByDecay(
            model.Parameters(), new AdamWOptions { LearningRate = session.Settings.LearningRate, WeightDecay = WeightDecay })),
        new CrossEntropy())
    {
        StepSchedule = new WarmupCosineSchedule((int)(WarmupFraction * steps), steps),
        Checkpoints = session.Checkpoints,
    };

    /// <summary>No chain of layers: a module of one's own says which parts it has, and what it does with an input.</summary>
    private sealed class VisionTransformer : Module<Tensor, Tensor>
    {
        public const int Features = 64, Heads = 4;

        private const int Patch = 2, Patches = Digits.Size / Patch * (Digits.Size / Patch);

        private readonly Conv2d _patches;
        private readonly LearnedPositions _positions;
        private readonly TransformerEncoder _encoder;
        private readonly Dense _head;

        public VisionTransformer(int layers, string activation)
        {
            // A convolution whose windows touch sees each patch once: one dense layer for all patches.
            _patches = Child("patches", new Conv2d(1, Features, Patch, stride: Patch));
            _positions = Child("positions", new LearnedPositions(Patches, Features, Initializer.Normal(standardDeviation: 0.02f)));
            _encoder = Child("encoder", new TransformerEncoder(
                Enumerable.Range(0, layers).Select(_ => new TransformerEncoderLayer(
                    Features, Heads, 2 * Features, dropout: 0, activation: Activation.FromName(activation), normFirst: true)),
                new LayerNorm([Features])));
            _head = Child("head", new Dense(Features, 10));
        }

        protected override Tensor ForwardCore(Tensor images)
        {
            var patches = _patches.Forward(images).Reshape(images.Shape[0], Features, Patches).Transpose(1, 2); // [N, patches, features].
            return _head.Forward(_encoder.Forward(_positions.Forward(patches)).Mean(1));
        }
    }
}
