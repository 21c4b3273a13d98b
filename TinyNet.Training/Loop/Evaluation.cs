using TinyNet.Core;

namespace TinyNet.Training;

/// <summary>How good a model is on some data.</summary>
public sealed class Evaluation
{
    private readonly List<(string Name, double Value)> _metrics;

    internal Evaluation(double loss, long samples, IEnumerable<(string Name, double Value)> metrics) =>
        (Loss, Samples, _metrics) = (loss, samples, [.. metrics]);

    /// <summary>The mean loss of the samples; nan where none of them counts.</summary>
    public double Loss { get; }

    /// <summary>How many samples there were.</summary>
    public long Samples { get; }

    /// <summary>The metrics, in the order in which the trainer has them.</summary>
    public IReadOnlyList<(string Name, double Value)> Metrics => _metrics;

    /// <summary>The value of a metric.</summary>
    /// <exception cref="ArgumentException">There is no such metric.</exception>
    public double this[string metric]
    {
        get
        {
            ArgumentNullException.ThrowIfNull(metric);
            int index = _metrics.FindIndex(pair => pair.Name == metric);
            return index >= 0 ? _metrics[index].Value : throw new ArgumentException(
                $"no metric '{metric}'{Suggestion.For(metric, _metrics.Select(pair => pair.Name))}; there are: "
                + string.Join(", ", _metrics.Select(pair => pair.Name)), nameof(metric));
        }
    }

    /// <summary>Loss and metrics in one line.</summary>
    public override string ToString() =>
        $"loss {HistoryRow.Show(Loss)}" + string.Concat(_metrics.Select(pair => $" {pair.Name} {HistoryRow.Show(pair.Value)}"));
}
