using System.Globalization;
using TinyNet.Analysis;
using TinyNet.Core;

namespace TinyNet.Bench;

/// <summary>Runs benchmarks, and tells what they measured: as tables, files and a page.</summary>
internal sealed class BenchReport
{
    private readonly string _name;
    private readonly BenchSession _session;
    private readonly ResultFile? _old;
    private readonly IReadOnlyList<DeviceBenchmark> _benchmarks;
    private readonly double? _load = Machine.Load();
    private readonly List<string> _leftOut = [];
    private ResultFile _file = new(new Dictionary<string, string>(), []);

    /// <summary>Finds out what of several benchmarks can be measured as it is asked for.</summary>
    /// <param name="name">The command.</param>
    /// <param name="benchmarks">What it measures.</param>
    /// <param name="session">What is asked for.</param>
    /// <param name="old">What to compare with; null for nothing.</param>
    /// <exception cref="CommandFailure">Nothing can be measured.</exception>
    public BenchReport(string name, IReadOnlyList<DeviceBenchmark> benchmarks, BenchSession session, ResultFile? old)
    {
        (_name, _session, _old) = (name, session, old);
        var refusals = benchmarks.ToLookup(benchmark => benchmark.Refuse(session));
        _benchmarks = [.. refusals[null]];
        string[] reasons = [.. refusals.Select(benchmark => benchmark.Key).OfType<string>()];
        if (_benchmarks.Count == 0)
        {
            throw new CommandFailure(string.Join("; ", reasons));
        }

        _leftOut.AddRange(reasons.Select(reason => $"Left out: {reason}."));
    }

    /// <summary>Measures, and tells on the standard error what it is at.</summary>
    /// <exception cref="CommandFailure">The first benchmark failed. Where a later one does, what there is can be written.</exception>
    public void Measure()
    {
        var results = new List<Result>();
        foreach (var benchmark in _benchmarks)
        {
            Console.Error.WriteLine($"measuring {benchmark.Name} ...");
            try
            {
                results.AddRange(benchmark.Measure(_session));
            }
            catch (Exception exception) when (exception is TensorException or CommandFailure or OutOfMemoryException)
            {
                // A shape that an activation does not take, or more memory than there is.
                Failure = new CommandFailure($"{benchmark.Name}: {exception.Message}");
                if (results.Count == 0)
                {
                    throw Failure;
                }

                break;
            }
        }

        _file = new ResultFile(Facts().ToDictionary(fact => fact.Name, fact => fact.Value), results);
    }

    /// <summary>What ended the measuring before all was measured; null where all was.</summary>
    public CommandFailure? Failure { get; private set; }

    /// <summary>Writes what was measured, and returns the exit code: 1 where something got slower than it was.</summary>
    /// <exception cref="CommandFailure">A file cannot be written; or all was written that there is, and there is a failure.</exception>
    public int Write(TextWriter output, string? json, string? csv, string? html)
    {
        var comparison = _old is null ? null : new ResultComparison(_old, _file);
        PageSection[] sections = [.. Sections(comparison)];
        if (_load > Environment.ProcessorCount)
        {
            output.WriteLine(Busy());
        }

        foreach (var block in sections.SelectMany(section => section.Blocks))
        {
            if ((block as TableBlock)?.Table.ToString() is { } table)
            {
                output.WriteLine(table);
            }
            else if ((block as TextBlock)?.Text is { } text)
            {
                output.WriteLine($"{text}\n");
            }
        }

        _leftOut.ForEach(output.WriteLine);
        Save(json, _file.ToJson);
        Save(csv, _file.ToCsv);
        Save(html, () => Page(sections).ToHtml());
        return Failure is not null ? throw Failure : comparison is { IsSlower: true } ? 1 : 0;

        void Save(string? path, Func<string> text)
        {
            if (path is not null)
            {
                ResultFile.Write(path, text());
                output.WriteLine($"wrote {path}");
            }
        }
    }

    private IEnumerable<(string Name, string Value)> Facts() =>
    [
        .. Machine.Facts(),
        .. _session.Facts(),
        .. _load is { } load ? [("load before", load.ToString(CultureInfo.InvariantCulture))] : Array.Empty<(string, string)>(),
    ];

    private string Busy() => string.Create(
        CultureInfo.InvariantCulture,
        $"The machine was busy before this began (load {_load} on {Environment.ProcessorCount} processors): look at the spreads.\n");

    private IEnumerable<PageSection> Sections(ResultComparison? comparison)
    {
        foreach (var benchmark in _benchmarks)
        {
            Result[] results = [.. _file.Results.Where(row => row.Benchmark == benchmark.Name)];
            if (results.Length > 0)
            {
                yield return new PageSection(benchmark.Name, [.. benchmark.Show(results)]) { Introduction = benchmark.Description };
            }
        }

        if (comparison is not null)
        {
            yield return new PageSection(
                "comparison", comparison.ToTable(), new TextBlock(string.Join('\n', comparison.Sentences())))
            {
                Introduction = ResultComparison.Rule,
            };
        }
    }

    private HtmlPage Page(IEnumerable<PageSection> sections)
    {
        var page = new HtmlPage($"TinyNet: {_name}")
        {
            Subtitle = string.Join(" · ", _file.Facts.Select(fact => $"{fact.Key}: {fact.Value}")),
        };
        foreach (var section in sections)
        {
            page.Add(section);
        }

        return page;
    }
}
