using TinyNet.Autograd;
using TinyNet.Core;
using TinyNet.Layers;
using TinyNet.Training;

namespace TinyNet.Tests.Training;

/// <summary>What holds of all metrics: batches do not matter, a state goes on where it was, and others are refused.</summary>
public class MetricStateTests
{
    private static readonly ClassSamples Samples = ClassSamples.Random(60, 5, seed: 10);

    private static readonly Func<Metric<Tensor, IndexTensor>>[] OfClasses =
    [
        () => new Accuracy(1, ClassSamples.Ignored),
        () => new Accuracy(3, ClassSamples.Ignored),
        () => new Precision(ignoreIndex: ClassSamples.Ignored),
        () => new Recall(Averaging.Weighted, ClassSamples.Ignored),
        () => new F1(2, ClassSamples.Ignored),
        () => new ConfusionMatrix(ClassSamples.Ignored),
        () => new ConfusionMatrix(["a", "b", "c", "d", "e"], ClassSamples.Ignored),
    ];

    private static readonly Func<Metric<Tensor, Tensor>>[] OfNumbers =
    [
        () => new BinaryAccuracy(0), () => new BinaryF1(0.5f), () => new AUROC(), () => new AveragePrecision(),
        () => new MAE(), () => new MSE(), () => new RMSE(), () => new MAPE(), () => new MaxError(), () => new R2(),
        () => new MeanOf<Tensor, Tensor>("bias", (output, target) => output - target),
    ];

    [Fact]
    public void Batches_do_not_matter()
    {
        foreach (var make in OfClasses)
        {
            AssertSame(make, Samples.Batch);
        }

        foreach (var make in OfNumbers)
        {
            AssertSame(make, Numbers);
        }

        static void AssertSame<TTarget>(Func<Metric<Tensor, TTarget>> make, Func<int, int, Device?, (Tensor, TTarget)> batch)
        {
            Metric<Tensor, TTarget> whole = make(), parts = make(), reused = make();
            Add(whole, batch(0, 60, null));
            Add(reused, batch(3, 11, null));
            reused.Clear();
            Assert.Equal(make().Value, reused.Value);
            int from = 0;
            foreach (int count in new[] { 1, 0, 22, 5, 32 })
            {
                Add(parts, batch(from, count, null));
                Add(reused, batch(from, count, null));
                from += count;
            }

            AssertBits(whole, parts);
            AssertBits(whole, reused);
        }
    }

    [Fact]
    public void One_that_goes_on_from_a_state_is_as_if_it_had_never_stopped()
    {
        foreach (var make in OfClasses)
        {
            AssertResumes(make, Samples.Batch);
        }

        foreach (var make in OfNumbers)
        {
            AssertResumes(make, Numbers);
        }

        AssertResumes(() => new MeanLoss<Tensor>("other", new Huber()), Numbers);
        AssertResumes(() => new MeanLoss<IndexTensor>("other", new CrossEntropy(ignoreIndex: ClassSamples.Ignored)), Samples.Batch);
        AssertResumes(() => new Perplexity(ClassSamples.Ignored), Samples.Batch);

        static void AssertResumes<TTarget>(Func<Metric<Tensor, TTarget>> make, Func<int, int, Device?, (Tensor, TTarget)> batch)
        {
            Metric<Tensor, TTarget> never = make(), first = make(), second = make(), fresh = make();
            fresh.State = make().State;
            Add(never, batch(0, 25, null));
            Add(first, batch(0, 25, null));
            Add(second, batch(7, 3, null));
            double[] state = first.State;
            Add(first, batch(7, 3, null));
            second.State = state;
            AssertBits(never, second);
            Add(never, batch(25, 35, null));
            Add(second, batch(25, 35, null));
            Add(fresh, batch(0, 25, null));
            Add(fresh, batch(25, 35, null));
            AssertBits(never, second);
            AssertBits(never, fresh);
        }
    }

    [Fact]
    public void States_with_nan_and_infinities_go_on_too()
    {
        foreach (float number in new[] { float.NaN, float.PositiveInfinity, float.NegativeInfinity })
        {
            foreach (var make in OfNumbers)
            {
                Metric<Tensor, Tensor> one = make(), other = make();
                one.Add(Tensor.From([number, 1, 2]), Tensor.From([1, 1, 0]));
                other.State = one.State;
                AssertBits(one, other);
            }
        }
    }

    [Fact]
    public void Changing_the_numbers_that_State_gave_changes_no_metric()
    {
        foreach (var make in OfClasses)
        {
            var metric = make();
            Add(metric, Samples.Batch(0, 60));
            double value = metric.Value;
            double[] state = metric.State;
            Array.Clear(state);
            Assert.Equal(value, metric.Value);
        }
    }

    [Fact]
    public void States_of_others_are_refused_and_change_nothing()
    {
        Check(new Accuracy(), Samples.Batch, "Accuracy", [1], [1, 2, 3], [-1, 2], [0.5, 2], [3, 2], [double.NaN, 2], [1, 1e300]);
        Check(new F1(2), Samples.Batch, "F1", [1, 2], [1, 1, 0], [1, 1, 1, 1, 1, 1, 2, 0, 0], [1, 1, 1, 1, 1, 0, 0, 0, 0]);
        Check(new ConfusionMatrix(), Samples.Batch, "ConfusionMatrix", [1, 2], [1, 2, 3, -4], [0.5]);
        Check(new ConfusionMatrix(["a", "b", "c", "d", "e"]), Samples.Batch, "ConfusionMatrix", [], [1, 2, 3, 4]);
        Check(new BinaryRecall(0), Numbers, "BinaryRecall", [], [1, 2, 3], [1, 2, 3, -1]);
        Check(new AUROC(), Numbers, "AUROC", [], [2, 1], [0.5, 1], [1, 0.1]);
        Check(new MAE(), Numbers, "MAE", [], [1, 0], [1, 0, -1], [1, 0, double.PositiveInfinity]);
        Check(new MaxError(), Numbers, "MaxError", [1, 2], [-1]);
        Check(new R2(), Numbers, "R2", [], [1, 2], [0, 1, 1, 1], [5], [2, 0, -1, 1], [2.5, 0, 1, 1]);
        Check(new MeanOf<Tensor, Tensor>("x", (output, target) => output), Numbers, "MeanOf", [1]);

        static void Check<TTarget>(
            Metric<Tensor, TTarget> metric, Func<int, int, Device?, (Tensor, TTarget)> batch, string name, params double[][] states)
        {
            if (metric is Metric<Tensor, Tensor>)
            {
                Add(metric, batch(0, 20, null));
            }

            double[] before = metric.State;
            foreach (double[] state in states)
            {
                Refusal.Of<ArgumentException>(() => metric.State = state, name, "same kind and settings");
                Assert.Equal(before, metric.State);
            }

            Assert.Throws<ArgumentNullException>(() => metric.State = null!);
        }
    }

    [Fact]
    public void A_batch_leaves_little_garbage()
    {
        foreach (var make in OfClasses)
        {
            AssertLittle(make(), Samples.Batch(0, 60));
        }

        foreach (var make in OfNumbers)
        {
            AssertLittle(make(), Numbers(0, 60, null));
        }

        static void AssertLittle<TTarget>(Metric<Tensor, TTarget> metric, (Tensor, TTarget) batch)
        {
            long before = 0;
            for (int i = 0; i < 24; i++)
            {
                if (i == 14)
                {
                    before = GC.GetAllocatedBytesForCurrentThread();
                }

                metric.Clear();
                using var tape = Tape.NoRecord();
                Add(metric, batch);
            }

            // An array of the batch would be 10 times 240 to 1200 bytes; the objects of the tape and of a few tensors are there.
            long bytes = (GC.GetAllocatedBytesForCurrentThread() - before) / 10;
            Assert.True(bytes < 600, $"{metric.Name}: {bytes} bytes a batch");
        }
    }

    /// <summary>Numbers with targets 0 and 1, so that all metrics of numbers take them.</summary>
    private static (Tensor, Tensor) Numbers(int from, int count, Device? device)
    {
        var random = new RandomStream(11);
        float[] outputs = new float[60], targets = new float[60];
        for (int i = 0; i < outputs.Length; i++)
        {
            targets[i] = random.Next(2);
            outputs[i] = MathF.Round(random.Normal(targets[i], 2) * 4) / 3;
        }

        return (Tensor.From(outputs.AsSpan(from, count), [count], device), Tensor.From(targets.AsSpan(from, count), [count], device));
    }

    private static void Add<TTarget>(Metric<Tensor, TTarget> metric, (Tensor Output, TTarget Target) batch) =>
        metric.Add(batch.Output, batch.Target);

    private static void AssertBits<TTarget>(Metric<Tensor, TTarget> expected, Metric<Tensor, TTarget> actual)
    {
        Assert.Equal(expected.State.Select(BitConverter.DoubleToInt64Bits), actual.State.Select(BitConverter.DoubleToInt64Bits));
        Assert.Equal(BitConverter.DoubleToInt64Bits(expected.Value), BitConverter.DoubleToInt64Bits(actual.Value));
    }
}
