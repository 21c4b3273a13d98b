using TinyNet.Core;

namespace TinyNet.Data;

/// <summary>
/// Reads and writes .npy files, one array each. Elements may be bool, integers of 8 to 64 bits, float16, float32 or float64, little endian;
/// other types, Python objects among them, are refused, so nothing in a file can make code run.
/// </summary>
/// <example>
/// <code>
/// var images = Npy.Load("images.npy").ToTensor();
/// Npy.Save("features.npy", NumpyArray.From(model.Forward(images)));
/// </code>
/// </example>
public static class Npy
{
    /// <summary>Reads a file.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="DataFormatException">It is no such file, truncated, too long, or of elements that are no numbers.</exception>
    /// <exception cref="IOException">The file is not there, or cannot be read.</exception>
    public static NumpyArray Load(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        using var file = InputFile.Open(path);
        return Read(file);
    }

    /// <summary>Writes a file, over one that may be there; row-major, in version 1.0 of the format, as NumPy does.</summary>
    /// <param name="path">The file.</param>
    /// <param name="array">The array.</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static void Save(string path, NumpyArray array)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(array);
        using var file = File.Create(path);
        Write(file, array);
    }

    /// <summary>Reads an array to the end of a file.</summary>
    internal static NumpyArray Read(InputFile file)
    {
        var header = NumpyHeader.Read(file);
        int size = NumpyElement.Size(header.Type);
        long length = (long)header.Shape.Length * size;
        byte[] bytes = file.Read(length, $"{header.Shape.Length} elements of {size} bytes");
        file.ExpectEnd($"the elements of shape {header.Shape}");
        return new NumpyArray(header.Type, header.Shape, header.IsFortran ? ToRowMajor(bytes, header.Shape, size) : bytes);
    }

    internal static void Write(Stream file, NumpyArray array)
    {
        NumpyHeader.Write(file, array.Type, array.Shape);
        file.Write(array.Bytes);
    }

    /// <summary>Puts elements whose first axis varies fastest into row-major order.</summary>
    private static byte[] ToRowMajor(byte[] columns, in Shape shape, int size)
    {
        if (shape.Rank < 2 || columns.Length == 0)
        {
            return columns;
        }

        byte[] rows = new byte[columns.Length];
        Span<int> index = stackalloc int[Shape.MaxRank], steps = stackalloc int[Shape.MaxRank];
        index.Clear();
        int step = size;
        for (int axis = 0; axis < shape.Rank; axis++)
        {
            steps[axis] = step;
            step *= shape[axis];
        }

        // The place of the element among the columns follows the index, which counts on like the digits of a number.
        for (int to = 0, from = 0; to < rows.Length; to += size)
        {
            columns.AsSpan(from, size).CopyTo(rows.AsSpan(to));
            for (int axis = shape.Rank - 1; axis >= 0; axis--)
            {
                from += steps[axis];
                if (++index[axis] < shape[axis])
                {
                    break;
                }

                from -= index[axis] * steps[axis];
                index[axis] = 0;
            }
        }

        return rows;
    }
}
