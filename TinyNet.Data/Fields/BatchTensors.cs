using TinyNet.Core;

namespace TinyNet.Data;

/// <summary>The fields of some samples as tensors, which a dataset makes its batch of.</summary>
public readonly ref struct BatchTensors
{
    private readonly FieldBuffer[] _buffers;

    internal BatchTensors(FieldBuffer[] buffers) => _buffers = buffers;

    /// <summary>The numbers of a field: [samples, ..], of a sequence [samples, steps, ..], padded with 0.</summary>
    /// <exception cref="ArgumentException">It is the field of another dataset.</exception>
    public Tensor this[NumberField field] => ((NumberBuffer)FieldBuffer.Of(_buffers, field)).ToTensor();

    /// <summary>The indices of a field: [samples, ..], of a sequence [samples, steps, ..], padded.</summary>
    /// <exception cref="ArgumentException">It is the field of another dataset.</exception>
    public IndexTensor this[IndexField field] => ((IndexBuffer)FieldBuffer.Of(_buffers, field)).ToTensor();

    /// <summary>How many steps of a sequence each sample has: [samples].</summary>
    /// <exception cref="ArgumentException">It is the field of another dataset, or no sequence.</exception>
    public IndexTensor Lengths(Field field) => FieldBuffer.OfSequence(_buffers, field).ToLengths();
}
