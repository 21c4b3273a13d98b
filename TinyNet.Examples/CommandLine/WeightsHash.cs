using System.Buffers.Binary;
using System.Security.Cryptography;
using TinyNet.Layers;

namespace TinyNet.Examples;

/// <summary>What tells two trained networks apart.</summary>
internal static class WeightsHash
{
    /// <summary>SHA-256 over all parameters in order, as float32 in little-endian bytes.</summary>
    public static string Of(Module model)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Span<byte> bytes = stackalloc byte[sizeof(float)];
        foreach (var parameter in model.Parameters())
        {
            foreach (float value in parameter.ToArray())
            {
                BinaryPrimitives.WriteSingleLittleEndian(bytes, value);
                hash.AppendData(bytes);
            }
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
