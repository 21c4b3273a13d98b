namespace TinyNet.Core;

/// <summary>
/// What the shared mathematics in <see cref="LaneMath"/> needs beyond <see cref="ILane{T}"/>: the bit patterns of floats, taken
/// as 32-bit integers. On these lanes <c>&amp;</c>, <c>|</c> and <c>~</c> work bit by bit, and a mask has all bits set or none.
/// </summary>
internal interface IFloatLane<T> : IVectorLane<T> where T : struct, IFloatLane<T>
{
    /// <summary>The same bit pattern in every element.</summary>
    static abstract T FromBits(int bits);

    /// <summary>The sum of the bit patterns, wrapping around.</summary>
    static abstract T AddBits(T a, T b);

    /// <summary>The difference of the bit patterns, wrapping around.</summary>
    static abstract T SubtractBits(T a, T b);

    /// <summary>The bit patterns shifted left.</summary>
    static abstract T ShiftLeft(T bits, int count);

    /// <summary>The bit patterns shifted right, filled with their sign bit.</summary>
    static abstract T ShiftRight(T bits, int count);

    /// <summary>The bits in which <paramref name="a"/> and <paramref name="b"/> differ.</summary>
    static abstract T Xor(T a, T b);

    /// <summary>The bit patterns, read as integers, as floats.</summary>
    static abstract T IntegerToFloat(T bits);

    /// <summary>a · 2ⁿ rounded once, for 2⁻⁶ ≤ |a| ≤ 8 and an integer |n| ≤ 160; nan if a is nan.</summary>
    static abstract T Scale(T a, T n);

    /// <summary>Whether the mask holds for any element.</summary>
    static abstract bool Any(T mask);
}
