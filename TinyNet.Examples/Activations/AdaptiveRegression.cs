using TinyNet.Autograd;
using TinyNet.Core;
using TinyNet.Data;
using TinyNet.Layers;
using TinyNet.Training;

namespace TinyNet.Examples;

/// <summary>Regressions by networks whose activations are learned, with the path that their parameters take.</summary>
internal sealed class AdaptiveRegression : Example
{
    private const int Features = 10, Hidden = 20, Samples = 1000, LargeBatch = 250;

    // The data are the same whatever --seed the networks begin with.
    private const ulong DataSeed = 42;

    public override string Name => "adaptive";

    public override string Summary => "regressions by activations that are learned, with the path of their parameters";

    public override string Description =>
        $"""
        Train three small networks whose activations are learned on functions of {Features} normally distributed numbers, and show the path
        of what is learned.

        sum-of-squares: {Features} - {Hidden} - {Hidden} - 1, where each hidden layer is followed by a mix a0 x + a1 relu(x) + a2 tanh(x)
        + a3 sigmoid(x) + b0 that begins as the identity. sine-plus-cosine: sin x0 + cos x1 by {Features} - {Hidden} - 1 with a swish
        alpha x sigmoid(beta x) that has an alpha and a beta for each of the {Hidden} units; without a layer after the activation there
        would be one function of one weighted sum, which cannot follow both. sine-and-cosine: sin x0 and cos x1 by
        {Features} - {Hidden} - 2 with a x + b sin(c x).

        Each learns from {Samples} samples, and is tested on {Samples} others. Networks see targets with mean 0 and deviation 1, their
        predictions and losses have the targets' units. What is measured is the mean squared error on the test part as a share of that of
        always predicting the mean; the worst of the three counts. The path goes into path.csv in the folder of --out, too.
        """;

    public override TrainingDefaults Defaults => new(Epochs: 100, BatchSize: 32, LearningRate: 1e-2f);

    public override Outcome Train(TrainingSession session)
    {
        Regression[] regressions =
        [
            Run(session, "sum-of-squares", Synthetic.SumOfSquares(2 * Samples, Features, DataSeed), static () =>
            [
                new Dense(Features, Hidden), ActivationMix.StartingAsIdentity(new ReLU(), new Tanh(), new Sigmoid()),
                new Dense(Hidden, Hidden), ActivationMix.StartingAsIdentity(new ReLU(), new Tanh(), new Sigmoid()),
                new Dense(Hidden, 1),
            ]),
            Run(session, "sine-plus-cosine", Synthetic.SinPlusCos(2 * Samples, Features, DataSeed), static () =>
                [new Dense(Features, Hidden), TrainableSwish.PerFeature(Hidden), new Dense(Hidden, 1)]),
            Run(session, "sine-and-cosine", SineAndCosine(), static () =>
                [new Dense(Features, Hidden), new ParametricSine(), new Dense(Hidden, 2)]),
        ];
        var output = session.Output;
        foreach (var regression in regressions)
        {
            output.WriteLine();
            output.WriteLine(regression.Name);
            regression.Path.Write(output);
        }

        output.WriteLine();
        output.WriteLine("                               mean squared error        share of the mean's");
        output.WriteLine("                parameters    train     test the mean         train      test");
        foreach (var (name, model, _, train, test) in regressions)
        {
            output.WriteLine($"{name,-16}{model.ParameterCount,10}{train.Network,9:G3}{test.Network,9:G3}{test.Mean,9:G3}"
                + $"{train.Share,14:F4}{test.Share,10:F4}");
        }

        return new Outcome(
            new ModuleList<Sequential>([.. regressions.Select(regression => regression.Model)]), "error / mean's error",
            regressions.Max(regression => regression.Test.Share));
    }

    private static Regression Run(TrainingSession session, string name, RegressionDataset data, Func<Sequential> build)
    {
        var part = session.Part(name);
        var settings = part.Settings;
        var (learned, tested) = data.Split(0.5);
        using var train = new DataLoader<RegressionBatch>(learned, settings.BatchSize, shuffle: true, seed: settings.Seed);
        using var test = new DataLoader<RegressionBatch>(tested, LargeBatch);

        RandomStream.Reseed(settings.Seed); // The networks do not depend on what was trained before.
        var model = build();
        var targets = Normalize.Measure(learned, "target");
        model.Add(new Rescale(targets.Mean, targets.Deviation));
        var path = new ParameterPath(settings.Out is { } folder ? Path.Combine(folder, "path.csv") : null, [.. Learned(model)]);
        var trainer = new RegressionTrainer(model, new Adam(model.Parameters(), settings.LearningRate), new MeanSquaredError())
        {
            StepSchedule = new CosineSchedule(settings.Epochs * train.Count),
            Checkpoints = part.Checkpoints,
            Callbacks = { path },
        };
        part.Fit(trainer, train);
        return new Regression(
            name, model, path,
            new Errors(trainer.Evaluate(train).Loss, Spread(learned)), new Errors(trainer.Evaluate(test).Loss, Spread(tested)));
    }

    /// <summary>The parameters of activations by the place of their layer: a number, or of several the least and the greatest.</summary>
    private static IEnumerable<(string Name, Func<double> Value)> Learned(Sequential model)
    {
        for (int place = 0; place < model.Count; place++)
        {
            foreach (var (name, parameter) in model[place] is Dense ? [] : model[place].NamedParameters())
            {
                if (parameter.Length == 1)
                {
                    yield return ($"{place}.{name}", () => parameter.Item());
                    continue;
                }

                yield return ($"{place}.{name} min", () => parameter.Min().Item());
                yield return ($"{place}.{name} max", () => parameter.Max().Item());
            }
        }
    }

    /// <summary>The targets sin x0 and cos x1.</summary>
    private static RegressionDataset SineAndCosine()
    {
        float[] x = Tensor.Normal([2 * Samples, Features], new RandomStream(DataSeed), device: Device.Cpu).ToArray();
        float[] y = new float[2 * 2 * Samples];
        for (int i = 0; i < 2 * Samples; i++)
        {
            (y[2 * i], y[2 * i + 1]) = ((float)Math.Sin(x[i * Features]), (float)Math.Cos(x[i * Features + 1]));
        }

        return new RegressionDataset("sine and cosine", x, [Features], y, [2]);
    }

    /// <summary>The mean squared error of predicting the mean of the targets: their variance.</summary>
    private static double Spread(Dataset<RegressionBatch> data)
    {
        float[] deviations = Normalize.Measure(data, "target").Deviation.ToArray();
        return deviations.Average(deviation => (double)deviation * deviation);
    }

    /// <summary>Mean squared errors: of the network, and of predicting the mean.</summary>
    private sealed record Errors(double Network, double Mean)
    {
        public double Share => Network / Mean;
    }

    private sealed record Regression(string Name, Sequential Model, ParameterPath Path, Errors Train, Errors Test);
}
