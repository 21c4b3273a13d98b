namespace TinyNet.Bench;

/// <summary>Work to be timed, again and again.</summary>
/// <param name="Subject">What is measured: an activation, an operation.</param>
/// <param name="Setting">With what: a shape, a network.</param>
/// <param name="On">Where.</param>
/// <param name="Phases">The names of the phases that it times; where there are several, their sum is measured too.</param>
/// <param name="Run">Does it once, and times its phases by their positions.</param>
internal sealed record TimedWork(string Subject, string Setting, BenchDevice On, IReadOnlyList<string> Phases, Action<PhaseClock> Run)
{
    /// <summary>Work of one phase, all of which is timed.</summary>
    public static TimedWork Whole(string subject, string setting, BenchDevice on, string phase, Action run) =>
        new(subject, setting, on, [phase], clock =>
        {
            clock.Start();
            run();
            clock.Stop();
        });
}
