using System.Runtime.CompilerServices;

namespace TinyNet.Core;

/// <summary>How many blocks a length is cut into, of which the last may be smaller: ⌈length / size⌉.</summary>
internal static class BlockCount
{
    /// <summary>The number of blocks of a size.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Of(int length, int size) => (length + size - 1) / size;

    /// <summary>The number of blocks of a size.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static long Of(long length, long size) => (length + size - 1) / size;
}
