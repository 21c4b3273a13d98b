using System.Globalization;
using TinyNet.Analysis;

namespace TinyNet.Bench;

/// <summary>The same number in two files.</summary>
internal sealed record ComparedResult(Result Old, Result New)
{
    // Medians of two runs of one program differ by so much more than by what rounds within a run do: caches and addresses lie elsewhere.
    private const double Margin = 0.03;

    /// <summary>New over old: above 1, it takes more. Null of what was 0 and is no more.</summary>
    public double? Ratio => New.Value == Old.Value ? 1 : Old.Value == 0 ? null : New.Value / Old.Value;

    /// <summary>What the ratio may lie off 1 without a reason: what repetitions differed by in either file.</summary>
    public double Noise => Old.Spread + New.Spread;

    /// <summary>Whether it takes more, beyond noise and margin; what was 0 and is no more does.</summary>
    public bool IsSlower => Ratio is { } ratio ? ratio > 1 + Noise + Margin : New.Value > 0;

    /// <summary>Whether it takes less, beyond noise and margin.</summary>
    public bool IsFaster => Ratio * (1 + Noise + Margin) < 1;
}

/// <summary>Times and bytes of two files beside each other.</summary>
internal sealed class ResultComparison
{
    /// <summary>What counts as slower, for <c>--help</c>.</summary>
    public const string Rule =
        "A number got slower if its ratio new/old is above 1 by more than the sum of the spreads of both files and 3 %; a spread is how "
        + "far apart the medians of the rounds lie, over the median of all samples; of five rounds the slowest is left out.";

    private readonly ResultFile _old, _new;

    public ResultComparison(ResultFile old, ResultFile @new)
    {
        (_old, _new) = (old, @new);
        var known = old.Results.Where(row => row.IsCost).ToDictionary(row => row.Key);
        Rows =
        [
            .. @new.Results.Where(row => row.IsCost && known.ContainsKey(row.Key)).Select(row => new ComparedResult(known[row.Key], row)),
        ];
    }

    /// <summary>What both files have, in the order of the new one.</summary>
    public IReadOnlyList<ComparedResult> Rows { get; }

    /// <summary>Whether both were measured on machines that are alike.</summary>
    public bool IsSameMachine => !Differences.Any(Machine.Has);

    /// <summary>Whether both were measured in the same way: what a device has is the same where both files have the device.</summary>
    public bool IsSameSetting => !Differences.Any(name =>
        BenchSession.IsSetting(name) && _old.Facts.ContainsKey(name) && _new.Facts.ContainsKey(name));

    /// <summary>Whether something got slower, and by the program: on the same machine, in the same setting.</summary>
    public bool IsSlower => IsSameMachine && IsSameSetting && Rows.Any(row => row.IsSlower);

    private IEnumerable<string> Differences => _old.Facts.Keys.Union(_new.Facts.Keys)
        .Where(name => _old.Facts.GetValueOrDefault(name) != _new.Facts.GetValueOrDefault(name));

    /// <summary>All ratios, a row each.</summary>
    public Table ToTable() => new(
        "new / old",
        ["benchmark", "subject", "setting", "device", "measure", "unit", "old", "new", "ratio", "noise %", ""],
        [
            .. Rows.Select(row => (object?[])
            [
                row.New.Benchmark, row.New.Subject, row.New.Setting, row.New.Device, row.New.Measure, row.New.Unit, row.Old.Value,
                row.New.Value, row.Ratio is { } ratio ? Math.Round(ratio, 3) : null, Math.Round(row.Noise * 100, 1),
                row.IsSlower ? "SLOWER" : row.IsFaster ? "faster" : "",
            ]),
        ]);

    /// <summary>What came of it, a sentence a line.</summary>
    public IEnumerable<string> Sentences()
    {
        if (!IsSameMachine)
        {
            yield return "The files were measured on different machines: the ratios compare these, and not two states of the program.";
        }

        if (!IsSameSetting)
        {
            yield return "The files were measured in different settings: the ratios compare these, and not two states of the program.";
        }

        foreach (string name in Differences)
        {
            yield return $"{name}: {_old.Facts.GetValueOrDefault(name, "unknown")} in the old file, "
                + $"{_new.Facts.GetValueOrDefault(name, "unknown")} in the new one.";
        }

        if (Rows.Count == 0)
        {
            yield return "The files have no number in common: measure with the options of the old one.";
            yield break;
        }

        var slower = Rows.Where(row => row.IsSlower).OrderByDescending(row => row.Ratio ?? double.MaxValue).ToArray();
        foreach (var row in slower)
        {
            string change = row.Ratio is { } ratio
                ? string.Create(CultureInfo.InvariantCulture, $"x {ratio:F2}, noise {row.Noise * 100:F1} %")
                : string.Create(CultureInfo.InvariantCulture, $"{row.New.Value:G4} {row.New.Unit} after 0");
            yield return
                $"SLOWER: {row.New.Benchmark}, {row.New.Subject}, {row.New.Setting}, {row.New.Device}, {row.New.Measure}: {change}.";
        }

        var logarithms = Rows.Select(row => Math.Log(row.Ratio ?? double.NaN)).Where(double.IsFinite);
        double mean = Math.Exp(logarithms.DefaultIfEmpty(0).Average());
        int onlyOld = _old.Results.Count(row => row.IsCost) - Rows.Count, onlyNew = _new.Results.Count(row => row.IsCost) - Rows.Count;
        yield return string.Create(
            CultureInfo.InvariantCulture,
            $"Of {Rows.Count} numbers {slower.Length} got slower and {Rows.Count(row => row.IsFaster)} faster beyond the noise; the "
            + $"geometric mean of new / old is {mean:F3}. {onlyOld} are only in the old file, {onlyNew} only in the new one.");
    }
}
