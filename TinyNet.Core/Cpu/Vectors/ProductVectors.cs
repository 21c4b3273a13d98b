using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace TinyNet.Core;

/// <summary>16 floats at a time (AVX-512).</summary>
internal unsafe struct ProductVector512 : IProductVector<Vector512<float>>
{
    public static int Count => 16;

    public static int TileRows => 8;

    public static Vector512<float> Load(float* source) => Vector512.Load(source);

    public static Vector512<float> Broadcast(float* source) => Vector512.Create(*source);

    public static void Store(float* target, Vector512<float> value) => value.Store(target);

    public static float Sum(Vector512<float> value) => Vector512.Sum(value);

    public static Vector512<float> Add(Vector512<float> a, Vector512<float> b) => a + b;

    public static Vector512<float> FusedMultiplyAdd(Vector512<float> a, Vector512<float> b, Vector512<float> c) =>
        Vector512.FusedMultiplyAdd(a, b, c);

    public static Vector512<float> FirstElements(int count) =>
        Vector512.LessThan(Vector512<int>.Indices, Vector512.Create(count)).AsSingle();

    public static Vector512<float> LoadMasked(float* source, Vector512<float> mask) =>
        Avx512F.MaskLoad(source, mask, Vector512<float>.Zero);

    public static void StoreMasked(float* target, Vector512<float> mask, Vector512<float> value) =>
        Avx512F.MaskStore(target, mask, value);
}

/// <summary>8 floats at a time (AVX).</summary>
internal unsafe struct ProductVector256 : IProductVector<Vector256<float>>
{
    public static int Count => 8;

    public static int TileRows => Avx512F.VL.IsSupported ? 8 : 4;

    public static Vector256<float> Load(float* source) => Vector256.Load(source);

    public static Vector256<float> Broadcast(float* source) => Vector256.Create(*source);

    public static void Store(float* target, Vector256<float> value) => value.Store(target);

    public static float Sum(Vector256<float> value) => Vector256.Sum(value);

    public static Vector256<float> Add(Vector256<float> a, Vector256<float> b) => a + b;

    public static Vector256<float> FusedMultiplyAdd(Vector256<float> a, Vector256<float> b, Vector256<float> c) =>
        Vector256.FusedMultiplyAdd(a, b, c);

    public static Vector256<float> FirstElements(int count) =>
        Vector256.LessThan(Vector256<int>.Indices, Vector256.Create(count)).AsSingle();

    public static Vector256<float> LoadMasked(float* source, Vector256<float> mask) => Avx.MaskLoad(source, mask);

    public static void StoreMasked(float* target, Vector256<float> mask, Vector256<float> value) =>
        Avx.MaskStore(target, mask, value);
}

/// <summary>4 floats at a time (SSE, AdvSimd).</summary>
internal unsafe struct ProductVector128 : IProductVector<Vector128<float>>
{
    public static int Count => 4;

    public static int TileRows => Avx512F.VL.IsSupported || !Sse.IsSupported ? 8 : 4;

    public static Vector128<float> Load(float* source) => Vector128.Load(source);

    public static Vector128<float> Broadcast(float* source) => Vector128.Create(*source);

    public static void Store(float* target, Vector128<float> value) => value.Store(target);

    public static float Sum(Vector128<float> value) => Vector128.Sum(value);

    public static Vector128<float> Add(Vector128<float> a, Vector128<float> b) => a + b;

    public static Vector128<float> FusedMultiplyAdd(Vector128<float> a, Vector128<float> b, Vector128<float> c) =>
        Fused.IsAccelerated ? Vector128.FusedMultiplyAdd(a, b, c) : Fused.MultiplyAdd(a, b, c);

    public static Vector128<float> FirstElements(int count) =>
        Vector128.LessThan(Vector128<int>.Indices, Vector128.Create(count)).AsSingle();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> LoadMasked(float* source, Vector128<float> mask)
    {
        if (Avx.IsSupported)
        {
            return Avx.MaskLoad(source, mask);
        }

        var value = Vector128<float>.Zero;
        var included = mask.AsInt32();
        for (int i = 0; i < Count; i++)
        {
            if (included[i] != 0)
            {
                value = value.WithElement(i, source[i]);
            }
        }

        return value;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreMasked(float* target, Vector128<float> mask, Vector128<float> value)
    {
        if (Avx.IsSupported)
        {
            Avx.MaskStore(target, mask, value);
            return;
        }
        var included = mask.AsInt32();
        for (int i = 0; i < Count; i++)
        {
            if (included[i] != 0)
            {
                target[i] = value[i];
            }
        }
    }
}

/// <summary>One float at a time, for machines without vectors and for tests.</summary>
internal unsafe struct ProductScalar : IProductVector<float>
{
    public static int Count => 1;

    public static int TileRows => 4;

    public static float Load(float* source) => *source;

    public static float Broadcast(float* source) => *source;

    public static void Store(float* target, float value) => *target = value;

    public static float Sum(float value) => value;

    public static float Add(float a, float b) => a + b;

    public static float FusedMultiplyAdd(float a, float b, float c) =>
        Fused.IsAccelerated ? MathF.FusedMultiplyAdd(a, b, c) : Fused.MultiplyAdd(a, b, c);

    // A tail of one element is a full vector: there is nothing to mask.
    public static float FirstElements(int count) => 0f;

    public static float LoadMasked(float* source, float mask) => *source;

    public static void StoreMasked(float* target, float mask, float value) => *target = value;
}
