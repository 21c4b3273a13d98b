using System.Buffers.Binary;
using System.Text;

namespace TinyNet.Tests.Analysis;

/// <summary>A field of a message of protocol buffers: its number, and its value as the wire has it.</summary>
internal sealed record ProtoField(int Number, int WireType, ulong Varint, byte[] Bytes)
{
    public double Double => WireType == 1 ? BinaryPrimitives.ReadDoubleLittleEndian(Bytes) : throw Wrong("a double");

    public float Single => WireType == 5 ? BinaryPrimitives.ReadSingleLittleEndian(Bytes) : throw Wrong("a float");

    public string Text => WireType == 2 ? new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(Bytes) : throw Wrong("a text");

    public double[] Doubles => WireType == 2 && Bytes.Length % 8 == 0
        ? [.. Enumerable.Range(0, Bytes.Length / 8).Select(i => BinaryPrimitives.ReadDoubleLittleEndian(Bytes.AsSpan(8 * i)))]
        : throw Wrong("packed doubles");

    /// <summary>The fields of a message, up to its last byte.</summary>
    public static List<ProtoField> Of(byte[] message)
    {
        var fields = new List<ProtoField>();
        int at = 0;
        while (at < message.Length)
        {
            ulong key = ReadVarint(message, ref at);
            int wireType = (int)(key & 7);
            ulong number = wireType == 0 ? ReadVarint(message, ref at) : 0;
            int length = wireType switch
            {
                0 => 0,
                1 => 8,
                2 => checked((int)ReadVarint(message, ref at)),
                5 => 4,
                _ => throw new InvalidDataException($"wire type {wireType}"),
            };
            fields.Add(new ProtoField(checked((int)(key >> 3)), wireType, number, message.AsSpan(at, length).ToArray()));
            at += length;
        }

        return fields;
    }

    private static ulong ReadVarint(byte[] message, ref int at)
    {
        ulong value = 0;
        for (int shift = 0; shift < 64; shift += 7)
        {
            byte next = message[at++];
            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80)
            {
                return value;
            }
        }

        throw new InvalidDataException("a varint of more than 64 bits");
    }

    private InvalidDataException Wrong(string kind) => new($"field {Number} of wire type {WireType} is not {kind}");
}
