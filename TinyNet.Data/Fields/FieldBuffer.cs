using TinyNet.Core;

namespace TinyNet.Data;

/// <summary>The memory of one field for a batch, filled by one sample after another and used again for the next batch.</summary>
internal abstract class FieldBuffer
{
    private readonly Field _field;
    private readonly IndexStorage _lengths;

    protected FieldBuffer(Field field, int samples, string origin)
    {
        _field = field;
        _lengths = new IndexStorage(field.IsSequence ? samples : 0);
        Origin = origin;
    }

    /// <summary>What tensors are called in messages.</summary>
    protected string Origin { get; }

    /// <summary>The shape of the batch that has been filled.</summary>
    protected Shape Shape { get; private set; }

    protected Field Field => _field;

    /// <summary>The number of steps of each sample, of a sequence.</summary>
    protected Span<int> Steps => _lengths.Values;

    /// <summary>The buffer of a field among those of its dataset.</summary>
    /// <exception cref="ArgumentException">It is the field of another dataset.</exception>
    public static FieldBuffer Of(FieldBuffer[]? buffers, Field field)
    {
        ArgumentNullException.ThrowIfNull(field);
        return buffers is not null && field.Position < buffers.Length && buffers[field.Position]._field == field
            ? buffers[field.Position]
            : throw new ArgumentException($"the field {field} belongs to another dataset than the sample; use those that this one made",
                nameof(field));
    }

    /// <summary>The buffer of a field that is a sequence.</summary>
    /// <exception cref="ArgumentException">It is the field of another dataset, or no sequence.</exception>
    public static FieldBuffer OfSequence(FieldBuffer[]? buffers, Field field)
    {
        var buffer = Of(buffers, field);
        return field.IsSequence
            ? buffer
            : throw new ArgumentException($"the field {field} is no sequence, so it has no number of steps", nameof(field));
    }

    /// <summary>Makes room for the batches of a field; of a sequence, whose length is not known, as they come.</summary>
    public static FieldBuffer Make(Field field, int samples, Device device, string origin)
    {
        FieldBuffer buffer = field is IndexField indices
            ? new IndexBuffer(indices, samples, origin)
            : new NumberBuffer(field, samples, device, origin);
        if (!field.IsSequence)
        {
            buffer.MakeRoom(field.BatchShape(samples, 1));
        }

        return buffer;
    }

    /// <summary>Begins a sample: what it does not write is 0.</summary>
    public abstract void BeginSample(int row);

    /// <summary>Begins to read another sample into the memory of the one that has begun, where a dataset chooses between some.</summary>
    public abstract void BeginAgain();

    /// <summary>Refuses a sequence that has not been given a length.</summary>
    /// <exception cref="InvalidOperationException">It has none.</exception>
    public abstract void EnsureLength();

    /// <summary>Ends a batch of so many samples: sequences are padded.</summary>
    public virtual void EndBatch(int samples, int steps) => Shape = _field.BatchShape(samples, steps);

    /// <summary>Ends a batch of so many samples.</summary>
    public void EndBatch(int samples)
    {
        int longest = 0;
        foreach (int steps in Steps[..(_field.IsSequence ? samples : 0)])
        {
            longest = Math.Max(longest, steps);
        }

        EndBatch(samples, longest);
    }

    /// <summary>Gives tensors of the contents the lifetime of a batch.</summary>
    public virtual void BeginLife() => _lengths.Begin(Lifetime.Batch, null);

    /// <summary>Ends the contents: tensors made of them are refused from now on.</summary>
    public virtual void EndLife() => _lengths.End();

    /// <summary>The number of steps of each sample.</summary>
    public IndexTensor ToLengths() => IndexTensor.Over(_lengths, [Shape[0]], Origin);

    /// <summary>Has memory for a batch of a shape; what was there before may be lost.</summary>
    protected abstract void MakeRoom(in Shape shape);
}

/// <summary>The memory of one field for a batch, of a type of elements.</summary>
internal abstract class FieldBuffer<T>(Field field, int samples, string origin) : FieldBuffer(field, samples, origin) where T : unmanaged
{
    // Sequences come one after another here, as nobody knows which will be the longest; they are copied to their rows in the end.
    private T[] _packed = [];
    private int _row, _start;
    private bool _isWritten;

    /// <summary>All of the memory that batches lie in, on the host.</summary>
    protected abstract Span<T> Host { get; }

    /// <summary>What sequences are padded with.</summary>
    protected abstract T Padding { get; }

    /// <summary>The memory of the current sample.</summary>
    public Span<T> Current
    {
        get
        {
            EnsureLength();
            _isWritten = true;
            return Field.IsSequence
                ? _packed.AsSpan(_start, Steps[_row] * Field.Length)
                : Host.Slice(_row * Field.Length, Field.Length);
        }
    }

    /// <summary>Memory for so many steps of the current sample.</summary>
    public Span<T> Take(int steps)
    {
        Require.NotNegative(steps);
        Shape taken = [steps, Field.Length];
        if (_packed.Length - _start < taken.Length)
        {
            var larger = Allocation.OnHost<T>([WithReserve((long)_start + taken.Length)], Origin);
            _packed.AsSpan(0, _start).CopyTo(larger);
            _packed = larger;
        }

        Steps[_row] = steps;
        var place = _packed.AsSpan(_start, taken.Length);
        place.Clear();
        return place;
    }

    /// <inheritdoc/>
    public override void BeginSample(int row)
    {
        _row = row;
        _start = row > 0 && Field.IsSequence ? _start + Steps[row - 1] * Field.Length : 0;
        _isWritten = true;
        BeginAgain();
    }

    /// <inheritdoc/>
    public override void BeginAgain()
    {
        if (Field.IsSequence)
        {
            Steps[_row] = -1;
        }
        else if (_isWritten)
        {
            Current.Clear();
        }

        _isWritten = false;
    }

    /// <inheritdoc/>
    public override void EnsureLength()
    {
        if (Field.IsSequence && Steps[_row] < 0)
        {
            throw new InvalidOperationException($"the sequence {Field} has no length: ask for sample[field, steps], if only for 0 steps");
        }
    }

    /// <inheritdoc/>
    public override void EndBatch(int samples, int steps)
    {
        base.EndBatch(samples, steps);
        if (!Field.IsSequence)
        {
            return;
        }

        MakeRoom(Shape);
        Span<T> packed = _packed, host = Host;
        for (int row = 0; row < samples; row++)
        {
            int length = Steps[row] * Field.Length, padding = steps * Field.Length - length;
            int start = Field.PadsAtStart ? padding : 0;
            packed[..length].CopyTo(host[start..]);
            host.Slice(Field.PadsAtStart ? 0 : length, padding).Fill(Padding);
            packed = packed[length..];
            host = host[(steps * Field.Length)..];
        }
    }

    /// <summary>
    /// A quarter more, so that batches that are a little longer each time do not need new memory each time. What no array holds stays too
    /// much.
    /// </summary>
    protected static int WithReserve(long elements) => elements <= Allocation.MostElements
        ? (int)Math.Min(elements + elements / 4, Allocation.MostElements)
        : (int)Math.Min(elements, int.MaxValue);
}

/// <summary>The memory of a field of numbers: the processor's tensors are written in place, others by way of a buffer.</summary>
internal sealed unsafe class NumberBuffer(Field field, int samples, Device device, string origin)
    : FieldBuffer<float>(field, samples, origin)
{
    private Storage? _storage;
    private float[] _staging = [];

    protected override Span<float> Host => _storage is CpuStorage cpu ? new Span<float>(cpu.Pointer, cpu.Capacity) : _staging;

    protected override float Padding => 0;

    public Tensor ToTensor()
    {
        var tensor = Tensor.Over(_storage!, Shape, Origin);
        if (_storage is not CpuStorage)
        {
            device.Upload(_staging.AsSpan(0, tensor.Length), tensor);
        }

        return tensor;
    }

    public override void BeginLife()
    {
        base.BeginLife();
        _storage!.Begin(Lifetime.Batch, null);
    }

    public override void EndLife()
    {
        base.EndLife();
        _storage?.End();
    }

    protected override void MakeRoom(in Shape shape)
    {
        if (_storage is null || _storage.Capacity < shape.Length)
        {
            Shape room = Field.IsSequence ? [WithReserve(shape.Length)] : shape;
            _storage = Allocation.Collected(device.Pool, room, Origin);
            _staging = _storage is CpuStorage ? [] : Allocation.OnHost<float>(room, Origin);
        }
    }
}

/// <summary>The memory of a field of indices.</summary>
internal sealed class IndexBuffer(IndexField indices, int samples, string origin) : FieldBuffer<int>(indices, samples, origin)
{
    private IndexStorage _storage = new(0);

    protected override Span<int> Host => _storage.Values;

    protected override int Padding => indices.Padding;

    public IndexTensor ToTensor() => IndexTensor.Over(_storage, Shape, Origin);

    public override void BeginLife()
    {
        base.BeginLife();
        _storage.Begin(Lifetime.Batch, null);
    }

    public override void EndLife()
    {
        base.EndLife();
        _storage.End();
    }

    protected override void MakeRoom(in Shape shape)
    {
        if (_storage.Capacity < shape.Length)
        {
            Shape room = Field.IsSequence ? [WithReserve(shape.Length)] : shape;
            _storage = (IndexStorage)Allocation.Collected(IndexTensor.Pool, room, Origin);
        }
    }
}
