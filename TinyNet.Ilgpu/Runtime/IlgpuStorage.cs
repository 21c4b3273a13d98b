using ILGPU;
using ILGPU.Runtime;
using TinyNet.Core;

namespace TinyNet.Ilgpu;

/// <summary>The memory of tensors on a GPU.</summary>
internal sealed class IlgpuStorage : Storage
{
    private readonly IlgpuDevice _device;
    private readonly DeviceBuffer _buffer;

    public IlgpuStorage(IlgpuDevice device, DeviceBuffer buffer, int length) : base(device, length)
    {
        _device = device;
        _buffer = buffer;
        View = buffer.View<float>();
    }

    /// <summary>All elements.</summary>
    public ArrayView<float> View { get; }

    // All bits set: a nan.
    protected internal override void Poison()
    {
        using (_device.Use())
        {
            View.MemSet(_device.Stream, 0xFF);
        }

        GC.KeepAlive(_buffer);
    }
}

/// <summary>Tensors as kernels see them.</summary>
internal static class IlgpuTensors
{
    /// <summary>The memory that a tensor lies in, from its start.</summary>
    public static ArrayView<float> Memory(this Tensor tensor) => ((IlgpuStorage)tensor.Storage).View;

    /// <summary>The memory of a tensor, or of another one where there is none: a kernel wants some in every place.</summary>
    public static ArrayView<float> MemoryOr(this Tensor? tensor, Tensor other) => (tensor ?? other).Memory();

    /// <summary>The elements of a contiguous tensor.</summary>
    public static ArrayView<float> Elements(this Tensor tensor) => tensor.Memory().SubView(tensor.Layout.Offset, tensor.Length);
}
