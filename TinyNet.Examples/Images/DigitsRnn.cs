using TinyNet.Autograd;
using TinyNet.Layers;

namespace TinyNet.Examples;

/// <summary>A recurrent network that reads the embedded handwritten digits row by row.</summary>
internal sealed class DigitsRnn : ImageExample
{
    private const int Hidden = 64;

    public override string Name => "digits-rnn";

    public override string Summary => "the same digits, read row by row by an LSTM in both directions";

    public override string Description =>
        $"""
        Train a recurrent network on the embedded handwritten digits: 1797 gray images of 8 x 8 pixels.

        {ImageSource.AboutDigits} An image is a sequence of 8 rows with 8 numbers. An LSTM with {Hidden} units in each direction reads
        them, and what it knows after the last row of each direction is classified.
        """;

    public override TrainingDefaults Defaults => new(Epochs: 40, BatchSize: 32, LearningRate: 5e-3f, Activation: "relu");

    protected override ImageSource Source => ImageSource.Digits;

    protected override Sequential Build(string activation) => new(
        new Lambda(images => images.Select(1, 0), "Rows"), // [N, 1, 8, 8] to [N, 8 steps, 8 numbers].
        new LSTM(8, Hidden, bidirectional: true).LastStep(),
        new Dropout(0.2f),
        new Dense(2 * Hidden, Hidden), Activation.FromName(activation),
        new Dense(Hidden, 10));
}
