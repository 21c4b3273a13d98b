using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace TinyNet.Core;

/// <summary>The elements of one lane put together into one number, one after the other from the first.</summary>
/// <remarks>
/// The order is part of the bits that are promised. A product with one row or one column adds otherwise
/// (<see cref="IProductVector{TVector}.Sum"/>: half to half): it ends eight sums at once, where a chain would be what it waits for.
/// </remarks>
internal static unsafe class AcrossLane
{
    /// <summary>What a reduction makes of the elements, beginning with its identity.</summary>
    [SkipLocalsInit, MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ScalarLane Combine<TReduction, TLane>(TReduction reduction, TLane lane)
        where TReduction : struct, IReduction
        where TLane : struct, IVectorLane<TLane>
    {
        // Memory for the widest lane; unlike a stackalloc of that length, a local does not keep the method from being inlined.
        Unsafe.SkipInit(out Vector512<float> elements);
        float* element = (float*)&elements;
        TLane.Store(element, lane);
        var total = reduction.Identity<ScalarLane>();
        for (int i = 0; i < TLane.Count; i++)
        {
            total = reduction.Combine(total, ScalarLane.Load(element + i));
        }

        return total;
    }

    /// <summary>The sum of the elements.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Sum<TLane>(TLane lane) where TLane : struct, IVectorLane<TLane> => Combine(new SumReduction(), lane).Value;

    /// <summary>The least of the elements, of which none is nan: half to half, as its bits are those of any order.</summary>
    [SkipLocalsInit, MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Least<TLane>(TLane lane) where TLane : struct, IVectorLane<TLane>
    {
        Unsafe.SkipInit(out Vector512<float> elements);
        float* element = (float*)&elements;
        TLane.Store(element, lane);
        for (int half = TLane.Count / 2; half > 0; half /= 2)
        {
            for (int i = 0; i < half; i++)
            {
                element[i] = element[i + half] < element[i] ? element[i + half] : element[i];
            }
        }

        return element[0];
    }

    /// <summary>Adds the elements to a total in double precision.</summary>
    [SkipLocalsInit, MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void AddTo<TLane>(ref double total, TLane lane) where TLane : struct, IVectorLane<TLane>
    {
        Unsafe.SkipInit(out Vector512<float> elements);
        float* element = (float*)&elements;
        TLane.Store(element, lane);
        double sum = total;
        for (int i = 0; i < TLane.Count; i++)
        {
            sum += element[i];
        }

        total = sum;
    }
}
