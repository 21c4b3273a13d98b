using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;
using System.Runtime.Intrinsics;

namespace TinyNet.Core;

/// <summary>
/// The widths of registers in bits (512, 256, 128, or 32 for one float at a time), and the one place where they become types.
/// </summary>
internal static class VectorWidth
{
    /// <summary>The widest registers that the machine accelerates.</summary>
    public static int Widest =>
        Vector512.IsHardwareAccelerated ? 512
        : Vector256.IsHardwareAccelerated ? 256
        : Vector128.IsHardwareAccelerated ? 128
        : 32;

    /// <summary>Whether the machine has registers of a width.</summary>
    public static bool IsSupported(int laneBits) => laneBits switch
    {
        512 => Vector512.IsHardwareAccelerated || Avx512F.IsSupported,
        256 => Vector256.IsHardwareAccelerated,
        128 => Vector128.IsHardwareAccelerated,
        _ => laneBits == 32,
    };

    /// <summary>Runs a unit of a job on the widest vectors that the machine has up to a width.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Run<TJob>(ref TJob job, int unit, int laneBits) where TJob : struct, IVectorJob
    {
        if (laneBits >= 512 && Avx512F.IsSupported)
        {
            job.Run<ProductVector512, Vector512<float>, Lane512>(unit);
        }
        else if (laneBits >= 256 && Avx.IsSupported)
        {
            job.Run<ProductVector256, Vector256<float>, Lane256>(unit);
        }
        else if (laneBits >= 128)
        {
            job.Run<ProductVector128, Vector128<float>, Lane128>(unit);
        }
        else
        {
            job.Run<ProductScalar, float, ScalarLane>(unit);
        }
    }

    /// <summary>
    /// Runs a loop over elements: what fills no register of a width goes on in narrower ones, down to one float. That is for loops whose
    /// bits do not depend on the width.
    /// </summary>
    public static void RunAll<TLoop>(TLoop loop, int count, int laneBits) where TLoop : struct, ILaneLoop
    {
        int at = 0;
        if (laneBits >= 512)
        {
            at = RunWhole<TLoop, Lane512>(ref loop, at, count);
        }

        if (laneBits >= 256)
        {
            at = RunWhole<TLoop, Lane256>(ref loop, at, count);
        }

        if (laneBits >= 128)
        {
            at = RunWhole<TLoop, Lane128>(ref loop, at, count);
        }

        RunWhole<TLoop, ScalarLane>(ref loop, at, count);
    }

    private static int RunWhole<TLoop, TLane>(ref TLoop loop, int at, int count)
        where TLoop : struct, ILaneLoop
        where TLane : struct, IFloatLane<TLane>
    {
        int end = at + (count - at) / TLane.Count * TLane.Count;
        if (at < end)
        {
            loop.Run<TLane>(at, end);
        }

        return end;
    }
}

/// <summary>Work in units, written once over the vectors of a width: those of the register tiles, and the lane of the same width.</summary>
internal interface IVectorJob
{
    /// <summary>Does one unit.</summary>
    void Run<TOps, TVector, TLane>(int unit)
        where TOps : struct, IProductVector<TVector>
        where TVector : struct
        where TLane : struct, IFloatLane<TLane>;
}

/// <summary>Work in units, written once over the lane type.</summary>
internal interface ILaneJob
{
    /// <summary>Does one unit.</summary>
    void Run<TLane>(int unit) where TLane : struct, IVectorLane<TLane>;
}

/// <summary>A loop over elements, written once over the lane type.</summary>
internal interface ILaneLoop
{
    /// <summary>Does the elements from one to another, exclusive, which are whole lanes.</summary>
    void Run<TLane>(int start, int end) where TLane : struct, IFloatLane<TLane>;
}
