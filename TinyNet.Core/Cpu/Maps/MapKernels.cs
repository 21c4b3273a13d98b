using System.Runtime.CompilerServices;

namespace TinyNet.Core;

/// <summary>
/// The body of an element-wise loop over dense memory, for up to three inputs. The elements that fill no register are a call of
/// their own: the JIT stops inlining at some number of locals per method, and an operation that is there twice gets there sooner.
/// </summary>
internal unsafe interface IMapKernel
{
    /// <summary>How many of the inputs it reads.</summary>
    static abstract int Inputs { get; }

    /// <summary>Computes a number of elements.</summary>
    void Run<TLane>(float* a, float* b, float* c, float* destination, int count) where TLane : struct, IVectorLane<TLane>;
}

/// <summary>A map of one operand.</summary>
internal readonly unsafe struct UnaryKernel<TMap>(TMap map) : IMapKernel where TMap : struct, IUnaryMap
{
    public static int Inputs => 1;

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public void Run<TLane>(float* a, float* b, float* c, float* destination, int count) where TLane : struct, IVectorLane<TLane>
    {
        var f = map;
        int i = 0;
        for (; i <= count - TLane.Count; i += TLane.Count)
        {
            TLane.Store(destination + i, f.Forward(TLane.Load(a + i)));
        }

        if (i < count)
        {
            Run<ScalarLane>(a + i, b, c, destination + i, count - i);
        }
    }
}

/// <summary>A map of two operands.</summary>
internal readonly unsafe struct BinaryKernel<TMap>(TMap map) : IMapKernel where TMap : struct, IBinaryMap
{
    public static int Inputs => 2;

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public void Run<TLane>(float* a, float* b, float* c, float* destination, int count) where TLane : struct, IVectorLane<TLane>
    {
        var f = map;
        int i = 0;
        for (; i <= count - TLane.Count; i += TLane.Count)
        {
            TLane.Store(destination + i, f.Forward(TLane.Load(a + i), TLane.Load(b + i)));
        }

        if (i < count)
        {
            Run<ScalarLane>(a + i, b + i, c, destination + i, count - i);
        }
    }
}

/// <summary>A map of three operands.</summary>
internal readonly unsafe struct TernaryKernel<TMap>(TMap map) : IMapKernel where TMap : struct, ITernaryMap
{
    public static int Inputs => 3;

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public void Run<TLane>(float* a, float* b, float* c, float* destination, int count) where TLane : struct, IVectorLane<TLane>
    {
        var f = map;
        int i = 0;
        for (; i <= count - TLane.Count; i += TLane.Count)
        {
            TLane.Store(destination + i, f.Forward(TLane.Load(a + i), TLane.Load(b + i), TLane.Load(c + i)));
        }

        if (i < count)
        {
            Run<ScalarLane>(a + i, b + i, c + i, destination + i, count - i);
        }
    }
}
