using System.Buffers.Binary;
using TinyNet.Core;

namespace TinyNet.Data;

/// <summary>What there is to know about a type of elements: its size, its name in files, and how one is read.</summary>
internal static class NumpyElement
{
    /// <summary>Names in files, in the order of <see cref="NumpyType"/>; a bar where there is no order of bytes.</summary>
    private static readonly string[] Descriptions =
        ["|b1", "|i1", "|u1", "<i2", "<u2", "<i4", "<u4", "<i8", "<u8", "<f2", "<f4", "<f8"];

    /// <summary>The name in files.</summary>
    public static string Description(NumpyType type) => Descriptions[(int)type];

    /// <summary>All names in files, for messages.</summary>
    public static string All { get; } = string.Join(", ", Descriptions);

    /// <summary>The bytes of an element.</summary>
    public static int Size(NumpyType type) => Descriptions[(int)type][^1] - '0';

    /// <summary>The type of a name; null where it is none of ours.</summary>
    public static NumpyType? Parse(string description) =>
        Array.IndexOf(Descriptions, description) is >= 0 and var type ? (NumpyType)type : null;

    /// <summary>Whether elements are whole numbers or bool.</summary>
    public static bool IsInteger(NumpyType type) => type < NumpyType.Float16;

    /// <summary>The type of a type of .NET.</summary>
    /// <exception cref="NotSupportedException">It is none of ours.</exception>
    public static NumpyType Of<T>() where T : unmanaged =>
        typeof(T) == typeof(bool) ? NumpyType.Bool
        : typeof(T) == typeof(sbyte) ? NumpyType.Int8
        : typeof(T) == typeof(byte) ? NumpyType.UInt8
        : typeof(T) == typeof(short) ? NumpyType.Int16
        : typeof(T) == typeof(ushort) ? NumpyType.UInt16
        : typeof(T) == typeof(int) ? NumpyType.Int32
        : typeof(T) == typeof(uint) ? NumpyType.UInt32
        : typeof(T) == typeof(long) ? NumpyType.Int64
        : typeof(T) == typeof(ulong) ? NumpyType.UInt64
        : typeof(T) == typeof(Half) ? NumpyType.Float16
        : typeof(T) == typeof(float) ? NumpyType.Float32
        : typeof(T) == typeof(double) ? NumpyType.Float64
        : throw new NotSupportedException($"elements of {typeof(T).Name} are none of {All}; convert them first");

    /// <summary>An element as a double, rounded where it is a whole number beyond 2⁵³.</summary>
    public static double AsDouble(NumpyType type, ReadOnlySpan<byte> bytes) => type switch
    {
        NumpyType.Float16 => (double)BinaryPrimitives.ReadHalfLittleEndian(bytes),
        NumpyType.Float32 => BinaryPrimitives.ReadSingleLittleEndian(bytes),
        NumpyType.Float64 => BinaryPrimitives.ReadDoubleLittleEndian(bytes),
        _ => (double)AsInteger(type, bytes),
    };

    /// <summary>A whole number as a float, rounded once.</summary>
    public static float AsFloat(NumpyType type, ReadOnlySpan<byte> bytes)
    {
        var value = AsInteger(type, bytes);
        return value < 0 ? (float)(long)value : (float)(ulong)value;
    }

    /// <summary>An element that is a whole number or bool.</summary>
    public static Int128 AsInteger(NumpyType type, ReadOnlySpan<byte> bytes) => type switch
    {
        NumpyType.Bool => bytes[0] == 0 ? 0 : 1,
        NumpyType.Int8 => (sbyte)bytes[0],
        NumpyType.UInt8 => bytes[0],
        NumpyType.Int16 => BinaryPrimitives.ReadInt16LittleEndian(bytes),
        NumpyType.UInt16 => BinaryPrimitives.ReadUInt16LittleEndian(bytes),
        NumpyType.Int32 => BinaryPrimitives.ReadInt32LittleEndian(bytes),
        NumpyType.UInt32 => BinaryPrimitives.ReadUInt32LittleEndian(bytes),
        NumpyType.Int64 => BinaryPrimitives.ReadInt64LittleEndian(bytes),
        NumpyType.UInt64 => BinaryPrimitives.ReadUInt64LittleEndian(bytes),
        _ => throw new TensorException("NumpyArray", $"the elements are {type}", "read them as numbers with a fraction"),
    };
}
