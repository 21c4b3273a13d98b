using System.Runtime.CompilerServices;

namespace TinyNet.Core;

// Angles beyond LargeAngle, one by one in double precision: rare, so apart from the path that a lane inlines, and through memory.
internal static partial class LaneMath
{
    /// <summary>sin(x · factor): a double holds the product of floats as it is.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static unsafe T SinOfLarge<T>(T x, T factor, T result) where T : struct, IFloatLane<T>
    {
        float* angles = stackalloc float[T.Count];
        float* factors = stackalloc float[T.Count];
        float* results = stackalloc float[T.Count];
        T.Store(angles, x);
        T.Store(factors, factor);
        T.Store(results, result);
        for (int i = 0; i < T.Count; i++)
        {
            if (MathF.Abs(angles[i] * factors[i]) > LargeAngle)
            {
                results[i] = (float)Math.Sin((double)angles[i] * factors[i]);
            }
        }

        return T.Load(results);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static unsafe T CosOfLarge<T>(T x, T result) where T : struct, IFloatLane<T>
    {
        float* angles = stackalloc float[T.Count];
        float* results = stackalloc float[T.Count];
        T.Store(angles, x);
        T.Store(results, result);
        for (int i = 0; i < T.Count; i++)
        {
            if (MathF.Abs(angles[i]) > LargeAngle)
            {
                results[i] = (float)Math.Cos(angles[i]);
            }
        }

        return T.Load(results);
    }
}
