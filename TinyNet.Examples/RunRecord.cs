using System.Globalization;
using TinyNet.Analysis;
using TinyNet.Layers;
using TinyNet.Training;

namespace TinyNet.Examples;

/// <summary>What is seen of a training for its report.</summary>
internal sealed class RunRecord(Module model) : IDisposable
{
    // Looking costs little every so many steps, and no curve needs more points.
    private static readonly MonitorOptions Options = new() { Every = 10, HistoryLength = 64 };

    private readonly GradientMonitor _gradients = GradientMonitor.Attach(model, Options);
    private readonly ActivationMonitor _activations = ActivationMonitor.Attach(model, Options);

    public LossTrace Losses { get; } = new();

    /// <summary>The report; without an outcome that of a run which has not come to its end.</summary>
    public RunReport Report(string title, History history, Outcome? outcome, IReadOnlyList<(string Name, string Value)> options) =>
        new(title, history)
        {
            Gradients = _gradients,
            Activations = _activations,
            Losses = Losses,
            Model = outcome?.Summary,
            Results = outcome is null ? []
                : [new PageFact($"test {outcome.Measure}", outcome.Value.ToString("F4", CultureInfo.InvariantCulture))],
            Data = outcome?.Data ?? [],
            Options = options,
            Confusion = outcome?.Review?.Confusion,
            ClassNames = outcome?.Review?.ClassNames ?? [],
            Mistakes = outcome?.Review?.Mistakes ?? [],
        };

    /// <summary>Takes the monitors off; what they have seen stays.</summary>
    public void Dispose()
    {
        _gradients.Dispose();
        _activations.Dispose();
    }
}
