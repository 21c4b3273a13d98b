using TinyNet.Core;

namespace TinyNet.Tests.Core;

[Collection(GlobalState.Name)]
public class CoreDistanceTests
{
    [Fact]
    public void A_worker_that_does_not_answer_is_not_waited_for()
    {
        var distance = new CoreDistance(TimeProvider.System);
        Assert.False(distance.Measure());
        Assert.False(distance.IsFar);
    }

    [Fact]
    public void It_follows_the_time_that_an_answer_takes()
    {
        var clock = new SteppingClock();
        var distance = new CoreDistance(clock, patience: int.MaxValue);
        bool isDone = false;
        var worker = new Thread(() =>
        {
            while (!Volatile.Read(ref isDone))
            {
                distance.Answer();
            }
        })
        { IsBackground = true };
        worker.Start();
        foreach (bool isFar in new[] { true, false, true })
        {
            clock.Nanoseconds = isFar ? 700 : 30;
            Assert.True(distance.Measure());
            Assert.Equal(isFar, distance.IsFar);
        }

        Volatile.Write(ref isDone, true);
        worker.Join();
    }

    [Theory]
    [InlineData(99, false, 0), InlineData(100, false, 2500), InlineData(99, true, 0), InlineData(400, true, 2500)]
    public void Small_regions_are_not_opened_nor_where_cores_are_far_those_a_little_larger(int work, bool isFar, int expected) =>
        Assert.Equal(expected, Opened(work, isFar));

    [Fact]
    public void Where_cores_are_far_a_region_is_opened_now_and_then_to_measure_again() =>
        Assert.InRange(Opened(399, isFar: true), 1, 2499);

    /// <summary>How often in 2,500 times work of which 100 pay is shared.</summary>
    private static int Opened(int work, bool isFar)
    {
        WorkSplitter.RegionsSinceMeasurement = 0;
        WorkSplitter.ForcedDistance = isFar;
        try
        {
            return Enumerable.Range(0, 2500).Count(_ => WorkSplitter.Pays(work, 100));
        }
        finally
        {
            WorkSplitter.ForcedDistance = null;
        }
    }

    [Theory]
    [InlineData(2, 784, 256), InlineData(32, 784, 256), InlineData(64, 1500, 33), InlineData(31, 1024, 130)]
    public void Products_have_the_same_bits_however_far_cores_are(int rows, int depth, int columns)
    {
        var random = new RandomStream(5);
        Device one = new CpuDevice(1), two = TestDevices.Splitting(2);
        float[] a = Numbers(rows * depth), b = Numbers(depth * columns), bias = Numbers(columns), before = Numbers(rows * columns);
        float[] expected = Product(one, false), near = Product(two, false), far = Product(two, true);

        Assert.Equal(expected, near);
        Assert.Equal(expected, far);

        float[] Numbers(int count) => Tensor.Normal([count], random, device: Device.Cpu).ToArray();

        float[] Product(Device device, bool isFar)
        {
            WorkSplitter.ForcedDistance = isFar;
            try
            {
                var to = Tensor.From(before, [rows, columns], device);
                device.MatrixProduct(
                    Tensor.From(a, [rows, depth], device), Tensor.From(b, [depth, columns], device), Tensor.From(bias, [columns], device),
                    accumulate: true, to);
                return to.ToArray();
            }
            finally
            {
                WorkSplitter.ForcedDistance = null;
            }
        }
    }

    /// <summary>A clock on which every look takes as long.</summary>
    private sealed class SteppingClock : TimeProvider
    {
        private long _now;

        public long Nanoseconds { get; set; }

        public override long TimestampFrequency => 1_000_000_000;

        public override long GetTimestamp() => _now += Nanoseconds;
    }
}
