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
