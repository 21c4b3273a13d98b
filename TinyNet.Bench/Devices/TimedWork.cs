namespace TinyNet.Bench;

/// <summary>Work to be timed, again and again.</summary>
/// <param name="Subject">What is measured: an activation, an operation.</param>
/// <param name="Setting">With what: a shape, a network.</param>
/// <param name="On">Where.</param>
/// <param name="Phases">The names of the phases that it times; where there are several, their sum is measured too.</param>
/// <param name="Repeat">Does it a number of times, and times its phases by their positions.</param>
internal sealed record TimedWork(
    string Subject, string Setting, BenchDevice On, IReadOnlyList<string> Phases, Action<PhaseClock, int> Repeat)
{
    /// <summary>Work of several phases: the clock is read in each run.</summary>
    public static TimedWork InPhases(
        string subject, string setting, BenchDevice on, IReadOnlyList<string> phases, Action<PhaseClock> run) =>
        new(subject, setting, on, phases, (clock, runs) =>
        {
            for (int i = 0; i < runs; i++)
            {
                run(clock);
            }
        });

    /// <summary>
    /// Work of one phase, all of which is timed. The clock is read around all runs together: reading it takes longer than some work does.
    /// </summary>
    public static TimedWork Whole(string subject, string setting, BenchDevice on, string phase, Action run) =>
        new(subject, setting, on, [phase], (clock, runs) =>
        {
            clock.Start();
            for (int i = 0; i < runs; i++)
            {
                run();
            }

            clock.Stop();
        });
}
