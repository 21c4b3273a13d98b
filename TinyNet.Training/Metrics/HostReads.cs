using TinyNet.Core;

namespace TinyNet.Training;

/// <summary>What a metric reads of a batch.</summary>
/// <param name="Numbers">The numbers.</param>
/// <param name="Right">What they should be, where that is numbers.</param>
/// <param name="Labels">What they should be, where that is classes.</param>
/// <param name="Weight">What they count for, where that is not their number.</param>
internal readonly record struct HostBatch(Tensor Numbers, Tensor? Right = null, IndexTensor? Labels = null, double Weight = 0);

/// <summary>Adds the elements of a batch to a metric; those of the second span are what they should be, or none.</summary>
internal delegate void HostFold(ReadOnlySpan<float> numbers, ReadOnlySpan<float> right, in HostBatch batch);

/// <summary>
/// The way of batches to a metric that adds them up on the host, in their order. Where a device works later, copies of them wait there
/// until the metric is asked, or until there is no more room, so that no step waits for a metric.
/// </summary>
/// <param name="fold">Adds a batch.</param>
internal sealed class HostReads(HostFold fold)
{
    /// <summary>How many numbers wait at most.</summary>
    public const int MostWaiting = 1 << 16;

    // Of those that wait the numbers are parts of the room.
    private readonly Queue<HostBatch> _waiting = [];
    private HostCopy _numbers, _right;
    private Tensor? _room;
    private int _used;

    /// <summary>Adds a batch, now or later.</summary>
    public void Add(in HostBatch batch)
    {
        const string name = "Metric";
        var device = batch.Numbers.Device;
        long length = batch.Numbers.Length + (batch.Right?.Length ?? 0L);
        batch.Numbers.EnsureAlive(name);
        batch.Right?.EnsureAlive(name);
        bool waits = device.IsAsynchronous && length <= MostWaiting && (batch.Right is null || batch.Right.Device == device);
        if (!waits || _used + length > MostWaiting || _room?.Device != device)
        {
            Read();
        }

        if (waits)
        {
            _room = _room?.Device == device ? _room : Tensor.Zeros([MostWaiting], device);
            _waiting.Enqueue(new HostBatch(
                Keep(_room, batch.Numbers), batch.Right is { } right ? Keep(_room, right) : null, batch.Labels?.Keep(), batch.Weight));
        }
        else
        {
            fold(_numbers.Of(batch.Numbers), batch.Right is { } right ? _right.Of(right) : default, batch);
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
        if (_waiting.Count > 0)
        {
            var numbers = _numbers.Of(_room!.View(_room.Layout.Slice(0, 0, _used, 1), "Metric"));
            while (_waiting.TryDequeue(out var batch))
            {
                fold(Part(numbers, batch.Numbers), batch.Right is { } right ? Part(numbers, right) : default, batch);
            }
        }

        _used = 0;
    }

    /// <summary>Forgets what waits.</summary>
    public void Clear()
    {
        _waiting.Clear();
        _used = 0;
    }

    private static ReadOnlySpan<float> Part(ReadOnlySpan<float> numbers, Tensor part) => numbers.Slice(part.Layout.Offset, part.Length);

    private Tensor Keep(Tensor room, Tensor numbers)
    {
        room.Layout.Slice(0, _used, numbers.Length, 1).TryReshape(numbers.Shape, out var place);
        var part = room.View(place, "Metric");
        room.Device.Copy(numbers, part);
        room.Storage.MarkWritten();
        _used += numbers.Length;
        return part;
    }
}
