using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace TinyNet.Core;

/// <summary>
/// Fused multiply-adds for processors without an instruction for them: in double precision, where a product of floats is exact. The sum
/// is rounded there first, which changes one result of hundreds of millions; remainders of products are exact.
/// </summary>
internal static class Fused
{
    /// <summary>Whether the processor has the instruction; a constant when compiled.</summary>
    public static bool IsAccelerated
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Fma.IsSupported || AdvSimd.IsSupported;
    }

    /// <summary>a · b + c.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float MultiplyAdd(float a, float b, float c) => (float)((double)a * b + c);

    /// <summary>a · b + c in each element.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> MultiplyAdd(Vector128<float> a, Vector128<float> b, Vector128<float> c) => Vector128.Narrow(
        Vector128.WidenLower(a) * Vector128.WidenLower(b) + Vector128.WidenLower(c),
        Vector128.WidenUpper(a) * Vector128.WidenUpper(b) + Vector128.WidenUpper(c));
}
