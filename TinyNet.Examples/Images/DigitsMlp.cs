using TinyNet.Layers;

namespace TinyNet.Examples;

/// <summary>A multilayer perceptron on the embedded handwritten digits.</summary>
internal sealed class DigitsMlp : ImageExample
{
    private const int Hidden = 256;
    private const float InputDropout = 0.1f, HiddenDropout = 0.4f;

    public override string Name => "digits";

    public override string Summary => "1797 handwritten digits of 8 x 8 pixels (embedded), by a multilayer perceptron";

    public override string Description =>
        $"""
        Train a multilayer perceptron on the embedded handwritten digits: 1797 gray images of 8 x 8 pixels.

        {ImageSource.AboutDigits} The network is 64 - {Hidden} - {Hidden} - 10 with dropout ({InputDropout} of the pixels,
        {HiddenDropout} of the hidden units), trained by Adam on cross-entropy; the learning rate falls to 0 along a cosine. The scores of
        the training part are taken while learning, with dropout. Layers, dropout and the defaults below were chosen by five-fold
        cross-validation without the test part.
        """;

    public override TrainingDefaults Defaults => new(Epochs: 60, BatchSize: 32, LearningRate: 5e-3f, Activation: "relu");

    protected override ImageSource Source => ImageSource.Digits;

    protected override Sequential Build(string activation) => new(
        new Flatten(), new Dropout(InputDropout),
        new Dense(8 * 8, Hidden), Activation.FromName(activation), new Dropout(HiddenDropout),
        new Dense(Hidden, Hidden), Activation.FromName(activation), new Dropout(HiddenDropout),
        new Dense(Hidden, 10));
}
