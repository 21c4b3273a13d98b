using System.Diagnostics;
using System.Runtime;

namespace TinyNet.Bench;

/// <summary>
/// Runs work until the runtime has stopped compiling it: methods start out compiled quickly and are compiled again, in the
/// background, once they have been called often. Until then times are too long, and the compiler's own memory grows.
/// </summary>
internal static class WarmUp
{
    private const int LeastRuns = 5;

    /// <summary>Runs the work until nothing has been compiled for some time, and returns the shortest run in seconds.</summary>
    public static double Run(Action run, double quietSeconds, double longestSeconds)
    {
        double fastest = double.MaxValue;
        long start = Stopwatch.GetTimestamp(), lastCompiled = start, compiled = 0;
        for (int runs = 0; runs < LeastRuns || !IsOver(start, lastCompiled, quietSeconds, longestSeconds); runs++)
        {
            long before = Stopwatch.GetTimestamp();
            run();
            fastest = Math.Min(fastest, Stopwatch.GetElapsedTime(before).TotalSeconds);
            long count = JitInfo.GetCompiledMethodCount();
            if (count != compiled)
            {
                (compiled, lastCompiled) = (count, Stopwatch.GetTimestamp());
            }
        }

        return fastest;
    }

    private static bool IsOver(long start, long lastCompiled, double quietSeconds, double longestSeconds) =>
        Stopwatch.GetElapsedTime(lastCompiled).TotalSeconds >= quietSeconds
            || Stopwatch.GetElapsedTime(start).TotalSeconds >= longestSeconds;
}
