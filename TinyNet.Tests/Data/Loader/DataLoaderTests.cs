using System.Runtime.CompilerServices;
using TinyNet.Autograd;
using TinyNet.Core;
using TinyNet.Data;

namespace TinyNet.Tests.Data;

public class DataLoaderTests
{
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(60);

    private static readonly ArrayDataset Ten = Numbers(10);

    public static TheoryData<int> Prefetches => [0, 1, 2, 7, 1000];

    [Theory, MemberData(nameof(Prefetches))]
    public void Without_shuffling_the_samples_come_in_order(int prefetch)
    {
        using var loader = new DataLoader(Ten, batchSize: 4, prefetch: prefetch);
        var batches = new List<int[]>();
        foreach (var (features, labels) in loader)
        {
            batches.Add(labels.ToArray());
            Assert.Equal([labels.Length, 1, 2], features.Shape.Sizes.ToArray());
            Assert.Equal(labels.ToArray().SelectMany(label => Ten.Sample(label).ToArray()), features.ToArray());
        }

        Assert.Equal(3, loader.Count);
        Assert.Equal([[0, 1, 2, 3], [4, 5, 6, 7], [8, 9]], batches);
    }

    [Fact]
    public void After_the_last_epoch_comes_the_first()
    {
        using var loader = new DataLoader(Ten, batchSize: 4, shuffle: true) { Epoch = int.MaxValue };
        Assert.Equal(Enumerable.Range(0, 10), Labels(loader).Order());
        Assert.Equal(0, loader.Epoch);
        Assert.Equal(Enumerable.Range(0, 10), Labels(loader).Order());
        Assert.Equal(1, loader.Epoch);
    }

    [Fact]
    public void The_last_batch_can_be_left_out()
    {
        using var loader = new DataLoader(Ten, batchSize: 4, dropLast: true);

        Assert.Equal(2, loader.Count);
        Assert.Equal(Enumerable.Range(0, 8), Labels(loader));
        Assert.Equal(2, new DataLoader(Ten, batchSize: 5, dropLast: true).Count);
        Assert.Equal(2, new DataLoader(Ten, batchSize: 5).Count);
    }

    [Fact]
    public void A_batch_may_be_larger_than_the_dataset()
    {
        var (features, labels) = new DataLoader(Ten, batchSize: 1000).Single();

        Assert.Equal([10, 1, 2], features.Shape.Sizes.ToArray());
        Assert.Equal(10, labels.Length);
    }

    [Theory, MemberData(nameof(Prefetches))]
    public void Shuffled_batches_hold_every_sample_once_with_its_label(int prefetch)
    {
        var data = Numbers(101);
        using var loader = new DataLoader(data, batchSize: 8, shuffle: true, seed: 5, prefetch: prefetch);
        for (int epoch = 0; epoch < 3; epoch++)
        {
            var seen = new List<int>();
            foreach (var (features, labels) in loader)
            {
                seen.AddRange(labels.ToArray());
                Assert.Equal(labels.ToArray().SelectMany(label => data.Sample(label).ToArray()), features.ToArray());
            }

            Assert.NotEqual(Enumerable.Range(0, 101), seen);
            Assert.Equal(Enumerable.Range(0, 101), seen.Order());
        }
    }

    [Theory, MemberData(nameof(Prefetches))]
    public void The_order_follows_from_seed_and_epoch_alone(int prefetch)
    {
        var data = Numbers(57);
        using var expected = new DataLoader(data, batchSize: 57, shuffle: true, seed: 3, prefetch: 0);
        using var loader = new DataLoader(data, batchSize: 5, shuffle: true, seed: 3, prefetch: prefetch);
        using var otherSeed = new DataLoader(data, batchSize: 57, shuffle: true, seed: 4);
        int[] first = Labels(expected), second = Labels(expected);

        Assert.NotEqual(first, second);
        Assert.NotEqual(first, Labels(otherSeed));
        Assert.Equal(first, Labels(loader));
        Assert.Equal(1, loader.Epoch);
        Assert.Equal(second, Labels(loader));
        loader.Epoch = 0;
        Assert.Equal(first, Labels(loader));
        Assert.Throws<ArgumentOutOfRangeException>(() => loader.Epoch = -1);
    }

    [Fact]
    public void An_order_is_the_same_for_ever() =>
        Assert.Equal([5, 3, 6, 1, 8, 7, 4, 9, 2, 0], Labels(new DataLoader(Ten, batchSize: 3, shuffle: true, seed: 1)));

    [Theory, MemberData(nameof(Prefetches))]
    public void A_batch_ends_when_the_next_is_asked_for(int prefetch)
    {
        using var loader = new DataLoader(Ten, batchSize: 6, prefetch: prefetch);
        using var batches = loader.GetEnumerator();
        Assert.True(batches.MoveNext());
        var (features, labels) = batches.Current;
        var kept = (Features: features.Keep(), Labels: labels.Keep());
        var view = features.Reshape(6, 2);
        Assert.True(batches.MoveNext());

        string message = Assert.Throws<LifetimeException>(() => features.ToArray()).Message;
        Assert.Contains("DataLoader of 'numbers'", message, StringComparison.Ordinal);
        Assert.Contains("[6, 1, 2]", message, StringComparison.Ordinal);
        Assert.Contains("batch", message, StringComparison.Ordinal);
        Assert.Contains("Keep()", message, StringComparison.Ordinal);
        Assert.Contains("batch", Assert.Throws<LifetimeException>(() => labels.ToArray()).Message, StringComparison.Ordinal);
        Assert.Throws<LifetimeException>(() => labels.Reshape([2, 3]));
        Assert.Throws<LifetimeException>(() => view.ToArray());
        Assert.Throws<LifetimeException>(() => features + 1f);

        var last = batches.Current;
        Assert.Equal(4, last.Features.ToArray().Length / 2);
        Assert.False(batches.MoveNext());
        Assert.Throws<LifetimeException>(() => last.Features.ToArray());
        Assert.Equal(12, kept.Features.ToArray().Length);
        Assert.Equal([0, 1, 2, 3, 4, 5], kept.Labels.ToArray());
    }

    [Fact]
    public void Backward_refuses_a_batch_that_was_replaced()
    {
        using var loader = new DataLoader(Ten, batchSize: 5);
        using var batches = loader.GetEnumerator();
        var parameter = new Parameter(Tensor.Ones([1, 2]));
        Assert.True(batches.MoveNext());
        using var tape = Tape.Record();
        var loss = (batches.Current.Features * parameter).Sum();
        Assert.True(batches.MoveNext());

        Assert.Contains("DataLoader", Assert.Throws<LifetimeException>(() => tape.Backward(loss)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_batch_survives_the_scope_it_was_used_in()
    {
        foreach (var (features, _) in new DataLoader(Ten, batchSize: 5))
        {
            float[] before = features.ToArray();
            using (Tape.NoRecord())
            {
                Assert.Equal(before.Sum(), features.Sum().Item());
            }

            Assert.Equal(before, features.ToArray());
        }
    }

    [Theory, MemberData(nameof(Prefetches))]
    public void An_enumeration_can_be_left_early(int prefetch)
    {
        var data = Numbers(100);
        using var loader = new DataLoader(data, batchSize: 1, shuffle: true, seed: 2, prefetch: prefetch);
        int[] third = Labels(new DataLoader(data, batchSize: 9, shuffle: true, seed: 2) { Epoch = 200 });
        for (int epoch = 0; epoch < 200; epoch++)
        {
            Tensor? left = null;
            foreach (var (features, _) in loader)
            {
                left = features;
                break;
            }

            // Nobody has asked for another one yet.
            Assert.Equal(2, left!.ToArray().Length);
        }

        Assert.Equal(third, Labels(loader));
    }

    [Fact]
    public void Two_enumerations_at_once_are_refused()
    {
        using var loader = new DataLoader(Ten, batchSize: 2);
        var first = loader.GetEnumerator();
        Assert.True(first.MoveNext());

        string message = Assert.Throws<InvalidOperationException>(() => loader.GetEnumerator()).Message;
        Assert.Contains("'numbers'", message, StringComparison.Ordinal);
        Assert.Contains("second loader", message, StringComparison.Ordinal);
        Assert.Equal([0, 1], first.Current.Labels.ToArray());

        first.Dispose();
        var second = loader.GetEnumerator();
        Assert.False(first.MoveNext());
        first.Dispose();
        Assert.True(second.MoveNext());
        Assert.Equal([0, 1], second.Current.Labels.ToArray());
    }

    [Fact]
    public void The_next_batch_is_filled_while_the_current_one_is_in_use()
    {
        using var isFilled = new ManualResetEventSlim();
        int reader = 0;
        using var loader = new DataLoader<IndexTensor>(new Observed(10, index =>
        {
            if (index == 7)
            {
                reader = Environment.CurrentManagedThreadId;
                isFilled.Set();
            }
        }), batchSize: 4);
        using var batches = loader.GetEnumerator();
        Assert.True(batches.MoveNext());

        Assert.True(isFilled.Wait(Long, TestContext.Current.CancellationToken));
        Assert.NotEqual(Environment.CurrentManagedThreadId, reader);
    }

    [Theory, MemberData(nameof(Prefetches))]
    public void An_exception_arrives_with_the_batch_it_belongs_to(int prefetch)
    {
        bool isDamaged = true;
        var damage = new InvalidDataException("the file ends");
        var data = new Observed(10, index =>
        {
            if (isDamaged && index == 5)
            {
                throw damage;
            }
        });
        using var loader = new DataLoader<IndexTensor>(data, batchSize: 2, prefetch: prefetch);
        var seen = new List<int>();
        void Enumerate()
        {
            foreach (var indices in loader)
            {
                seen.AddRange(indices.ToArray());
            }
        }

        var exception = Assert.Throws<SampleException>(Enumerate);
        Assert.Equal("dataset 'observed', sample 5: the file ends", exception.Message);
        Assert.Equal(("observed", 5), (exception.Dataset, exception.Index));
        Assert.Same(damage, exception.InnerException);
        Assert.Equal([0, 1, 2, 3], seen);

        isDamaged = false;
        seen.Clear();
        Enumerate();
        Assert.Equal(Enumerable.Range(0, 10), seen);
    }

    [Fact]
    public void Disposing_ends_the_work_in_the_background_and_the_batch()
    {
        int reads = 0;
        var loader = new DataLoader<IndexTensor>(new Observed(1000, _ =>
        {
            Interlocked.Increment(ref reads);
            Thread.Sleep(1);
        }), batchSize: 2, prefetch: 100);
        var batches = loader.GetEnumerator();
        Assert.True(batches.MoveNext());
        var indices = batches.Current;
        loader.Dispose();
        int readsBefore = Volatile.Read(ref reads);
        Thread.Sleep(100);

        Assert.Equal(readsBefore, Volatile.Read(ref reads));
        Assert.Throws<LifetimeException>(() => indices.ToArray());
        Assert.Throws<ObjectDisposedException>(() => batches.MoveNext());
        Assert.Throws<ObjectDisposedException>(() => loader.GetEnumerator());
        batches.Dispose();
        loader.Dispose();
    }

    [Fact]
    public void A_loader_that_is_dropped_is_collected()
    {
        var loader = LeaveEarly();
        for (
            long end = Environment.TickCount64 + (long)Long.TotalMilliseconds; loader.IsAlive
                && Environment.TickCount64 < end; Thread.Sleep(10))
        {
            GC.Collect();
        }

        Assert.False(loader.IsAlive);
    }

    [Fact]
    public void Batches_arrive_on_other_devices()
    {
        using var loader = new DataLoader(Ten, batchSize: 4, shuffle: true, seed: 9, device: Device.Reference);
        using var onCpu = new DataLoader(Ten, batchSize: 4, shuffle: true, seed: 9, device: Device.Cpu);
        using var expected = onCpu.GetEnumerator();
        foreach (var (features, labels) in loader)
        {
            Assert.True(expected.MoveNext());
            Assert.Same(Device.Reference, features.Device);
            Assert.Equal(expected.Current.Features.ToArray(), features.ToArray());
            Assert.Equal(expected.Current.Labels.ToArray(), labels.ToArray());
        }
    }

    [Theory, MemberData(nameof(Prefetches))]
    public void A_batch_costs_two_small_objects(int prefetch)
    {
        using var loader = new DataLoader(Numbers(4096), batchSize: 64, shuffle: true, prefetch: prefetch);
        Enumerate(loader);
        Assert.InRange(AllocatedBytes.Of(() => Enumerate(loader)) / loader.Count, 1, 320);
    }

    [Fact]
    public void What_makes_no_sense_is_refused()
    {
        Assert.Contains("batchSize must be a number above 0",
            Assert.Throws<ArgumentOutOfRangeException>(() => new DataLoader(Ten, batchSize: 0)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => new DataLoader(Ten, batchSize: -1));
        Assert.Contains("prefetch must be a number of 0 or more",
            Assert.Throws<ArgumentOutOfRangeException>(() => new DataLoader(Ten, batchSize: 2, prefetch: -1)).Message,
            StringComparison.Ordinal);
        Assert.Contains("has no samples",
            Assert.Throws<ArgumentException>(() => new DataLoader(Numbers(0), batchSize: 2)).Message, StringComparison.Ordinal);
        Assert.Contains("10 samples fill no batch of 11",
            Assert.Throws<ArgumentException>(() => new DataLoader(Ten, batchSize: 11, dropLast: true)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentNullException>(() => new DataLoader(null!, batchSize: 2));
    }

    /// <summary>Sample i is [i, i + ½], its label i.</summary>
    private static ArrayDataset Numbers(int count) => new(
        "numbers",
        [.. Enumerable.Range(0, 2 * count).Select(i => i / 2f)],
        [1, 2],
        [.. Enumerable.Range(0, count)],
        [.. Enumerable.Range(0, Math.Max(count, 1)).Select(i => $"{i}")]);

    private static int[] Labels(DataLoader loader)
    {
        var seen = new List<int>();
        foreach (var (_, labels) in loader)
        {
            seen.AddRange(labels.ToArray());
        }

        return [.. seen];
    }

    private static void Enumerate(DataLoader loader)
    {
        foreach (var (features, labels) in loader)
        {
            Assert.True(features.Length == 2 * labels.Length);
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static WeakReference LeaveEarly()
    {
        var loader = new DataLoader(Numbers(100), batchSize: 2, prefetch: 3);
        loader.GetEnumerator().MoveNext();
        return new WeakReference(loader);
    }

    /// <summary>Sample i is the index i; a function is called with it, on the thread that reads.</summary>
    private sealed class Observed : Dataset<IndexTensor>
    {
        private readonly IndexField _index;
        private readonly Action<int> _observe;

        public Observed(int count, Action<int> observe) : base("observed", count) => (_index, _observe) = (Indices("index"), observe);

        public override IndexTensor ToBatch(BatchTensors tensors) => tensors[_index];

        protected override void ReadCore(Sample sample)
        {
            _observe(sample.Index);
            sample[_index][0] = sample.Index;
        }
    }
}
