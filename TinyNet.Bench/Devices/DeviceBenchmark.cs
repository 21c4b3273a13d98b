using System.CommandLine;
using TinyNet.Analysis;

namespace TinyNet.Bench;

/// <summary>Something that is measured on devices: a command of TinyNet.Bench, and a part of <c>all</c>.</summary>
internal abstract class DeviceBenchmark
{
    /// <summary>The command.</summary>
    public abstract string Name { get; }

    /// <summary>What it measures, for <c>--help</c>.</summary>
    public abstract string Description { get; }

    /// <summary>The options that only it has.</summary>
    public virtual IReadOnlyList<Option> Options => [];

    /// <summary>Why it cannot be measured as it is asked for, and what to do; null where it can be.</summary>
    public virtual string? Refuse(BenchSession session) => null;

    /// <summary>Measures what is not refused.</summary>
    /// <exception cref="CommandFailure">It cannot be done as it was asked for.</exception>
    public abstract IReadOnlyList<Result> Measure(BenchSession session);

    /// <summary>Tables and figures of what was measured, a sentence in a text block where there is something to say.</summary>
    /// <param name="results">What <see cref="Measure"/> returned, here or in another run.</param>
    public abstract IEnumerable<PageBlock> Show(IReadOnlyList<Result> results);
}
