using System.Collections;
using System.Diagnostics.CodeAnalysis;
using TinyNet.Core;

namespace TinyNet.Data;

/// <summary>
/// Cuts a dataset into batches, in the order of the dataset or in one shuffled anew each time it is enumerated, and
/// prepares the next batches on background threads while the current one is in use.
/// </summary>
/// <remarks>
/// <para>The batches lie in a ring of buffers that the loader uses again and again: a batch is valid until the next one is
/// asked for, and its tensors throw after that. <see cref="Tensor.Keep"/> makes a copy that lasts.</para>
/// <para>The order follows from the seed and <see cref="Epoch"/> alone, whatever else draws random numbers, and is the same
/// with and without prefetching. One enumeration at a time; leaving it early is fine.</para>
/// </remarks>
/// <typeparam name="TBatch">What a batch is.</typeparam>
/// <example>
/// <code>
/// var loader = new DataLoader&lt;RegressionBatch>(train, batchSize: 32, shuffle: true, seed: 1);
/// foreach (var (features, targets) in loader)
/// {
///     …
/// }
/// </code>
/// </example>
public class DataLoader<TBatch> : IReadOnlyCollection<TBatch>, IDisposable
{
    private readonly int[] _order;
    private readonly LengthOrder? _lengths;
    private readonly int _prefetch;
    private readonly BatchSlot<TBatch>[] _ring;
    private BatchSlot<TBatch>? _current;
    private Enumerator? _enumerator;
    private int _next, _epoch;
    private bool _isDisposed;

    /// <summary>Makes a loader.</summary>
    /// <param name="dataset">The samples.</param>
    /// <param name="batchSize">How many samples a batch has.</param>
    /// <param name="shuffle">Put the samples into a new random order each time; otherwise they come as in the dataset.</param>
    /// <param name="seed">Where the random orders start from.</param>
    /// <param name="dropLast">Leave out the last batch where it would be smaller than the others.</param>
    /// <param name="prefetch">
    /// How many batches are prepared ahead; 0 prepares each when it is asked for, without background threads.
    /// </param>
    /// <param name="device">Where the batches are; null for <see cref="Device.Default"/> as it is now.</param>
    /// <param name="byLength">
    /// Put samples of similar length into the same batches, so that little is padding: if shuffled, neighbors in length among some
    /// thousands that are drawn at random, in batches that come in random order; otherwise all samples, the shortest first.
    /// </param>
    /// <exception cref="ArgumentException">
    /// The dataset is empty, <paramref name="dropLast"/> leaves no batch, or <paramref name="byLength"/> is asked of a dataset that does
    /// not know the lengths (<see cref="Dataset{TBatch}.LengthOf"/>).
    /// </exception>
    /// <exception cref="ArgumentOutOfRangeException">The batch size is less than 1, or <paramref name="prefetch"/> is negative.</exception>
    public DataLoader(Dataset<TBatch> dataset, int batchSize, bool shuffle = false, ulong seed = 0, bool dropLast = false,
        int prefetch = 1, Device? device = null, bool byLength = false)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        Require.Positive(batchSize);
        Require.NotNegative(prefetch);
        if (dataset.Count == 0)
        {
            throw new ArgumentException($"DataLoader of '{dataset.Name}': the dataset has no samples", nameof(dataset));
        }

        if (dropLast && dataset.Count < batchSize)
        {
            throw new ArgumentException($"DataLoader of '{dataset.Name}': {dataset.Count} samples fill no batch of {batchSize}, and "
                + "dropLast leaves out what is not full; use smaller batches", nameof(dropLast));
        }

        (Shuffles, Seed) = (shuffle, seed);
        Dataset = dataset;
        BatchSize = batchSize;
        Device = device ?? Device.Default;
        Origin = $"DataLoader of '{dataset.Name}'";
        int full = dataset.Count / batchSize, rest = dataset.Count % batchSize;
        Count = rest == 0 || dropLast ? full : full + 1;
        _order = Allocation.OnHost<int>([dataset.Count], Origin);
        _lengths = byLength ? LengthOrder.Of(dataset, batchSize, Origin) : null;
        _prefetch = Math.Min(prefetch, Count);
        _ring = new BatchSlot<TBatch>[_prefetch + 1];
        for (int i = 0; i < _ring.Length; i++)
        {
            _ring[i] = new BatchSlot<TBatch>(this, Math.Min(batchSize, dataset.Count));
        }
    }

    /// <summary>The samples.</summary>
    public Dataset<TBatch> Dataset { get; }

    /// <summary>How many samples a batch has; the last one may have fewer.</summary>
    public int BatchSize { get; }

    /// <summary>Where the batches are.</summary>
    public Device Device { get; }

    /// <summary>How many batches an enumeration gives.</summary>
    public int Count { get; }

    /// <summary>Whether each enumeration has another, random order.</summary>
    public bool Shuffles { get; }

    /// <summary>Where the random orders start from.</summary>
    public ulong Seed { get; }

    /// <summary>Whether samples of similar length come together.</summary>
    public bool ByLength => _lengths is not null;

    /// <summary>
    /// Which of the random orders the next enumeration uses: 0 for the first, one more for each that was begun, and 0 again after
    /// <see cref="int.MaxValue"/>. Setting it goes back or forth, to resume a run.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">It is negative.</exception>
    public int Epoch
    {
        get;
        set => field = Require.NotNegative(value, nameof(Epoch));
    }

    /// <summary>
    /// With which batch of its epoch the next enumeration begins, so that a run that stopped in the middle goes on with the batch after the
    /// last one that it used; those before it are not read. An enumeration sets it to 0 again, for the epoch after it.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">It is negative, or more than <see cref="Count"/>.</exception>
    public int FirstBatch
    {
        get;
        set => field = Require.Between(0, Count, value, nameof(FirstBatch));
    }

    /// <summary>What tensors of batches are called in messages.</summary>
    internal string Origin { get; }

    /// <summary>What it cuts, into which batches, in which order.</summary>
    public override string ToString() => SettingsText.Of(
        SettingsText.NameOf(this), ("", $"{Count} batches of {BatchSize} of '{Dataset.Name}'"),
        ("shuffled by seed", Shuffles ? Seed : null), ("by length", ByLength), ("on", Device.Name));

    /// <summary>Begins an enumeration; the batch of the one before ends.</summary>
    /// <exception cref="InvalidOperationException">Another enumeration is under way.</exception>
    /// <exception cref="ObjectDisposedException">The loader has been disposed.</exception>
    public IEnumerator<TBatch> GetEnumerator()
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        var enumerator = new Enumerator(this);
        if (Interlocked.CompareExchange(ref _enumerator, enumerator, null) is not null)
        {
            throw new InvalidOperationException($"{Origin}: another enumeration of this loader is under way, and both would share one ring "
                + "of batches; finish or dispose that one first, or make a second loader");
        }

        EndCurrent();
        _epoch = Epoch;
        Arrange();
        Epoch = Epoch < int.MaxValue ? Epoch + 1 : 0;
        (_next, FirstBatch) = (FirstBatch, 0);
        for (int batch = _next; batch < Math.Min(_next + _prefetch, Count); batch++)
        {
            _ring[batch % _ring.Length].Order(batch, inBackground: true);
        }

        return enumerator;
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>Ends the current batch and all work in the background. A loader that is merely dropped leaks nothing.</summary>
    public void Dispose()
    {
        if (_isDisposed)
        {
            return;
        }

        _isDisposed = true;
        Stop();
        EndCurrent();
        foreach (var slot in _ring)
        {
            slot.Dispose();
        }

        GC.SuppressFinalize(this);
    }

    /// <summary>How many samples all batches of an enumeration have together.</summary>
    internal int SampleCount => Math.Min(_order.Length, (int)Math.Min(int.MaxValue, (long)Count * BatchSize));

    /// <summary>How many samples a batch has.</summary>
    internal int SamplesOf(int batch) => Math.Min(BatchSize, _order.Length - batch * BatchSize);

    /// <summary>Reads the samples of a batch, on any thread.</summary>
    internal void Read(int batch, BatchMemory<TBatch> memory)
    {
        memory.Fill(_order.AsSpan(batch * BatchSize, SamplesOf(batch)), _epoch);
    }

    /// <summary>Puts the samples into the order of the epoch.</summary>
    private void Arrange()
    {
        for (int i = 0; i < _order.Length; i++)
        {
            _order[i] = i;
        }

        if (Shuffles)
        {
            // A stream for each epoch, far from the one that the seed itself names.
            var (low, high, _, _) = Philox.Block(Seed, 1, (ulong)_epoch);
            var random = new RandomStream(((ulong)high << 32) | low);
            random.Shuffle(_order.AsSpan());
            _lengths?.Group(_order, random);
        }
        else
        {
            _lengths?.Sort(_order);
        }
    }

    private bool TryNext([MaybeNullWhen(false)] out TBatch batch)
    {
        EndCurrent();
        if (_next == Count)
        {
            Stop();
            batch = default;
            return false;
        }

        // The place that has just become free takes the batch that is furthest ahead.
        int ahead = _next + _prefetch;
        if (ahead < Count)
        {
            _ring[ahead % _ring.Length].Order(ahead, inBackground: _prefetch > 0);
        }

        var slot = _ring[_next % _ring.Length];
        try
        {
            batch = slot.Take();
        }
        catch
        {
            Stop();
            throw;
        }

        _current = slot;
        _next++;
        return true;
    }

    /// <summary>Ends the enumeration. Its last batch stays until the next one is asked for.</summary>
    private void Stop()
    {
        foreach (var slot in _ring)
        {
            slot.Cancel();
        }

        Volatile.Write(ref _enumerator, null);
    }

    private void EndCurrent()
    {
        _current?.End();
        _current = null;
    }

    /// <summary>One pass over the batches.</summary>
    private sealed class Enumerator(DataLoader<TBatch> loader) : IEnumerator<TBatch>
    {
        private TBatch? _current;

        public TBatch Current => _current!;

        object? IEnumerator.Current => _current;

        public bool MoveNext()
        {
            ObjectDisposedException.ThrowIf(loader._isDisposed, loader);
            if (loader._enumerator == this)
            {
                return loader.TryNext(out _current);
            }

            _current = default;
            return false;
        }

        public void Dispose()
        {
            if (loader._enumerator == this)
            {
                loader.Stop();
            }
        }

        public void Reset() => throw new NotSupportedException($"{loader.Origin}: begin another enumeration instead");
    }
}

/// <summary>A <see cref="DataLoader{TBatch}"/> of samples with classes.</summary>
/// <example>
/// <code>
/// var loader = new DataLoader(train, batchSize: 32, shuffle: true, seed: 1);
/// foreach (var (images, labels) in loader)
/// {
///     …
/// }
/// </code>
/// </example>
public sealed class DataLoader : DataLoader<ClassificationBatch>
{
    /// <inheritdoc cref="DataLoader{TBatch}(Dataset{TBatch}, int, bool, ulong, bool, int, Device?, bool)"/>
    public DataLoader(Dataset<ClassificationBatch> dataset, int batchSize, bool shuffle = false, ulong seed = 0, bool dropLast = false,
        int prefetch = 1, Device? device = null, bool byLength = false)
        : base(dataset, batchSize, shuffle, seed, dropLast, prefetch, device, byLength)
    {
    }
}
