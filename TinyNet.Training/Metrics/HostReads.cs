using TinyNet.Core;

namespace TinyNet.Training;

/// <summary>What a metric reads of a batch.</summary>
/// <param name="Numbers">The numbers.</param>
/// <param name="Right">What they should be, where that is numbers.</param>
/// <param name="Labels">What they should be, where that is classes.</param>
/// <param name="Weight">What they count for, where that is not their number.</param>
internal readonly record struct HostBatch(Tensor Numbers, Tensor? Right = null, IndexTensor? Labels = null, double Weight = 0)
{
    /// <summary>The number of its elements.</summary>
    public long Length => Numbers.Length + (Right?.Length ?? 0L) + (Labels?.Length ?? 0L);

    /// <summary>A copy that lasts.</summary>
    public HostBatch Keep() => new(Numbers.Keep(), Right?.Keep(), Labels?.Keep(), Weight);
}

/// <summary>Adds the elements of a batch to a metric; those of the second span are what they should be, or none.</summary>
internal delegate void HostFold(ReadOnlySpan<float> numbers, ReadOnlySpan<float> right, in HostBatch batch);

/// <summary>
/// The way of batches to a metric that adds them up on the host, in their order. Where a device works later, copies of them wait there
/// until the metric is asked, or until they are many, so that no step waits for a metric.
/// </summary>
/// <param name="fold">Adds a batch.</param>
internal sealed class HostReads(HostFold fold)
{
    private const long MostWaiting = 1 << 20;

    private readonly Queue<HostBatch> _waiting = [];
    private HostCopy _numbers, _right;
    private long _length;

    /// <summary>Adds a batch, now or later.</summary>
    public void Add(in HostBatch batch)
    {
        if (!batch.Numbers.Device.IsAsynchronous)
        {
            Read();
            Fold(batch);
            return;
        }

        _waiting.Enqueue(batch.Keep());
        _length += batch.Length;
        if (_length >= MostWaiting)
        {
            Read();
        }
    }

    /// <summary>Adds a batch of predictions and targets of one shape.</summary>
    /// <exception cref="ShapeException">The shapes differ.</exception>
    public void Add(string metric, Tensor output, Tensor target)
    {
        EnsureSameShape(metric, output, target);
        Add(new HostBatch(output, target));
    }

    /// <summary>Refuses predictions and targets of different shapes.</summary>
    /// <exception cref="ShapeException">The shapes differ.</exception>
    public static void EnsureSameShape(string metric, Tensor output, Tensor target)
    {
        ArgumentNullException.ThrowIfNull(output);
        ArgumentNullException.ThrowIfNull(target);
        if (output.Shape != target.Shape)
        {
            throw new ShapeException(metric, $"predictions of shape {output.Shape} with targets of shape {target.Shape}",
                "a metric does not broadcast: Reshape or Unsqueeze one of them");
        }
    }

    /// <summary>Adds what waits: this is where a metric that is asked waits for a device.</summary>
    public void Read()
    {
        while (_waiting.TryDequeue(out var batch))
        {
            _length -= batch.Length;
            Fold(batch);
        }
    }

    /// <summary>Forgets what waits.</summary>
    public void Clear()
    {
        _waiting.Clear();
        _length = 0;
    }

    private void Fold(in HostBatch batch) =>
        fold(_numbers.Of(batch.Numbers), batch.Right is { } right ? _right.Of(right) : default, batch);
}
