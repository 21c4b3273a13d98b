using TinyNet.Core;

namespace TinyNet.Data;

/// <summary>A field whose samples are the rows of an array.</summary>
internal readonly struct ArrayRows
{
    private readonly float[] _values;

    public ArrayRows(string dataset, NumberField field, float[] values, int count)
    {
        ArgumentNullException.ThrowIfNull(values);
        if (values.LongLength != (long)count * field.Length)
        {
            throw new ArgumentException($"dataset '{dataset}': {count} samples of {field} are {(long)count * field.Length} values, but "
                + $"there are {values.Length}", nameof(values));
        }

        (Field, _values) = (field, values);
    }

    public NumberField Field { get; }

    /// <summary>The values of all samples.</summary>
    public ReadOnlySpan<float> All => _values;

    /// <summary>How many samples of a shape an array has, if it ends with one.</summary>
    public static int Count(float[] values, int[] shape)
    {
        ArgumentNullException.ThrowIfNull(values);
        ArgumentNullException.ThrowIfNull(shape);
        return values.Length / Math.Max(1, new Shape(shape).Length);
    }

    /// <summary>The values of one sample.</summary>
    public ReadOnlySpan<float> this[int index] => _values.AsSpan(index * Field.Length, Field.Length);
}
