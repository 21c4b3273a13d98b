using System.Runtime.CompilerServices;

namespace TinyNet.Core;

/// <summary>The memory of tensors on the processor.</summary>
internal static unsafe class CpuMemory
{
    /// <summary>The address of the first element. It keeps nothing alive: that is what <see cref="KeepAlive"/> is for.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float* Pointer(this Tensor tensor) => Unsafe.As<CpuStorage>(tensor.Storage).Pointer + tensor.Layout.Offset;

    /// <summary>The address of the first element, or null where there is no tensor.</summary>
    public static float* PointerOrNull(this Tensor? tensor) => tensor is null ? null : tensor.Pointer();

    /// <summary>Gives memory back, within the step, that nobody else has seen.</summary>
    public static void Release(this Tensor temporary)
    {
        StepScope.Release(temporary.Storage, temporary.Device.Pool);
        GC.KeepAlive(temporary);
    }
}
