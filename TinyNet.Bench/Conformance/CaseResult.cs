namespace TinyNet.Bench;

/// <summary>How the replay of a case ended.</summary>
internal enum CaseOutcome
{
    Passed,
    Failed,

    /// <summary>The operation, or the form of it that the case asks for, is not there yet.</summary>
    Skipped,
}

/// <summary>The replay of one case.</summary>
/// <param name="Family">The family of the operation.</param>
/// <param name="Name">The name of the case.</param>
/// <param name="Outcome">How it ended.</param>
/// <param name="WorstError">The largest error, as a part of what is tolerated.</param>
/// <param name="Findings">What is wrong, one line a result; of a skipped case, why.</param>
internal sealed record CaseResult(string Family, string Name, CaseOutcome Outcome, double WorstError, IReadOnlyList<string> Findings)
{
    public override string ToString() => $"{Family}/{Name}: {string.Join("; ", Findings)}";
}
