using TinyNet.Core;

namespace TinyNet.Tests.Core;

public unsafe class WorkSplitterTests
{
    private const int MostUnits = 40;

    private struct CountingJob : IJob
    {
        public int* Runs;

        public readonly void Run(int unit) => Interlocked.Increment(ref Runs[unit]);
    }

    private struct NestingJob : IJob
    {
        public int* Runs;
        public int InnerUnits;

        public readonly void Run(int unit)
        {
            var inner = new CountingJob { Runs = Runs + unit * InnerUnits };
            WorkSplitter.Run(InnerUnits, inner, 4);
        }
    }

    private struct FailingJob : IJob
    {
        public int FailingUnit;

        public readonly void Run(int unit)
        {
            if (unit == FailingUnit)
            {
                throw new InvalidOperationException($"unit {unit}");
            }
        }
    }

    private struct ChangingJob : IJob
    {
        public int Runs;

        public void Run(int unit) => Runs++;
    }

    private sealed class Result
    {
        public CollectingJob Job;
    }

    private struct CollectingJob : IJob
    {
        public string[] Texts;

        public readonly void Run(int unit) => Texts[unit] = unit.ToString();
    }

    private static void AssertEachRanOnce(int units, int threads)
    {
        int* runs = stackalloc int[MostUnits];
        new Span<int>(runs, MostUnits).Clear();
        var job = new CountingJob { Runs = runs };
        WorkSplitter.Run(units, job, threads);
        for (int unit = 0; unit < MostUnits; unit++)
        {
            if (runs[unit] != (unit < units ? 1 : 0))
            {
                Assert.Fail($"unit {unit} of {units} ran {runs[unit]} times");
            }
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(9)]
    public void Every_unit_runs_once(int threads)
    {
        for (int repetition = 0; repetition < 200; repetition++)
        {
            for (int units = 0; units < MostUnits; units += 1 + repetition % 7)
            {
                AssertEachRanOnce(units, threads);
            }
        }
    }

    [Fact]
    public void A_run_inside_a_unit_runs_every_unit_once()
    {
        int* runs = stackalloc int[MostUnits];
        for (int repetition = 0; repetition < 500; repetition++)
        {
            new Span<int>(runs, MostUnits).Clear();
            var job = new NestingJob { Runs = runs, InnerUnits = 5 };
            WorkSplitter.Run(MostUnits / 5, job, 3);
            for (int unit = 0; unit < MostUnits; unit++)
            {
                Assert.Equal(1, runs[unit]);
            }
        }
    }

    [Fact]
    public Task Concurrent_callers_all_get_their_units_done() =>
        Task.WhenAll(Enumerable.Range(0, 3).Select(_ => Task.Factory.StartNew(() =>
        {
            for (int repetition = 0; repetition < 3000; repetition++)
            {
                AssertEachRanOnce(repetition % MostUnits, 3);
            }
        }, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default)));

    [Fact]
    public void An_exception_reaches_the_caller_and_the_workers_stay_usable()
    {
        for (int repetition = 0; repetition < 200; repetition++)
        {
            int failing = repetition % 20, threads = 1 + repetition % 4;
            var job = new FailingJob { FailingUnit = failing };
            Assert.Equal($"unit {failing}", Assert.Throws<InvalidOperationException>(() => WorkSplitter.Run(20, job, threads)).Message);
            AssertEachRanOnce(20, threads);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Threads_run_units_on_copies_of_the_job(int threads)
    {
        var job = new ChangingJob();
        WorkSplitter.Run(1000, job, threads);
        Assert.Equal(0, job.Runs);
    }

    [Fact]
    public void A_job_may_hold_references_and_lie_on_the_heap()
    {
        var result = new Result { Job = new CollectingJob { Texts = new string[2000] } };
        WorkSplitter.Run(2000, result.Job, 3);
        Assert.All(result.Job.Texts, (text, unit) => Assert.Equal(unit.ToString(), text));
    }

    [Fact]
    public void Nothing_is_allocated_in_a_steady_state()
    {
        int* runs = stackalloc int[MostUnits];
        var job = new CountingJob { Runs = runs };
        Split();
        Assert.Equal(0, AllocatedBytes.Of(Split));

        void Split()
        {
            for (int repetition = 0; repetition < 1000; repetition++)
            {
                WorkSplitter.Run(8, job, 3);
            }
        }
    }
}
