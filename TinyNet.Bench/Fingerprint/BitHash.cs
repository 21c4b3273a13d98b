using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using TinyNet.Core;

namespace TinyNet.Bench;

/// <summary>A SHA-256 over names and the bits of numbers.</summary>
internal sealed class BitHash : IDisposable
{
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    public void Add(string text)
    {
        byte[] utf8 = Encoding.UTF8.GetBytes(text);
        AddWord(utf8.Length);
        _hash.AppendData(utf8);
    }

    /// <summary>Adds the shape and the elements of a tensor.</summary>
    public void Add(Tensor tensor) => Add(tensor.Shape, Array.ConvertAll(tensor.ToArray(), element => (double)element));

    /// <summary>Adds a shape and numbers. A float and the same number in double precision are one to the hash.</summary>
    public void Add(Shape shape, double[] values)
    {
        Add($"{shape}");
        byte[] bytes = new byte[values.Length * sizeof(double)];
        for (int i = 0; i < values.Length; i++)
        {
            // Which of the many bit patterns of "not a number" comes out of a sum depends on the order the compiler gives its operands.
            double value = double.IsNaN(values[i]) ? double.NaN : values[i];
            BinaryPrimitives.WriteDoubleLittleEndian(bytes.AsSpan(i * sizeof(double)), value);
        }

        _hash.AppendData(bytes);
    }

    /// <summary>The hash of all that was added, in hexadecimal; the next begins.</summary>
    public string Take() => Convert.ToHexStringLower(_hash.GetHashAndReset());

    public void Dispose() => _hash.Dispose();

    private void AddWord(int value)
    {
        Span<byte> bytes = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, value);
        _hash.AppendData(bytes);
    }
}
