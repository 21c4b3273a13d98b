using TinyNet.Autograd;
using TinyNet.Core;
using TinyNet.Data;
using TinyNet.Layers;
using TinyNet.Training;

namespace TinyNet.Examples;

/// <summary>Recurrent networks through 100 steps, and what becomes of their states.</summary>
internal sealed class SequenceStatistics : Example
{
    private const int Steps = 100, Features = 10, Units = 20, LargeBatch = 250;
    private const int TrainSamples = 5000, ValidationSamples = 500, TestSamples = 1000;
    private const float Decay = 0.1f;

    // The data are the same whatever --seed the networks begin with.
    private const ulong DataSeed = 0;

    private static readonly int[] ShownSteps = [1, 2, 5, 10, 20, 50, 100];

    private static readonly (string Name, Func<Module<Tensor, Tensor>> Make)[] Layers =
    [
        ("lstm", static () => new LSTM(Features, Units).AllSteps()),
        ("tanh", static () => new RNN(Features, Units).AllSteps()),
        ("fading-by-step", static () => new UnrolledRnn(Features, Units, Decay, static _ => 1)),
        ("fading-by-time", static () => new UnrolledRnn(Features, Units, Decay, static step => step)),
    ];

    public override string Name => "sequence";

    public override string Summary => "what recurrent networks keep in mind through 100 steps, and the statistics of their states";

    public override string Description =>
        $"""
        Train recurrent networks of {Units} units to keep something in mind through {Steps} steps, and look at their states.

        A step has {Features} normally distributed numbers; asked is whether the first ones of all steps have a positive sum, so an
        accuracy of 1 is possible, and who knows the last k steps only reaches 1/2 + arcsin(√(k/{Steps}))/π: 0.53 for k = 1, 0.60 for 10,
        0.75 for 50.
        There are {TrainSamples} samples to learn from, {ValidationSamples} to see how it goes and {TestSamples} for the test.
        The networks are lstm, tanh (an Elman network), and two whose state is tanh(..) e^(-{Decay} t): with t = 1 in each step
        (fading-by-step), and with the time since the start (fading-by-time), where in the end the states are almost 0, however
        the network is trained. What is measured is the accuracy of lstm.
        """;

    public override TrainingDefaults Defaults => new(Epochs: 30, BatchSize: 32, LearningRate: 2e-3f);

    public override Outcome Train(TrainingSession session)
    {
        var settings = session.Settings;
        var (known, tested) = Synthetic.Sequences(TrainSamples + ValidationSamples + TestSamples, Steps, Features, DataSeed)
            .Split(TestSamples / (double)(TrainSamples + ValidationSamples + TestSamples));
        var (learned, looked) = known.Split(ValidationSamples / (double)(TrainSamples + ValidationSamples));
        using var train = new DataLoader(learned, settings.BatchSize, shuffle: true, seed: settings.Seed);
        using var validation = new DataLoader(looked, LargeBatch);
        using var test = new DataLoader(tested, LargeBatch);

        var results = new List<(string Name, Sequential Model, double Accuracy)>();
        foreach (var (name, make) in Layers)
        {
            var part = session.Part(name);
            RandomStream.Reseed(settings.Seed); // Each begins by the same random numbers, whatever was trained before.
            var model = new Sequential(make(), new Lambda(states => states.Select(1, -1), "Last"), new Dense(Units, 2));
            var trainer = new Trainer(model, new Adam(model.Parameters(), settings.LearningRate), new CrossEntropy())
            {
                StepSchedule = new CosineSchedule(settings.Epochs * train.Count),
                ClipNorm = 1, // Gradients through many steps now and then become very large.
                Checkpoints = part.Checkpoints,
                Metrics = { new Accuracy() },
            };
            part.Fit(trainer, train, validation);
            results.Add((name, model, trainer.Evaluate(test)["accuracy"]));
        }

        var (sample, _) = tested.Load([.. Enumerable.Range(0, LargeBatch)]);
        foreach (var (name, model, accuracy) in results)
        {
            WriteStatistics(session.Output, $"{name}: test accuracy {accuracy:F4}", model.Capture("0", sample));
        }

        return new Outcome(
            new ModuleList<Sequential>([.. results.Select(result => result.Model)]), "accuracy of lstm", results[0].Accuracy);
    }

    /// <summary>Of states [N, steps, units] at some steps: over all samples and units.</summary>
    private static void WriteStatistics(TextWriter output, string title, Tensor states)
    {
        output.WriteLine();
        output.WriteLine(title);
        output.WriteLine("  step      mean       std       min       max  of the states");
        foreach (int step in ShownSteps)
        {
            var at = states.Select(1, step - 1);
            output.WriteLine($"{step,6}{at.Mean().Item(),10:G3}{at.StandardDeviation().Item(),10:G3}"
                + $"{at.Min().Item(),10:G3}{at.Max().Item(),10:G3}");
        }
    }
}
