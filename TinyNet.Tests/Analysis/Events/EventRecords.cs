using System.Buffers.Binary;

namespace TinyNet.Tests.Analysis;

/// <summary>
/// Reads event files by a second method: frames as TFRecord describes them, checksums bit by bit, the wire format of protocol buffers field
/// by field. It refuses whatever is not exactly as it has to be.
/// </summary>
internal static class EventRecords
{
    private const int Header = 12, Footer = 4;

    /// <summary>The records of a file, each with right checksums, up to its last byte.</summary>
    public static List<byte[]> Of(ReadOnlySpan<byte> file)
    {
        var records = new List<byte[]>();
        while (file.Length > 0)
        {
            int length = checked((int)BinaryPrimitives.ReadUInt64LittleEndian(file));
            RequireChecksum(file[..8], file.Slice(8, 4));
            var data = file.Slice(Header, length);
            RequireChecksum(data, file.Slice(Header + length, Footer));
            records.Add(data.ToArray());
            file = file[(Header + length + Footer)..];
        }

        return records;
    }

    /// <summary>The events of a file.</summary>
    public static List<EventRecord> Read(string path) => [.. Of(File.ReadAllBytes(path)).Select(record => new EventRecord(record))];

    /// <summary>CRC-32C by its polynomial, a bit at a time (RFC 3720).</summary>
    public static uint Crc32C(ReadOnlySpan<byte> data)
    {
        uint remainder = 0xFFFFFFFF;
        foreach (byte one in data)
        {
            remainder ^= one;
            for (int bit = 0; bit < 8; bit++)
            {
                remainder = (remainder & 1) == 1 ? remainder >> 1 ^ 0x82F63B78 : remainder >> 1;
            }
        }

        return remainder ^ 0xFFFFFFFF;
    }

    private static void RequireChecksum(ReadOnlySpan<byte> data, ReadOnlySpan<byte> stored)
    {
        uint plain = Crc32C(data);
        uint masked = unchecked((plain >> 15 | plain << 17) + 0xA282EAD8);
        Assert.Equal(masked, BinaryPrimitives.ReadUInt32LittleEndian(stored));
    }
}

/// <summary>An event, by event.proto and summary.proto of TensorFlow; a field that it does not know fails.</summary>
internal sealed class EventRecord
{
    public EventRecord(byte[] bytes)
    {
        foreach (var field in ProtoField.Of(bytes))
        {
            switch (field.Number)
            {
                case 1:
                    WallTime = field.Double;
                    break;
                case 2:
                    Step = (long)field.Varint;
                    break;
                case 3:
                    FileVersion = field.Text;
                    break;
                case 5:
                    ReadValue(Assert.Single(ProtoField.Of(field.Bytes)));
                    break;
                case 7:
                    var status = Assert.Single(ProtoField.Of(field.Bytes));
                    Assert.Equal((1, 1ul), (status.Number, status.Varint));
                    IsRestart = true;
                    break;
                default:
                    Assert.Fail($"field {field.Number} of an event");
                    break;
            }
        }
    }

    public double WallTime { get; }

    public long Step { get; }

    public string? FileVersion { get; }

    public bool IsRestart { get; }

    public string? Tag { get; private set; }

    public float? Scalar { get; private set; }

    public HistogramRecord? Histogram { get; private set; }

    private void ReadValue(ProtoField value)
    {
        Assert.Equal(1, value.Number);
        foreach (var field in ProtoField.Of(value.Bytes))
        {
            switch (field.Number)
            {
                case 1:
                    Tag = field.Text;
                    break;
                case 2:
                    Scalar = field.Single;
                    break;
                case 5:
                    Histogram = new HistogramRecord(field.Bytes);
                    break;
                default:
                    Assert.Fail($"field {field.Number} of a value");
                    break;
            }
        }
    }
}

/// <summary>HistogramProto of summary.proto.</summary>
internal sealed class HistogramRecord
{
    public HistogramRecord(byte[] bytes)
    {
        var fields = ProtoField.Of(bytes).ToDictionary(field => field.Number);
        Assert.Equal([1, 2, 3, 4, 5, 6, 7], fields.Keys.Order());
        (Minimum, Maximum, Count) = (fields[1].Double, fields[2].Double, fields[3].Double);
        (Sum, SumOfSquares) = (fields[4].Double, fields[5].Double);
        (BinEnds, BinCounts) = (fields[6].Doubles, fields[7].Doubles);
        Assert.Equal(BinEnds.Length, BinCounts.Length);
    }

    public double Minimum { get; }

    public double Maximum { get; }

    public double Count { get; }

    public double Sum { get; }

    public double SumOfSquares { get; }

    public double[] BinEnds { get; }

    public double[] BinCounts { get; }
}
