using System.Globalization;
using TinyNet.Analysis;
using TinyNet.Core;

namespace TinyNet.Bench;

/// <summary>Runs benchmarks, and tells what they measured: as tables, files and a page.</summary>
internal sealed class BenchReport(string name, IReadOnlyList<DeviceBenchmark> benchmarks, BenchSession session, ResultFile? old)
{
    private readonly double? _load = Machine.Load();
    private ResultFile _file = new(new Dictionary<string, string>(), []);

    /// <summary>What was measured beside the file of --compare; null without one.</summary>
    private ResultComparison? WithOld => old is null ? null : new ResultComparison(old, _file);

    /// <summary>Measures, and tells on the standard error what it is at.</summary>
    public void Measure()
    {
        var results = new List<Result>();
        foreach (var benchmark in benchmarks)
        {
            Console.Error.WriteLine($"measuring {benchmark.Name} ...");
            try
            {
                results.AddRange(benchmark.Measure(session));
            }
            catch (TensorException exception)
            {
                // A shape that an activation does not take, or more memory than there is.
                throw new CommandFailure(exception.Message);
            }
        }

        _file = new ResultFile(Facts().ToDictionary(fact => fact.Name, fact => fact.Value), results);
    }

    /// <summary>Writes what was measured, and returns the exit code: 1 where something got slower than it was.</summary>
    public int Write(TextWriter output, string? json, string? csv, string? html)
    {
        PageSection[] sections = [.. Sections()];
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

        Save(json, _file.ToJson);
        Save(csv, _file.ToCsv);
        Save(html, () => Page(sections).ToHtml());
        return WithOld is { IsSlower: true } ? 1 : 0;

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
        ("threads", session.Threads.ToString(CultureInfo.InvariantCulture)),
        .. session.Devices.Select(on => ($"device {on.Name}", on.Device.ToString())),
        ("seconds a number", session.Sampler.Seconds.ToString(CultureInfo.InvariantCulture)),
        ("rounds", session.Sampler.Rounds.ToString(CultureInfo.InvariantCulture)),
        .. _load is { } load ? [("load before", load.ToString(CultureInfo.InvariantCulture))] : Array.Empty<(string, string)>(),
    ];

    private string Busy() => string.Create(
        CultureInfo.InvariantCulture,
        $"The machine was busy before this began (load {_load} on {Environment.ProcessorCount} processors): look at the spreads.\n");

    private IEnumerable<PageSection> Sections()
    {
        foreach (var benchmark in benchmarks)
        {
            PageBlock[] blocks = [.. benchmark.Show([.. _file.Results.Where(row => row.Benchmark == benchmark.Name)])];
            yield return new PageSection(benchmark.Name, blocks) { Introduction = benchmark.Description };
        }

        if (WithOld is { } comparison)
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
        var page = new HtmlPage($"TinyNet: {name}")
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
