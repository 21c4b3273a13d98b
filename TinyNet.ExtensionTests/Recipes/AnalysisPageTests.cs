using TinyNet.Analysis;
using TinyNet.Autograd;
using TinyNet.Core;
using TinyNet.Data;
using TinyNet.Layers;
using TinyNet.Training;

namespace TinyNet.ExtensionTests;

/// <summary>The page about looking inside.</summary>
public sealed class AnalysisPageTests : IDisposable
{
    private readonly Sequential _model;
    private readonly Trainer _trainer;
    private readonly DataLoader<ClassificationBatch> _train = new(Digits.Load().Train, batchSize: 100);

    public AnalysisPageTests()
    {
        var random = new RandomStream(1);
        _model = new Sequential(new Flatten(), new Dense(64, 32, random: random), new ReLU(), new Dense(32, 10, random: random));
        _trainer = new Trainer(_model, new Adam(_model.Parameters(), learningRate: 1e-2f), new CrossEntropy());
    }

    public void Dispose() => _train.Dispose();

    [Fact]
    public void Monitors_watch_a_training()
    {
        var (model, trainer, train) = (_model, _trainer, _train);
        string report = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid()}.html");
        // <analysis>
        using var gradients = GradientMonitor.Attach(model, every: 10);
        using var activations = ActivationMonitor.Attach(model, every: 10);
        trainer.Callbacks.Add(new StopOnFinding(gradients, activations));    // ends a training that will not learn
        var history = trainer.Fit(train, epochs: 3);

        var page = new RunReport("digits", history) { Gradients = gradients, Activations = activations };
        foreach (var finding in page.Diagnose())
        {
            Console.WriteLine(finding);                                      // layer, figure, threshold, remedy
        }

        Console.WriteLine(gradients.ToGradientTable());
        page.Write(report);                                                  // one HTML file, which needs nothing else
        // </analysis>
        Assert.Empty(page.Diagnose());
        Assert.Equal(4, gradients.ToGradientTable().Rows.Count);
        Assert.StartsWith("<!DOCTYPE html>", File.ReadAllText(report), StringComparison.OrdinalIgnoreCase);
        File.Delete(report);
    }

    [Fact]
    public void A_hook_clips()
    {
        var (model, trainer, train) = (_model, _trainer, _train);
        var norms = new List<float>();
        // <analysis>
        const float most = 0.05f;
        var clips = new List<HookHandle>();
        foreach (var parameter in model.Parameters())
        {
            // What a hook of a parameter returns takes the gradient's place.
            clips.Add(parameter.OnGradient(gradient => gradient * MathF.Min(1, most / gradient.Norm().Item())));
        }
        // </analysis>
        clips.Add(trainer.Optimizer.BeforeUpdate(parameter => norms.Add(parameter.Gradient!.Norm().Item())));
        trainer.Fit(train, epochs: 1);
        Assert.All(norms, norm => Assert.True(norm <= most * 1.0001f, $"{norm}"));
        Assert.Contains(norms, norm => norm > most * 0.999f);
        clips.ForEach(clip => clip.Dispose());
    }

    [Fact]
    public void A_hook_logs()
    {
        var (model, trainer, train) = (_model, _trainer, _train);
        // <analysis>
        var log = new StringWriter();
        var logs = new List<HookHandle>();
        foreach (var (path, module) in model.NamedModules().Where(named => named.Module is ReLU))
        {
            logs.Add(module.OnOutput((_, _, y) =>
            {
                var values = TensorStatistics.Of(y);
                log.WriteLine($"{path}: mean {values.Mean:G3}, std {values.StandardDeviation:G3}, zeros {values.ZeroShare:P0}");
            }));
        }
        // </analysis>
        trainer.Fit(train, epochs: 1);
        string[] lines = log.ToString().Split(Environment.NewLine, StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(train.Count, lines.Length);
        Assert.All(lines, line => Assert.Matches(@"^2: mean \S+, std \S+, zeros \d+\s?%$", line));
        logs.ForEach(hook => hook.Dispose());
    }

    [Fact]
    public void A_callback_stops()
    {
        var (model, trainer, train) = (_model, _trainer, _train);
        var weight = ((Dense)model[1]).Weight;
        trainer.Callbacks.Add(new StopOnTinyGradient(weight, least: 0));
        Assert.Equal(StopReason.Completed, trainer.Fit(train, epochs: 1).StopReason);

        weight.OnGradient(gradient => gradient * 1e-9f);
        trainer = new Trainer(model, new Adam(model.Parameters(), learningRate: 1e-2f), new CrossEntropy())
        {
            Callbacks = { new StopOnTinyGradient(weight, least: 1e-6f) },
        };
        var history = trainer.Fit(train, epochs: 3);
        Assert.Equal(StopReason.Requested, history.StopReason);
        Assert.True(history.Rows.Count <= 1);
    }
}

// <analysis>
public sealed class StopOnTinyGradient(Parameter weight, float least) : Callback
{
    public override void OnStepStarting(TrainingRun run)
    {
        if (weight.Gradient!.Norm().Item() < least)
        {
            run.Stop();    // after this step; the history says StopReason.Requested
        }
    }
}
// </analysis>
