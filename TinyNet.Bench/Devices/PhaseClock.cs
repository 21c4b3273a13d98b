using System.Diagnostics;

namespace TinyNet.Bench;

/// <summary>
/// Times the phases of work on a device. Before it reads the time it waits for what the device still does, so that a phase has what it
/// asked for and nothing of the one before.
/// </summary>
/// <param name="synchronize">Waits for the device.</param>
/// <param name="phases">The number of phases.</param>
internal sealed class PhaseClock(Action synchronize, int phases)
{
    private readonly long[] _ticks = new long[phases];
    private long _start;

    /// <summary>A phase begins.</summary>
    public void Start()
    {
        synchronize();
        _start = Stopwatch.GetTimestamp();
    }

    /// <summary>The phase that began last ends.</summary>
    public void Stop(int phase = 0)
    {
        synchronize();
        _ticks[phase] += Stopwatch.GetTimestamp() - _start;
    }

    /// <summary>The milliseconds of each phase since this was last called, divided by the number of runs.</summary>
    public double[] Take(int runs)
    {
        double[] milliseconds = [.. _ticks.Select(ticks => ticks * 1e3 / Stopwatch.Frequency / runs)];
        Array.Clear(_ticks);
        return milliseconds;
    }
}
