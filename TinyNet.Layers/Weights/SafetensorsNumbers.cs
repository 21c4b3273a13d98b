using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.InteropServices;

namespace TinyNet.Layers;

/// <summary>The types of numbers in a safetensors file, and how they become floats. All are little-endian.</summary>
internal static class SafetensorsNumbers
{
    /// <summary>The type that is written.</summary>
    public const string Float = "F32";

    /// <summary>The types that are read, for messages.</summary>
    public const string Known = "F32, F16, BF16, F64, BOOL, U8, I8, U16, I16, U32, I32, U64 and I64";

    /// <summary>The bytes of a number; null for a type that is not read.</summary>
    public static int? Size(string type) => type switch
    {
        "BOOL" or "U8" or "I8" => 1,
        "F16" or "BF16" or "U16" or "I16" => 2,
        Float or "U32" or "I32" => 4,
        "F64" or "U64" or "I64" => 8,
        _ => null,
    };

    /// <summary>Makes floats of numbers: the nearest, where a float does not hold one.</summary>
    public static void ToFloats(string type, ReadOnlySpan<byte> bytes, Span<float> floats)
    {
        switch (type)
        {
            case Float:
                bytes.CopyTo(MemoryMarshal.AsBytes(floats));
                LittleEndian(floats);
                break;
            case "F16":
                Each<ushort>(bytes, floats, static bits => (float)BitConverter.UInt16BitsToHalf(bits));
                break;
            case "BF16":
                // The upper half of a float.
                Each<ushort>(bytes, floats, static bits => BitConverter.UInt32BitsToSingle((uint)bits << 16));
                break;
            case "F64":
                Each<ulong>(bytes, floats, static bits => (float)BitConverter.UInt64BitsToDouble(bits));
                break;
            case "BOOL":
                Each<byte>(bytes, floats, static value => value == 0 ? 0 : 1);
                break;
            case "U8":
                Each<byte>(bytes, floats, static value => value);
                break;
            case "I8":
                Each<sbyte>(bytes, floats, static value => value);
                break;
            case "U16":
                Each<ushort>(bytes, floats, static value => value);
                break;
            case "I16":
                Each<short>(bytes, floats, static value => value);
                break;
            case "U32":
                Each<uint>(bytes, floats, static value => value);
                break;
            case "I32":
                Each<int>(bytes, floats, static value => value);
                break;
            case "U64":
                Each<ulong>(bytes, floats, static value => value);
                break;
            case "I64":
                Each<long>(bytes, floats, static value => value);
                break;
            default:
                throw new ArgumentException($"numbers of type {type} are not read", nameof(type));
        }
    }

    /// <summary>Gives floats the order of bytes that files have, or takes it away: on most machines there is nothing to do.</summary>
    public static void LittleEndian(Span<float> floats)
    {
        if (!BitConverter.IsLittleEndian)
        {
            var bits = MemoryMarshal.Cast<float, uint>(floats);
            BinaryPrimitives.ReverseEndianness(bits, bits);
        }
    }

    private static void Each<T>(ReadOnlySpan<byte> bytes, Span<float> floats, Func<T, float> convert)
        where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T>
    {
        int size = bytes.Length / floats.Length;
        for (int i = 0; i < floats.Length; i++)
        {
            floats[i] = convert(T.ReadLittleEndian(bytes.Slice(i * size, size), isUnsigned: T.MinValue == T.Zero));
        }
    }
}
