using System.Runtime.CompilerServices;

namespace TinyNet.Core;

/// <summary>Floats in the managed heap at a fixed address, aligned to a cache line.</summary>
internal sealed unsafe class CpuStorage : Storage
{
    private const int Alignment = 64;
    private readonly float[] _array;

    public CpuStorage(Device device, int capacity) : base(device, capacity)
    {
        _array = GC.AllocateUninitializedArray<float>(capacity + Alignment / sizeof(float), pinned: true);
        nuint address = (nuint)Unsafe.AsPointer(ref _array[0]);
        Pointer = (float*)((address + Alignment - 1) & ~(nuint)(Alignment - 1));
    }

    /// <summary>The first element. The array, which this object keeps alive, never moves.</summary>
    public float* Pointer { get; }

    protected internal override void Poison() => new Span<float>(Pointer, Capacity).Fill(float.NaN);
}

/// <summary>The memory of tensors on the processor.</summary>
internal static unsafe class CpuMemory
{
    /// <summary>The address of the first element. It keeps nothing alive: that is what <see cref="KeepAlive"/> is for.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float* Pointer(this Tensor tensor) => Unsafe.As<CpuStorage>(tensor.Storage).Pointer + tensor.Layout.Offset;

    /// <summary>The address of the first element, or null where there is no tensor.</summary>
    public static float* PointerOrNull(this Tensor? tensor) => tensor is null ? null : tensor.Pointer();
}

/// <summary>
/// Keeps operands alive to the end of a scope. Outside of a step nothing but its tensors refers to a storage, and a pointer to its
/// elements does not: so whoever computes with pointers declares this first. What stands in for a destination lives until it is delivered.
/// </summary>
internal readonly ref struct KeepAlive
{
    private readonly object? _a, _b, _c, _d, _e;

    private KeepAlive(object? a, object? b, object? c, object? d, object? e) => (_a, _b, _c, _d, _e) = (a, b, c, d, e);

    /// <summary>Keeps up to five operands alive until it is disposed of.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static KeepAlive Of(object? a, object? b = null, object? c = null, object? d = null, object? e = null) => new(a, b, c, d, e);

    /// <summary>The end of the scope.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Dispose()
    {
        GC.KeepAlive(_a);
        GC.KeepAlive(_b);
        GC.KeepAlive(_c);
        GC.KeepAlive(_d);
        GC.KeepAlive(_e);
    }
}
