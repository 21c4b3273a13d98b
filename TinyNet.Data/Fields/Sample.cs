namespace TinyNet.Data;

/// <summary>
/// One sample that is being read: which one it is, and where its fields are written. What is read may depend on nothing but
/// <see cref="Index"/>, <see cref="Epoch"/> and what the dataset was made with; so it is the same for any number of threads.
/// </summary>
/// <remarks>
/// What a dataset does not write is 0, also where another sample was read into the same memory before. A field that is asked for again is
/// the same memory, with what was written there.
/// </remarks>
public readonly ref struct Sample
{
    private readonly FieldBuffer[] _buffers;

    internal Sample(FieldBuffer[] buffers, int index, int epoch)
    {
        _buffers = buffers;
        Index = index;
        Epoch = epoch;
    }

    /// <summary>Which sample of the dataset it is.</summary>
    public int Index { get; }

    /// <summary>Which pass over the data this is, 0 for the first: for samples that are not the same each time (augmentation).</summary>
    public int Epoch { get; }

    /// <summary>The numbers of a field, row-major in its shape; of a sequence, those of the length that was asked for last.</summary>
    /// <exception cref="ArgumentException">It is the field of another dataset.</exception>
    /// <exception cref="InvalidOperationException">It is a sequence, and the length has not been said.</exception>
    public Span<float> this[NumberField field] => ((NumberBuffer)FieldBuffer.Of(_buffers, field)).Current;

    /// <summary>The indices of a field, row-major in its shape; of a sequence, those of the length that was asked for last.</summary>
    /// <exception cref="ArgumentException">It is the field of another dataset.</exception>
    /// <exception cref="InvalidOperationException">It is a sequence, and the length has not been said.</exception>
    public Span<int> this[IndexField field] => ((IndexBuffer)FieldBuffer.Of(_buffers, field)).Current;

    /// <summary>The numbers of a sequence of so many steps, full of 0.</summary>
    /// <exception cref="ArgumentException">It is the field of another dataset, or no sequence.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The number of steps is negative.</exception>
    public Span<float> this[NumberField field, int steps] => ((NumberBuffer)FieldBuffer.OfSequence(_buffers, field)).Take(steps);

    /// <summary>The indices of a sequence of so many steps, full of 0.</summary>
    /// <exception cref="ArgumentException">It is the field of another dataset, or no sequence.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The number of steps is negative.</exception>
    public Span<int> this[IndexField field, int steps] => ((IndexBuffer)FieldBuffer.OfSequence(_buffers, field)).Take(steps);

    /// <summary>The same memory for another sample, which a dataset gives on to the dataset that it takes its samples from.</summary>
    public Sample At(int index) => new(_buffers, index, Epoch);

    /// <summary>Whether there is somewhere to write to: not for the default.</summary>
    internal bool HasMemory => _buffers is not null;

    /// <summary>Clears what has been written to some fields, for a dataset of which samples are read one over the other.</summary>
    internal void BeginAgain(List<Field> fields)
    {
        foreach (var field in fields)
        {
            FieldBuffer.Of(_buffers, field).BeginAgain();
        }
    }

    /// <summary>Refuses a sample with a sequence that has not been given a length.</summary>
    internal void EnsureLengths()
    {
        foreach (var buffer in _buffers)
        {
            buffer.EnsureLength();
        }
    }
}
