using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace TinyNet.Analysis;

/// <summary>A message in the wire format of protocol buffers, field by field; it is cleared and written again.</summary>
internal sealed class ProtoMessage
{
    // How the value of a field is written: the lower three bits of its key.
    private const int Varint = 0, EightBytes = 1, Counted = 2, FourBytes = 5, BitsOfWireType = 3;

    // Seven bits a byte, the highest of which says that more follow.
    private const int BitsOfByte = 7, More = 1 << BitsOfByte, MostBytesOfVarint = 10;

    private readonly ArrayBufferWriter<byte> _bytes = new();

    public ReadOnlySpan<byte> Bytes => _bytes.WrittenSpan;

    public void Clear() => _bytes.ResetWrittenCount();

    public void Write(int field, double value)
    {
        WriteKey(field, EightBytes);
        Write(value);
    }

    public void Write(int field, float value)
    {
        WriteKey(field, FourBytes);
        BinaryPrimitives.WriteSingleLittleEndian(_bytes.GetSpan(sizeof(float)), value);
        _bytes.Advance(sizeof(float));
    }

    public void Write(int field, long value)
    {
        WriteKey(field, Varint);
        WriteVarint((ulong)value);
    }

    public void Write(int field, string text)
    {
        int count = Encoding.UTF8.GetByteCount(text);
        WriteKey(field, Counted);
        WriteVarint((ulong)count);
        _bytes.Advance(Encoding.UTF8.GetBytes(text, _bytes.GetSpan(count)));
    }

    public void Write(int field, ProtoMessage message) => Write(field, message.Bytes);

    public void Write(int field, ReadOnlySpan<byte> bytes)
    {
        WriteKey(field, Counted);
        WriteVarint((ulong)bytes.Length);
        _bytes.Write(bytes);
    }

    /// <summary>Numbers in one field, one after the other.</summary>
    public void WritePacked(int field, IEnumerable<double> values, int count)
    {
        WriteKey(field, Counted);
        WriteVarint((ulong)count * sizeof(double));
        foreach (double value in values)
        {
            Write(value);
        }
    }

    private void WriteKey(int field, int wireType) => WriteVarint((ulong)(field << BitsOfWireType | wireType));

    private void Write(double value)
    {
        BinaryPrimitives.WriteDoubleLittleEndian(_bytes.GetSpan(sizeof(double)), value);
        _bytes.Advance(sizeof(double));
    }

    private void WriteVarint(ulong value)
    {
        var bytes = _bytes.GetSpan(MostBytesOfVarint);
        int count = 0;
        for (; value >= More; value >>= BitsOfByte)
        {
            bytes[count++] = (byte)(value | More);
        }

        bytes[count++] = (byte)value;
        _bytes.Advance(count);
    }
}
