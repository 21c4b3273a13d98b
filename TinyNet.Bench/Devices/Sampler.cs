using System.Diagnostics;

namespace TinyNet.Bench;

/// <summary>
/// Measures pieces of work beside each other: all are warmed up until the runtime has stopped compiling, and then take turns in some
/// rounds, so that what else the machine does meets all, and the rounds tell how much a repetition differs.
/// </summary>
/// <param name="Seconds">How long each piece of work is timed, in all rounds together.</param>
/// <param name="Rounds">The number of rounds.</param>
/// <param name="QuietSeconds">Warming up ends when nothing has been compiled for so long.</param>
internal sealed record Sampler(double Seconds, int Rounds, double QuietSeconds)
{
    // A sample that is much shorter would tell of the clock.
    private const double LeastSampleMilliseconds = 0.02;

    private const int MostRunsOfASample = 10_000, MostSamplesOfARound = 2_000, TriesToChoose = 4;

    // A method is compiled again after 30 calls; warming up makes five turns at least.
    private const int MostRunsOfAWarmUpTurn = 8;

    // What else the machine does only slows down: of several rounds one is forgiven.
    private const int LeastRoundsToForgiveOne = 5;

    private const double LongestWarmUpTurnMilliseconds = 20, LongestWarmUpSeconds = 20;

    /// <summary>The measured times, in milliseconds: for each piece of work its phases, and their total where there are several.</summary>
    public IReadOnlyList<Result> Measure(string benchmark, params IReadOnlyList<TimedWork> works)
    {
        Running[] all = [.. works.Select(work => new Running(work, Rounds))];
        WarmUp.Run(() => Array.ForEach(all, work => work.WarmUpTurn()), QuietSeconds, LongestWarmUpSeconds);
        Array.ForEach(all, work => work.ChooseSamples());
        for (int round = 0; round < Rounds; round++)
        {
            foreach (var work in all)
            {
                work.Sample(round, Seconds / Rounds);
            }
        }

        return [.. all.SelectMany(work => work.Results(benchmark))];
    }

    /// <summary>Work that is measured, with its samples by phase and round.</summary>
    private sealed class Running
    {
        private readonly TimedWork _work;
        private readonly PhaseClock _clock;
        private readonly List<double>[][] _samples;
        private int _runsOfASample = 1;

        public Running(TimedWork work, int rounds)
        {
            _work = work;
            _clock = new PhaseClock(work.On.Device.Synchronize, work.Phases.Count);
            Measures = work.Phases.Count == 1 ? work.Phases : [.. work.Phases, Result.Total];
            _samples = [.. Measures.Select(_ => Enumerable.Range(0, rounds).Select(_ => new List<double>()).ToArray())];
        }

        private IReadOnlyList<string> Measures { get; }

        public void WarmUpTurn()
        {
            long start = Stopwatch.GetTimestamp();
            for (int i = 0; i < MostRunsOfAWarmUpTurn && Elapsed(start) < LongestWarmUpTurnMilliseconds; i++)
            {
                _work.Repeat(_clock, 1);
            }
        }

        /// <summary>Finds out how many runs make a sample that is long enough; the clock tells the more the longer a try is.</summary>
        public void ChooseSamples()
        {
            _clock.Take(1);
            double shortest = double.MaxValue;
            for (int i = 0; i < TriesToChoose; i++)
            {
                _work.Repeat(_clock, _runsOfASample);
                shortest = Math.Min(shortest, _clock.Take(_runsOfASample).Min());
                _runsOfASample = (int)Math.Clamp(LeastSampleMilliseconds / shortest, 1, MostRunsOfASample);
            }
        }

        public void Sample(int round, double seconds)
        {
            // What the others left in the caches is replaced first.
            _work.Repeat(_clock, 1);
            _clock.Take(1);
            long start = Stopwatch.GetTimestamp();
            for (int count = 0; count == 0 || (Elapsed(start) < seconds * 1e3 && count < MostSamplesOfARound); count++)
            {
                _work.Repeat(_clock, _runsOfASample);
                double[] milliseconds = _clock.Take(_runsOfASample);
                for (int phase = 0; phase < milliseconds.Length; phase++)
                {
                    _samples[phase][round].Add(milliseconds[phase]);
                }

                if (_samples.Length > milliseconds.Length)
                {
                    _samples[^1][round].Add(milliseconds.Sum());
                }
            }
        }

        public IEnumerable<Result> Results(string benchmark) => Measures.Select((measure, i) => Result.Of(
            benchmark, _work.Subject, _work.Setting, _work.On.Name, measure, Result.Milliseconds,
            SampleStatistics.Of(_samples[i], disturbed: _samples[i].Length >= LeastRoundsToForgiveOne ? 1 : 0)));

        private static double Elapsed(long start) => Stopwatch.GetElapsedTime(start).TotalMilliseconds;
    }
}
