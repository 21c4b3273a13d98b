using TinyNet.Core;
using TinyNet.Data;

namespace TinyNet.Tests.Data;

/// <summary>What samples may consist of, and what becomes of it in batches: padding, lengths, what is not written.</summary>
public class FieldTests
{
    public static TheoryData<string> Devices => ["cpu", "reference"];

    public static TheoryData<int> Prefetches => [0, 1, 3, 100];

    [Theory, MemberData(nameof(Devices))]
    public void Sequences_are_padded_to_the_longest_of_the_batch(string device)
    {
        using var loader = new DataLoader<Ragged.Batch>(new Ragged([2, 0, 3, 1]), batchSize: 2, device: Device.Parse(device));
        using var batches = loader.GetEnumerator();

        Assert.True(batches.MoveNext());
        var first = batches.Current;
        Assert.Equal([2, 2, 2], first.Numbers.Shape.Sizes.ToArray());
        Assert.Equal([0, 0.5f, 1, 1.5f, 0, 0, 0, 0], first.Numbers.ToArray());
        Assert.Equal([2, 4], first.Tokens.Shape.Sizes.ToArray());
        Assert.Equal([0, 0, 0, 0, 1, 1, -1, -1], first.Tokens.ToArray());
        Assert.Equal([2, 0], first.Lengths.ToArray());
        Assert.Equal([4, 2], first.TokenLengths.ToArray());

        Assert.True(batches.MoveNext());
        var second = batches.Current;
        Assert.Equal([2, 3, 2], second.Numbers.Shape.Sizes.ToArray());
        Assert.Equal([2, 2.5f, 3, 3.5f, 4, 4.5f, 3, 3.5f, 0, 0, 0, 0], second.Numbers.ToArray());
        Assert.Equal([2, 2, 2, 2, 2, 3, 3, 3, -1, -1], second.Tokens.ToArray());
        Assert.Equal([3, 1], second.Lengths.ToArray());
        Assert.Throws<LifetimeException>(() => first.Numbers.ToArray());
        Assert.Throws<LifetimeException>(() => first.Lengths.ToArray());
        Assert.False(batches.MoveNext());
    }

    [Theory, MemberData(nameof(Prefetches))]
    public void The_bits_are_the_same_however_many_batches_are_prepared_at_once(int prefetch)
    {
        var data = new Ragged([.. Enumerable.Range(0, 97).Select(i => i * 7 % 13)]);
        using var expected = new DataLoader<Ragged.Batch>(data, batchSize: 8, shuffle: true, seed: 2, prefetch: 0);
        using var loader = new DataLoader<Ragged.Batch>(data, batchSize: 8, shuffle: true, seed: 2, prefetch: prefetch);
        for (int epoch = 0; epoch < 3; epoch++)
        {
            using var others = expected.GetEnumerator();
            foreach (var batch in loader)
            {
                Assert.True(others.MoveNext());
                Assert.Equal(others.Current.Numbers.Shape, batch.Numbers.Shape);
                Assert.Equal(others.Current.Numbers.ToArray(), batch.Numbers.ToArray());
                Assert.Equal(others.Current.Tokens.ToArray(), batch.Tokens.ToArray());
                Assert.Equal(others.Current.Lengths.ToArray(), batch.Lengths.ToArray());
                Assert.Equal(others.Current.Epochs.ToArray(), batch.Epochs.ToArray());
                Assert.All(batch.Epochs.ToArray(), read => Assert.Equal(epoch, read));
            }

            Assert.False(others.MoveNext());
        }
    }

    [Fact]
    public void An_epoch_that_is_set_is_what_samples_are_read_for()
    {
        using var loader = new DataLoader<Ragged.Batch>(new Ragged([1, 2]), batchSize: 2) { Epoch = 41 };

        Assert.Equal([41, 41], loader.Select(batch => batch.Epochs.ToArray()).Single());
        Assert.Equal([42, 42], loader.Select(batch => batch.Epochs.ToArray()).Single());
    }

    [Theory, MemberData(nameof(Prefetches))]
    public void A_steady_step_allocates_nothing_but_its_tensors(int prefetch)
    {
        var data = new Ragged([.. Enumerable.Range(0, 256).Select(i => i * 7 % 13)]);
        using var loader = new DataLoader<Ragged.Batch>(data, batchSize: 16, shuffle: true, prefetch: prefetch);
        void Epoch()
        {
            foreach (var batch in loader)
            {
                Assert.True(batch.Numbers.Length >= 0);
            }
        }

        // A loader of two epochs more has seen the longest batches in each of its places.
        for (int i = 0; i < 20; i++)
        {
            Epoch();
        }

        // Five tensors a batch, and the enumerator.
        Assert.InRange(TrainingLoop.LeastBytes(Epoch) / loader.Count, 0, 5 * 160);
    }

    [Fact]
    public void What_a_dataset_does_not_write_is_0()
    {
        using var loader = new DataLoader<Tensor>(new Diagonal(6), batchSize: 2, prefetch: 0);

        Assert.Equal(
            Enumerable.Range(0, 36).Select(i => i % 7 == 0 ? 1f : 0f),
            loader.SelectMany(batch => batch.ToArray()));
    }

    /// <summary>A dataset that chooses reads one sample over another one: nothing of the first is left.</summary>
    [Fact]
    public void What_was_read_before_into_the_same_memory_is_gone()
    {
        Assert.Equal([0, 0, 1], new Last<Tensor>(new Diagonal(3)).Load(0).ToArray());
        var (_, targets) = new Last<SoftClassificationBatch>(Images.Random(3, [1, 2, 2]).Mixup(seed: 1, alpha: 1)).Load(1);
        Assert.Equal(1, targets.ToArray().Sum(), 1e-6);
        var ragged = new Ragged([1, 4, 2]);
        Assert.Equal(ragged.Load(2).Numbers.ToArray(), new Last<Ragged.Batch>(ragged).Load(0).Numbers.ToArray());
        Refusal.Of<SampleException>(() => new Last<IndexTensor>(new Mistaken(OnlyTheFirst, count: 3)).Load(0), "sample 1", "has no length");
    }

    [Fact]
    public void Sequences_may_all_be_empty()
    {
        var batch = new Ragged([0, 0]).Load(0, 1);

        Assert.Equal([2, 0, 2], batch.Numbers.Shape.Sizes.ToArray());
        Assert.Equal([0, 0], batch.Lengths.ToArray());
    }

    [Fact]
    public void A_length_may_be_said_again()
    {
        var data = new Mistaken(
            static (sample, own, _) =>
            {
                sample[own, 1].Fill(7);
                sample[own, 1000].Fill(8);
                sample[own, 2][0] = 1;
                Assert.Equal([1, 0], sample[own].ToArray());
            });

        Assert.Equal([1, 0], data.Load(0).ToArray());
    }

    [Fact]
    public void Mistakes_are_named_with_the_sample()
    {
        var other = new Mistaken((_, _, _) => { });
        Refused<InvalidOperationException>((_, _, _) => { }, "sample 0", "the sequence own [steps] has no length");
        Refused<InvalidOperationException>((sample, own, _) => sample[own].Clear(), "has no length");
        Refused<ArgumentOutOfRangeException>((sample, own, _) => sample[own, -1].Clear(), "steps must be a number of 0 or more");
        Refused<ArgumentException>((sample, own, label) => sample[label, 3].Clear(), "label is no sequence");
        Refused<ArgumentException>((sample, own, _) => sample[other.Own, 1].Clear(), "belongs to another dataset");
        Refused<ShapeException>((sample, own, _) => sample[own, int.MaxValue].Clear(), "elements");
        Refused<NotSupportedException>((_, _, _) => throw new NotSupportedException("of a kind that nobody reads"), "nobody reads");
        Refused<ArgumentOutOfRangeException>((sample, _, _) => other.Read(sample.At(1)), "sample 0", "'mistaken' has the samples 0..0");
        Refusal.Of<ArgumentException>(() => new Scalars(), "label is no sequence, so it has no number of steps");
        Refusal.Of<ArgumentException>(() => new Named(" "));
        Refusal.Of<ArgumentException>(() => new Diagonal(3).ToBatch(default), "another dataset");
        Refusal.Of<ArgumentOutOfRangeException>(() => new Diagonal(-1), "count");
    }

    [Fact]
    public void Numbers_that_do_not_fit_in_an_array_are_refused()
    {
        Refusal.Of<ArgumentException>(() => new RegressionDataset("r", new float[5], [2], new float[3]), "3 samples of features [2]", "5");
        Refusal.Of<ArgumentException>(() => new RegressionDataset("r", new float[4], [2], new float[5], [2]), "2 samples of target [2]");
        Refusal.Of<ArgumentException>(() => new UnlabeledDataset("u", new float[5], [2]), "2 samples of features [2] are 4 values", "5");
        Refusal.Of<ArgumentException>(() => new TokenDataset("t", [[1]], [0, 0], ["a"]), "1 samples and 2 labels");
        Refusal.Of<ArgumentException>(() => new TokenDataset("t", [[1], null!], [0, 0], ["a"]), "sample 1 is null");
        Refusal.Of<ArgumentOutOfRangeException>(() => new TokenDataset("t", [[1]], [1], ["a"]), "label of sample 0");
    }

    [Fact]
    public void Tokens_come_with_lengths_and_labels()
    {
        var data = new TokenDataset("t", [[5], [], [6, 7, 8]], [1, 0, 1], ["a", "b"], padding: 9);
        using var loader = new DataLoader<SequenceBatch>(data, batchSize: 3);
        foreach (var (tokens, lengths, labels) in loader)
        {
            Assert.Equal([3, 3], tokens.Shape.Sizes.ToArray());
            Assert.Equal([5, 9, 9, 9, 9, 9, 6, 7, 8], tokens.ToArray());
            Assert.Equal([1, 0, 3], lengths.ToArray());
            Assert.Equal([1, 0, 1], labels.ToArray());
        }
    }

    [Fact]
    public void Padding_may_come_first_so_that_the_last_step_is_that_of_each_sample()
    {
        var data = new TokenDataset("t", [[5], [], [6, 7, 8]], [1, 0, 1], ["a", "b"], padding: 9, padAtStart: true);
        var (tokens, lengths, _) = data.Load(0, 1, 2);
        Assert.Equal([9, 9, 5, 9, 9, 9, 6, 7, 8], tokens.ToArray());
        Assert.Equal([1, 0, 3], lengths.ToArray());

        var steps = new Stairs().Load(1, 2);
        Assert.Equal([2, 2, 2], steps.Shape.Sizes.ToArray());
        Assert.Equal([0, 0, 1, -1, 1, -1, 2, -2], steps.ToArray());
    }

    private static void Refused<TInner>(Read read, params string[] parts) where TInner : Exception
    {
        var exception = Refusal.Of<SampleException>(() => new Mistaken(read).Load(0), parts);
        Assert.IsType<TInner>(exception.InnerException is SampleException inner ? inner.InnerException : exception.InnerException);
    }

    private delegate void Read(Sample sample, IndexField own, IndexField label);

    private static void OnlyTheFirst(Sample sample, IndexField own, IndexField label)
    {
        if (sample.Index == 0)
        {
            sample[own, 1].Clear();
        }
    }

    /// <summary>Sample n has n steps [t, −t], from 1, padded at the start.</summary>
    private sealed class Stairs : Dataset<Tensor>
    {
        private readonly NumberField _steps;

        public Stairs() : base("stairs", 4) => _steps = NumberSequence("steps", padAtStart: true, 2);

        public override Tensor ToBatch(BatchTensors tensors) => tensors[_steps];

        protected override void ReadCore(Sample sample)
        {
            var steps = sample[_steps, sample.Index];
            for (int t = 0; t < sample.Index; t++)
            {
                (steps[2 * t], steps[2 * t + 1]) = (t + 1, -t - 1);
            }
        }
    }

    /// <summary>Sample i has steps of its own with [i + t, i + t + ½], two tokens i more than steps, and the epoch.</summary>
    private sealed class Ragged : Dataset<Ragged.Batch>
    {
        private readonly int[] _steps;
        private readonly NumberField _numbers;
        private readonly IndexField _tokens, _epoch;

        public Ragged(int[] steps) : base("ragged", steps.Length)
        {
            _steps = steps;
            (_numbers, _tokens, _epoch) = (NumberSequence("numbers", 2), IndexSequence("tokens", padding: -1), Indices("epoch"));
        }

        public override Batch ToBatch(BatchTensors tensors) => new(
            tensors[_numbers], tensors.Lengths(_numbers), tensors[_tokens], tensors.Lengths(_tokens), tensors[_epoch]);

        protected override void ReadCore(Sample sample)
        {
            int steps = _steps[sample.Index];
            var numbers = sample[_numbers, steps];
            for (int i = 0; i < numbers.Length; i++)
            {
                numbers[i] = sample.Index + i / 2f;
            }

            sample[_tokens, steps + 2].Fill(sample.Index);
            sample[_epoch][0] = sample.Epoch;
        }

        public readonly record struct Batch(
            Tensor Numbers, IndexTensor Lengths, IndexTensor Tokens, IndexTensor TokenLengths, IndexTensor Epochs);
    }

    /// <summary>Sample i is a row of the unit matrix, of which only the 1 is written.</summary>
    private sealed class Diagonal : Dataset<Tensor>
    {
        private readonly NumberField _row;

        public Diagonal(int count) : base("diagonal", count) => _row = Numbers("row", Math.Max(1, count));

        public override Tensor ToBatch(BatchTensors tensors) => tensors[_row];

        protected override void ReadCore(Sample sample) => sample[_row][sample.Index] = 1;
    }

    /// <summary>Reads each sample of another dataset in turn, of which the last one stays.</summary>
    private sealed class Last<TBatch> : Dataset<TBatch>
    {
        private readonly Dataset<TBatch> _source;

        public Last(Dataset<TBatch> source) : base("last", source) => _source = source;

        public override TBatch ToBatch(BatchTensors tensors) => _source.ToBatch(tensors);

        protected override void ReadCore(Sample sample)
        {
            for (int i = 0; i < Count; i++)
            {
                _source.Read(sample.At(i));
            }
        }
    }

    /// <summary>Samples that are read by a function.</summary>
    private sealed class Mistaken : Dataset<IndexTensor>
    {
        private readonly IndexField _label;
        private readonly Read _read;

        public Mistaken(Read read, int count = 1) : base("mistaken", count)
        {
            _read = read;
            (_label, Own) = (Indices("label"), IndexSequence("own"));
        }

        public IndexField Own { get; }

        public override IndexTensor ToBatch(BatchTensors tensors) => tensors[Own];

        protected override void ReadCore(Sample sample) => _read(sample, Own, _label);
    }

    /// <summary>Asks for the lengths of what has none.</summary>
    private sealed class Scalars : Dataset<IndexTensor>
    {
        private readonly IndexField _label;

        public Scalars() : base("scalars", 1)
        {
            _label = Indices("label");
            Load(0);
        }

        public override IndexTensor ToBatch(BatchTensors tensors) => tensors.Lengths(_label);

        protected override void ReadCore(Sample sample)
        {
        }
    }

    private sealed class Named : Dataset<int>
    {
        public Named(string field) : base("named", 1) => Numbers(field);

        public override int ToBatch(BatchTensors tensors) => 0;

        protected override void ReadCore(Sample sample)
        {
        }
    }
}
