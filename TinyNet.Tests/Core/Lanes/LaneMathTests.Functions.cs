using System.Runtime.CompilerServices;
using TinyNet.Core;

namespace TinyNet.Tests.Core;

/// <summary>The functions, each run over arrays at a width of the lanes.</summary>
public sealed unsafe partial class LaneMathTests
{
    private interface IUnary
    {
        static abstract T Of<T>(T x) where T : struct, ILane<T>;
    }

    private interface IBinary
    {
        static abstract T Of<T>(T x, T y) where T : struct, ILane<T>;
    }

    private abstract class UnaryCase
    {
        public abstract float[] Run(int width, float[] x);

        public abstract double Exact(double x);
    }

    private sealed class UnaryCase<TFunction> : UnaryCase where TFunction : IUnary
    {
        public override double Exact(double x) => TFunction.Of(new DoubleLane(x)).Value;

        public override float[] Run(int width, float[] x) => width switch
        {
            1 => Map<ScalarLane>(x),
            4 => Map<Lane128>(x),
            8 => Map<Lane256>(x),
            _ => Map<Lane512>(x),
        };

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private static float[] Map<T>(float[] x) where T : struct, IVectorLane<T>
        {
            float[] padded = Pad(x), y = new float[padded.Length];
            fixed (float* source = padded, destination = y)
            {
                for (int i = 0; i < padded.Length; i += T.Count)
                {
                    T.Store(destination + i, TFunction.Of(T.Load(source + i)));
                }
            }

            return y[..x.Length];
        }
    }

    private abstract class BinaryCase
    {
        public abstract float[] Run(int width, float[] x, float[] y);
    }

    private sealed class BinaryCase<TFunction> : BinaryCase where TFunction : IBinary
    {
        public override float[] Run(int width, float[] x, float[] y) => width switch
        {
            1 => Map<ScalarLane>(x, y),
            4 => Map<Lane128>(x, y),
            8 => Map<Lane256>(x, y),
            _ => Map<Lane512>(x, y),
        };

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private static float[] Map<T>(float[] x, float[] y) where T : struct, IVectorLane<T>
        {
            float[] paddedX = Pad(x), paddedY = Pad(y), z = new float[paddedX.Length];
            fixed (float* left = paddedX, right = paddedY, destination = z)
            {
                for (int i = 0; i < paddedX.Length; i += T.Count)
                {
                    T.Store(destination + i, TFunction.Of(T.Load(left + i), T.Load(right + i)));
                }
            }

            return z[..x.Length];
        }
    }

    private static float[] Pad(float[] x)
    {
        float[] padded = new float[(x.Length + 15) / 16 * 16];
        x.CopyTo(padded, 0);
        return padded;
    }

    private readonly struct Exp : IUnary { public static T Of<T>(T x) where T : struct, ILane<T> => T.Exp(x); }

    private readonly struct Expm1 : IUnary { public static T Of<T>(T x) where T : struct, ILane<T> => T.Expm1(x); }

    private readonly struct Log : IUnary { public static T Of<T>(T x) where T : struct, ILane<T> => T.Log(x); }

    private readonly struct Log1p : IUnary { public static T Of<T>(T x) where T : struct, ILane<T> => T.Log1p(x); }

    private readonly struct Sin : IUnary { public static T Of<T>(T x) where T : struct, ILane<T> => T.Sin(x); }

    private readonly struct Cos : IUnary { public static T Of<T>(T x) where T : struct, ILane<T> => T.Cos(x); }

    private readonly struct Tanh : IUnary { public static T Of<T>(T x) where T : struct, ILane<T> => T.Tanh(x); }

    private readonly struct Softplus : IUnary { public static T Of<T>(T x) where T : struct, ILane<T> => T.Softplus(x); }

    private readonly struct Sigmoid : IUnary { public static T Of<T>(T x) where T : struct, ILane<T> => T.Sigmoid(x); }

    private readonly struct Erf : IUnary { public static T Of<T>(T x) where T : struct, ILane<T> => T.Erf(x); }

    private readonly struct CumulativeNormal : IUnary { public static T Of<T>(T x) where T : struct, ILane<T> => T.CumulativeNormal(x); }

    private readonly struct Gelu : IUnary { public static T Of<T>(T x) where T : struct, ILane<T> => T.GELU(x); }

    private readonly struct GeluSlope : IUnary { public static T Of<T>(T x) where T : struct, ILane<T> => T.GELUDerivative(x); }

    private readonly struct Sqrt : IUnary { public static T Of<T>(T x) where T : struct, ILane<T> => T.Sqrt(x); }

    private readonly struct Floor : IUnary { public static T Of<T>(T x) where T : struct, ILane<T> => T.Floor(x); }

    private readonly struct Ceiling : IUnary { public static T Of<T>(T x) where T : struct, ILane<T> => T.Ceiling(x); }

    private readonly struct Round : IUnary { public static T Of<T>(T x) where T : struct, ILane<T> => T.Round(x); }

    private readonly struct Abs : IUnary { public static T Of<T>(T x) where T : struct, ILane<T> => T.Abs(x); }

    private readonly struct Negate : IUnary { public static T Of<T>(T x) where T : struct, ILane<T> => -x; }

    private readonly struct Pow : IBinary { public static T Of<T>(T x, T y) where T : struct, ILane<T> => T.Pow(x, y); }

    private readonly struct Max : IBinary { public static T Of<T>(T x, T y) where T : struct, ILane<T> => T.Max(x, y); }

    private readonly struct Min : IBinary { public static T Of<T>(T x, T y) where T : struct, ILane<T> => T.Min(x, y); }

    private readonly struct SinOfProduct : IBinary
    {
        public static T Of<T>(T x, T y) where T : struct, ILane<T> => T.SinOfProduct(x, y);
    }

    private readonly struct Divide : IBinary { public static T Of<T>(T x, T y) where T : struct, ILane<T> => x / y; }

    private readonly struct MultiplyAdd : IBinary
    {
        public static T Of<T>(T x, T y) where T : struct, ILane<T> => T.MultiplyAdd(x, y, y - x * y);
    }

    private readonly struct Fused : IBinary
    {
        public static T Of<T>(T x, T y) where T : struct, ILane<T> => T.MultiplyAdd(x, y, y - x * y);
    }

    private readonly struct Masks : IBinary
    {
        public static T Of<T>(T x, T y) where T : struct, ILane<T> =>
            T.Select(((x < y) | T.IsNaN(x) | T.Equal(x, y)) & ~(y >= T.One) | (x > T.Const(3)) & (y <= T.Zero), x, y);
    }

    private readonly struct RootOfSquares : IBinary
    {
        public const float Kept = 0.999f, Taken = 1 - Kept;

        public static T Of<T>(T x, T y) where T : struct, ILane<T> => T.RootOfSquares(x, Kept, y, Taken);
    }

    private readonly struct ComposedRootOfSquares : IBinary
    {
        public static T Of<T>(T x, T y) where T : struct, ILane<T> =>
            LaneMath.ScaledRootOfSquares(x, RootOfSquares.Kept, y, RootOfSquares.Taken);
    }
}
