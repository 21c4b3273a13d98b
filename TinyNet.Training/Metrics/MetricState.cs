namespace TinyNet.Training;

/// <summary>Checks of the numbers that a metric is to go on from; they may come from a file, or from another metric.</summary>
internal static class MetricState
{
    /// <summary>From here on not every whole number is a double.</summary>
    private const double MostExact = 1L << 53;

    /// <summary>Refuses a state of another length.</summary>
    /// <param name="state">The state.</param>
    /// <param name="isRight">Whether it has a length that such a metric's state has.</param>
    /// <param name="metric">The metric, for the message.</param>
    /// <param name="content">What such a state is, for the message.</param>
    public static void EnsureLength(double[] state, bool isRight, string metric, string content)
    {
        if (!isRight)
        {
            throw Refusal(metric, $"a state of {state.Length} numbers; this metric's is {content}", nameof(state));
        }
    }

    /// <summary>A count in a state.</summary>
    public static long Count(double value, string metric) => value >= 0 && value <= MostExact && value == Math.Floor(value)
        ? (long)value
        : throw Refusal(metric, $"{value} in a state where a count should be", nameof(value));

    /// <summary>A sum of what is not negative; it may be nan.</summary>
    public static double NotNegative(double value, string metric) => value < 0
        ? throw Refusal(metric, $"{value} in a state where nothing negative can be", nameof(value))
        : value;

    /// <summary>The exception for a state that is no such metric's.</summary>
    public static ArgumentException Refusal(string metric, string problem, string name) =>
        new($"{metric}: {FormattableString.Invariant($"{problem}")}; give the State of a metric of the same kind and settings", name);
}
