using System.Numerics;

namespace TinyNet.Ilgpu;

/// <summary>
/// Divides by a number that is the same for a whole launch, by a multiplication and a shift: GPUs have no instruction for a division.
/// </summary>
// T. Granlund, P. L. Montgomery, "Division by invariant integers using multiplication", PLDI 1994: with 2^l ≥ d, ⌈2^(31+l) / d⌉ serves
// for all numbers below 2³¹.
internal struct Divisor
{
    /// <summary>What is divided by.</summary>
    public int Value;

    private long _factor;
    private int _shift;

    /// <summary>Division by a number; 0 is for an axis that is empty, where nothing is divided.</summary>
    public static Divisor By(int value)
    {
        int shift = 31 + BitOperations.Log2(BitOperations.RoundUpToPowerOf2((uint)Math.Max(value, 1)));
        long factor = value == 0 ? 0 : (1L << shift) / value + 1;
        return new Divisor { Value = value, _factor = factor, _shift = shift };
    }

    /// <summary>⌊n / d⌋ of a number from 0 on.</summary>
    public readonly int Quotient(int n) => (int)((n * _factor) >> _shift);
}
