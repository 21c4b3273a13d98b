using System.Text.Json;
using TinyNet.Core;

namespace TinyNet.Bench;

/// <summary>Replays cases of the format <c>tinynet-conformance/1</c> on a device.</summary>
internal static class ConformanceRunner
{
    private const string IndexFile = "index.json";

    /// <summary>The case files of a folder, as <c>family/name.json</c>: those of its index, or all where it has none.</summary>
    /// <exception cref="DirectoryNotFoundException">There is no such folder.</exception>
    /// <exception cref="FormatException">The index is none.</exception>
    public static IReadOnlyList<string> List(string folder)
    {
        string index = Path.Combine(folder, IndexFile);
        if (!File.Exists(index))
        {
            if (!Directory.Exists(folder))
            {
                throw new DirectoryNotFoundException($"there is no folder '{folder}'");
            }

            return [.. Directory.EnumerateDirectories(folder)
                .SelectMany(family => Directory.EnumerateFiles(family, "*.json"))
                .Select(file => Path.GetRelativePath(folder, file).Replace(Path.DirectorySeparatorChar, '/'))
                .Order(StringComparer.Ordinal)];
        }

        try
        {
            using var document = JsonDocument.Parse(File.ReadAllBytes(index));
            return [.. document.RootElement.GetProperty("cases").EnumerateArray().Select(entry => entry.GetString()!)];
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            throw new FormatException($"{index} lists no cases: {e.Message}", e);
        }
    }

    /// <summary>The family of a case file.</summary>
    public static string FamilyOf(string file) => file.Split('/')[0];

    /// <summary>Replays the cases of a folder in order.</summary>
    public static IEnumerable<CaseResult> ReplayFolder(string folder, Device device, IReadOnlyCollection<string>? families = null) =>
        List(folder).Where(file => families is null || families.Contains(FamilyOf(file))).Select(file => Replay(folder, file, device));

    /// <summary>Replays a case file of a folder.</summary>
    public static CaseResult Replay(string folder, string file, Device device)
    {
        try
        {
            return Replay(ConformanceCase.Parse(File.ReadAllBytes(Path.Combine(folder, file))), device);
        }
        catch (Exception e) when (e is FormatException or IOException)
        {
            return new CaseResult(
                FamilyOf(file), Path.GetFileNameWithoutExtension(file), CaseOutcome.Failed, double.PositiveInfinity, [e.Message]);
        }
    }

    /// <summary>Replays a case.</summary>
    public static CaseResult Replay(ConformanceCase conformanceCase, Device device)
    {
        CaseResult Result(CaseOutcome outcome, double worst, IReadOnlyList<string> findings) =>
            new(conformanceCase.Family, conformanceCase.Name, outcome, worst, findings);

        if (ReplayTable.Find(conformanceCase.Family, conformanceCase.Operation) is not { } replay)
        {
            return Result(CaseOutcome.Skipped, 0, [$"not there yet: {conformanceCase.Operation}"]);
        }

        try
        {
            var comparison = new Comparison(conformanceCase.RelativeTolerance, conformanceCase.AbsoluteTolerance);
            var (outputs, gradients) = CaseRun.Compute(replay, conformanceCase, device);
            comparison.Compare("output", conformanceCase.Outputs, outputs);
            comparison.Compare("gradient", conformanceCase.Gradients, gradients);
            return Result(
                comparison.Findings.Count == 0 ? CaseOutcome.Passed : CaseOutcome.Failed, comparison.WorstError, comparison.Findings);
        }
        catch (NotCoveredException e)
        {
            return Result(CaseOutcome.Skipped, 0, [e.Message]);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // One case that throws is one that fails; the others are still replayed.
            return Result(CaseOutcome.Failed, double.PositiveInfinity, [$"{e.GetType().Name}: {e.Message}"]);
        }
    }
}
