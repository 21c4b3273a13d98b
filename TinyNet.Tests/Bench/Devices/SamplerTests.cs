using TinyNet.Bench;
using TinyNet.Core;

namespace TinyNet.Tests.Bench.Devices;

[Collection(GlobalState.Name)]
public class SamplerTests
{
    private static readonly BenchDevice Cpu = new("cpu", new CpuDevice(1));

    [Fact]
    public void A_phase_ends_when_the_device_has_done_it()
    {
        const int late = 20;
        int waits = 0;

        // The work of a device that returns before it computes: only who waits meets the time that it takes.
        var clock = new PhaseClock(
            () =>
            {
                waits++;
                if (waits % 2 == 0)
                {
                    Thread.Sleep(late);
                }
            },
            phases: 2);
        clock.Start();
        clock.Stop(1);

        Assert.Equal(2, waits);
        double[] milliseconds = clock.Take(runs: 1);
        Assert.Equal(0, milliseconds[0]);
        Assert.True(milliseconds[1] >= late - 1, $"{milliseconds[1]} ms");
        Assert.Equal([0, 0], clock.Take(runs: 1));
    }

    [Fact]
    public void Every_piece_of_work_gives_its_phases_and_their_total()
    {
        int runs = 0;
        var sampler = new Sampler(Seconds: 0.005, Rounds: 3, QuietSeconds: 0.001);
        var results = sampler.Measure(
            "test",
            TimedWork.Whole("first", "small", Cpu, "time", () => runs++),
            TimedWork.InPhases("second", "small", Cpu, ["forward", "backward"], clock =>
            {
                clock.Start();
                Thread.SpinWait(50);
                clock.Stop(0);
                clock.Start();
                Thread.SpinWait(50);
                clock.Stop(1);
            }));

        Assert.Equal(
            [("first", "time"), ("second", "forward"), ("second", "backward"), ("second", "total")],
            results.Select(row => (row.Subject, row.Measure)));
        Assert.All(results, row =>
        {
            Assert.Equal(("test", "small", "cpu", "ms"), (row.Benchmark, row.Setting, row.Device, row.Unit));
            Assert.True(row.Samples >= 3, $"{row.Samples} samples");
            Assert.True(row.Minimum <= row.Value && row.Value <= row.P95 && row.Spread >= 0, row.ToString());
        });
        Assert.True(runs > 100, "a run that is much shorter than a sample makes no sample alone");
    }

    [Fact]
    public void The_clock_is_read_around_all_runs_of_one_phase_and_in_each_run_of_several()
    {
        int runs = 0, reads = 0;
        var clock = new PhaseClock(() => reads++, phases: 2);
        TimedWork.Whole("whole", "", Cpu, "time", () => runs++).Repeat(clock, 100);
        Assert.Equal((100, 2), (runs, reads));

        (runs, reads) = (0, 0);
        TimedWork.InPhases("phases", "", Cpu, ["forward", "backward"], phase =>
        {
            runs++;
            phase.Start();
            phase.Stop(0);
            phase.Start();
            phase.Stop(1);
        }).Repeat(clock, 100);
        Assert.Equal((100, 400), (runs, reads));
    }

    [Fact]
    public void What_is_made_for_a_device_lies_there_and_the_default_stays()
    {
        var before = Device.Default;

        Assert.Same(Cpu.Device, Cpu.Make(() => Tensor.Ones([2])).Device);
        Assert.Same(before, Device.Default);
    }
}
