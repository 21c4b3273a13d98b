using System.Runtime.InteropServices;
using TinyNet.Core;

namespace TinyNet.Data;

/// <summary>
/// An array as NumPy has it: a shape, a type of elements, and the elements, row-major. It is how arrays of all types pass between
/// files (<see cref="Npy"/>, <see cref="Npz"/>) and tensors, which are float32 or int32. Immutable.
/// </summary>
public sealed class NumpyArray
{
    private readonly byte[] _bytes;

    internal NumpyArray(NumpyType type, in Shape shape, byte[] bytes)
    {
        Type = type;
        Shape = shape;
        _bytes = bytes;
    }

    /// <summary>The type of the elements.</summary>
    public NumpyType Type { get; }

    /// <summary>The shape; of rank 0 for a single number.</summary>
    public Shape Shape { get; }

    /// <summary>The elements, little endian and row-major.</summary>
    public ReadOnlySpan<byte> Bytes => _bytes;

    /// <summary>An array of elements of their own type: bool, the integers of 8 to 64 bits, Half, float or double.</summary>
    /// <param name="values">The elements, row-major.</param>
    /// <param name="shape">The shape.</param>
    /// <exception cref="NotSupportedException">The type is none of these.</exception>
    /// <exception cref="ShapeException">The shape has another number of elements.</exception>
    /// <exception cref="TensorException">They are more bytes than an array holds.</exception>
    public static NumpyArray From<T>(ReadOnlySpan<T> values, Shape shape) where T : unmanaged
    {
        var type = NumpyElement.Of<T>();
        if (values.Length != shape.Length)
        {
            throw new ShapeException("NumpyArray.From", $"there are {values.Length} values for shape {shape}",
                $"give {shape.Length} values, or another shape");
        }

        int size = NumpyElement.Size(type);
        if ((long)values.Length * size > Array.MaxLength)
        {
            throw new TensorException("NumpyArray.From", $"{values.Length} elements of {size} bytes are more than an array holds",
                "split them");
        }

        // The memory of processors that .NET runs on is little endian, as the files are.
        return new NumpyArray(type, shape, MemoryMarshal.AsBytes(values).ToArray());
    }

    /// <summary>The float32 elements of a tensor.</summary>
    public static NumpyArray From(Tensor tensor)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        return From<float>(tensor.ToArray(), tensor.Shape);
    }

    /// <summary>The int32 elements of an index tensor.</summary>
    public static NumpyArray From(IndexTensor indices)
    {
        ArgumentNullException.ThrowIfNull(indices);
        return From<int>(indices.ToArray(), indices.Shape);
    }

    /// <summary>The elements as float, rounded where they have more digits; those beyond its range become infinite.</summary>
    /// <exception cref="TensorException">There is no memory for them.</exception>
    public float[] ToFloats()
    {
        float[] values = Allocation.OnHost<float>(Shape, "NumpyArray.ToFloats");
        if (Type == NumpyType.Float32)
        {
            MemoryMarshal.Cast<byte, float>(_bytes).CopyTo(values);
            return values;
        }

        int size = NumpyElement.Size(Type);
        for (int i = 0; i < values.Length; i++)
        {
            // Of a whole number at once: by way of double it would be rounded twice.
            var bytes = _bytes.AsSpan(i * size, size);
            values[i] = NumpyElement.IsInteger(Type) ? NumpyElement.AsFloat(Type, bytes)
                : (float)NumpyElement.AsDouble(Type, bytes);
        }

        return values;
    }

    /// <summary>The elements as double; whole numbers beyond 2⁵³ are rounded.</summary>
    /// <exception cref="TensorException">There is no memory for them.</exception>
    public double[] ToDoubles()
    {
        double[] values = Allocation.OnHost<double>(Shape, "NumpyArray.ToDoubles");
        int size = NumpyElement.Size(Type);
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = NumpyElement.AsDouble(Type, _bytes.AsSpan(i * size, size));
        }

        return values;
    }

    /// <summary>The elements as int; true is 1.</summary>
    /// <exception cref="TensorException">The elements are no whole numbers, one is beyond int, or there is no memory for them.</exception>
    public int[] ToInts()
    {
        int[] values = Allocation.OnHost<int>(Shape, "NumpyArray.ToInts");
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = (int)Integer(i, int.MinValue, int.MaxValue);
        }

        return values;
    }

    /// <summary>The elements as long; true is 1.</summary>
    /// <exception cref="TensorException">The elements are no whole numbers, one is beyond long, or there is no memory for them.</exception>
    public long[] ToLongs()
    {
        long[] values = Allocation.OnHost<long>(Shape, "NumpyArray.ToLongs");
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = (long)Integer(i, long.MinValue, long.MaxValue);
        }

        return values;
    }

    /// <summary>A tensor of the elements as <see cref="ToFloats"/> gives them.</summary>
    /// <param name="device">Where it is; null for <see cref="Device.Default"/>.</param>
    /// <exception cref="TensorException">There is no memory for it.</exception>
    public Tensor ToTensor(Device? device = null) => Tensor.From(ToFloats(), Shape, device);

    /// <summary>An index tensor of the elements as <see cref="ToInts"/> gives them.</summary>
    /// <exception cref="TensorException">The elements are no whole numbers, one is beyond int, or there is no memory for them.</exception>
    public IndexTensor ToIndexTensor() => IndexTensor.From(ToInts(), Shape);

    /// <summary>The type and the shape.</summary>
    public override string ToString() => $"{Type} {Shape}";

    private Int128 Integer(int index, Int128 least, Int128 most)
    {
        int size = NumpyElement.Size(Type);
        var value = NumpyElement.AsInteger(Type, _bytes.AsSpan(index * size, size));
        return value >= least && value <= most ? value
            : throw new TensorException("NumpyArray", $"element {index} is {value}, beyond {least} to {most}", "read a wider type");
    }
}
