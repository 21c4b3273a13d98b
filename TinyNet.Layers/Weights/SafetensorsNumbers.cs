using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.InteropServices;

namespace TinyNet.Layers;

/// <summary>The types of numbers in a safetensors file, and how they become floats. All are little-endian.</summary>
internal static class SafetensorsNumbers
{
    /// <summary>The types that are read, for messages.</summary>
    public const string Known = "F32, F16, BF16, F64, BOOL, U8, I8, U16, I16, U32, I32, U64 and I64";

    /// <summary>The bytes of a number; null for a type that is not read.</summary>
    public static int? Size(string type) => type switch
    {
        "BOOL" or "U8" or "I8" => 1,
        "F16" or "BF16" or "U16" or "I16" => 2,
        "F32" or "U32" or "I32" => 4,
        "F64" or "U64" or "I64" => 8,
        _ => null,
    };

    /// <summary>Makes floats of numbers: the nearest, where a float does not hold one.</summary>
    public static void ToFloats(string type, ReadOnlySpan<byte> bytes, Span<float> floats)
    {
        switch (type)
        {
            case "F32":
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

    /// <summary>The bytes of a number of a type that is written.</summary>
    public static int Size(FloatType type) => type == FloatType.F32 ? sizeof(float) : sizeof(ushort);

    /// <summary>Makes numbers of floats, each the nearest.</summary>
    /// <returns>The place of the first number whose nearest would be infinite; -1 for none. What is infinite or nan stays so.</returns>
    public static int FromFloats(FloatType type, ReadOnlySpan<float> floats, Span<byte> bytes)
    {
        if (type == FloatType.F32)
        {
            MemoryMarshal.AsBytes(floats).CopyTo(bytes);
            LittleEndian(MemoryMarshal.Cast<byte, float>(bytes));
            return -1;
        }

        for (int i = 0; i < floats.Length; i++)
        {
            ushort bits = type == FloatType.F16 ? BitConverter.HalfToUInt16Bits((Half)floats[i]) : UpperHalf(floats[i]);
            int infinity = type == FloatType.F16 ? 0x7C00 : 0x7F80;
            if ((bits & 0x7FFF) == infinity && float.IsFinite(floats[i]))
            {
                return i;
            }

            BinaryPrimitives.WriteUInt16LittleEndian(bytes[(i * sizeof(ushort))..], bits);
        }

        return -1;
    }

    /// <summary>The bits of the nearest BF16: the upper half of a float, one more where the lower half says so.</summary>
    private static ushort UpperHalf(float value)
    {
        uint bits = BitConverter.SingleToUInt32Bits(value), upper = bits >> 16;
        // The lower half of a nan may have all of it; of what it has in the upper one, one bit is enough.
        return (ushort)(float.IsNaN(value) ? upper | 0x40 : (bits + 0x7FFF + (upper & 1)) >> 16);
    }

    /// <summary>Gives floats the order of bytes that files have, or takes it away: on most machines there is nothing to do.</summary>
    private static void LittleEndian(Span<float> floats)
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
