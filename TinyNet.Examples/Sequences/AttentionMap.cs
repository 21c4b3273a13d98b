using TinyNet.Autograd;
using TinyNet.Core;
using TinyNet.Data;
using TinyNet.Layers;
using TinyNet.Training;

namespace TinyNet.Examples;

/// <summary>A network of one attention that reverses sequences, and where it looks.</summary>
internal sealed class AttentionMap : Example, IAttentive
{
    private const int Length = 10, Symbols = 8, Features = 32, LargeBatch = 250;
    private const int TrainSamples = 2000, ValidationSamples = 500, TestSamples = 1000;

    // The data are the same whatever --seed the network begins with.
    private const ulong DataSeed = 0;

    public override string Name => "attention";

    public override string Summary => "sequences reversed by one attention, and the map of where it looks";

    public override string Description =>
        $"""
        Train a network of one attention to reverse sequences of {Length} symbols, and show where it looks.

        The symbols are drawn at random from {Symbols}: {TrainSamples} sequences to learn from, {ValidationSamples} to see how it goes and
        {TestSamples} for the test. Vectors of symbols and of places, with {Features} numbers, are added; then comes softmax(Q K^T / √d) V
        with Q and K by tanh and V by relu, then gelu, and a layer that scores the symbols of each place. Nothing passes by the
        attention, so it is known what it has to find: place i has to look at the opposite one, {Length + 1} - i. The map is the mean over
        the test sequences.
        """;

    public override TrainingDefaults Defaults => new(Epochs: 15, BatchSize: 32, LearningRate: 3e-3f);

    public override Outcome Train(TrainingSession session)
    {
        var settings = session.Settings;
        var (known, tested) = Parts();
        var (learned, looked) = known.Split(ValidationSamples / (double)(TrainSamples + ValidationSamples));
        using var train = new DataLoader<WindowBatch>(learned, settings.BatchSize, shuffle: true, seed: settings.Seed);
        using var validation = new DataLoader<WindowBatch>(looked, LargeBatch);
        using var test = new DataLoader<WindowBatch>(tested, LargeBatch);

        var model = new AttentionNetwork(Length, Symbols, Features);

        // The general trainer: each place of each sequence is a sample of the loss and of the accuracy.
        var trainer = new Trainer<WindowBatch, Tensor, IndexTensor>(
            model, new Adam(model.Parameters(), settings.LearningRate), batch => model.Forward(batch.Tokens),
            batch => batch.Targets.Reshape([batch.Targets.Length]), new CrossEntropy().Forward)
        {
            StepSchedule = new CosineSchedule(settings.Epochs * train.Count),
            Checkpoints = session.Checkpoints,
            Metrics = { new Accuracy() },
        };
        session.Fit(trainer, train, validation);

        var map = model.Map(All(tested)).Mean(0);
        Write(session.Output, map.ToArray());
        return new Outcome(model, "accuracy", trainer.Evaluate(test)["accuracy"]);
    }

    public AttentionView Attend(SavedModel saved)
    {
        var model = saved.LoadInto(new AttentionNetwork(Length, Symbols, Features));
        var symbols = All(Parts().Test);
        return new AttentionView(
            AttentionView.MapsOf(model, symbols), $"the mean over {symbols.Shape[0]} test sequences; queries and keys are the places");
    }

    private static (Dataset<WindowBatch> Known, Dataset<WindowBatch> Test) Parts() =>
        new ReversedSymbols(TrainSamples + ValidationSamples + TestSamples, Length, Symbols, DataSeed)
            .Split(TestSamples / (double)(TrainSamples + ValidationSamples + TestSamples));

    private static IndexTensor All(Dataset<WindowBatch> part) => part.Load([.. Enumerable.Range(0, part.Count)]).Tokens;

    /// <summary>A map [length, length] as numbers, and beside them as shades.</summary>
    private static void Write(TextWriter output, float[] map)
    {
        string places = string.Concat(Enumerable.Range(1, Length).Select(place => $"{place,5}"));
        output.WriteLine();
        output.WriteLine($"     how much a place (row) looks at each (column){"",8}as shades");
        output.WriteLine($"    {places}");
        float right = 0;
        for (int row = 0; row < Length; row++)
        {
            var weights = map.AsSpan(row * Length, Length);
            right += weights[Length - 1 - row] / Length;
            output.Write($"{row + 1,4}");
            foreach (float weight in weights)
            {
                output.Write($"{weight,5:F2}");
            }

            output.WriteLine($"   |{Shades.Row(weights)}|");
        }

        output.WriteLine($"weight at the opposite place, on average: {right:F4}");
    }
}
