using ILGPU;
using TinyNet.Core;

namespace TinyNet.Ilgpu;

// Memory, and what goes between it and the host.
public sealed partial class IlgpuDevice
{
    /// <summary>
    /// Memory for what an operation keeps between its launches; the next operation of this thread may overwrite it.
    /// </summary>
    /// <exception cref="MemoryExhaustedException">There is not so much.</exception>
    internal Scratch<T> Scratch<T>(long length) where T : unmanaged => _scratch.Take<T>(length);

    /// <summary>A tensor that is contiguous: the given one, or a copy.</summary>
    internal Tensor Dense(Tensor tensor)
    {
        if (tensor.IsContiguous)
        {
            return tensor;
        }

        var dense = Temporary(tensor.Shape, tensor.Origin);
        Copy(tensor, dense);
        return dense;
    }

    /// <summary>
    /// Gives back what <see cref="Dense"/> and <see cref="DenseLike"/> made for a tensor, when all that uses it is in the queue; nothing
    /// where it is that tensor. A kernel has only a view: until here somebody must refer to what was made.
    /// </summary>
    internal static void GiveBack(Tensor? made, Tensor? of)
    {
        if (made != of)
        {
            Release(made);
        }

        GC.KeepAlive(made);
    }

    /// <summary>A contiguous tensor in the shape of another one, with dirty elements.</summary>
    internal Tensor DenseLike(Tensor tensor) => Temporary(tensor.Shape, tensor.Origin);

    /// <summary>A contiguous tensor in another shape.</summary>
    internal Tensor InShape(Tensor tensor, in Shape shape) => Reshaped(tensor, shape);

    /// <summary>Sets what is there to 0.</summary>
    internal void Clear(Tensor? tensor)
    {
        if (tensor is not null)
        {
            Fill(tensor, 0);
        }
    }

    /// <summary>Indices on the GPU.</summary>
    internal ArrayView<int> IndicesOf(IndexTensor indices)
    {
        using (Use())
        {
            return _indices.Of(indices);
        }
    }

    /// <summary>Where a kernel writes indices, all of them; then <see cref="DownloadIndices"/> brings them to the host.</summary>
    internal ArrayView<int> IndicesToWrite(IndexTensor indices)
    {
        using (Use())
        {
            return _indices.ToWrite(indices);
        }
    }

    /// <summary>Waits for indices that a kernel wrote. They lie on the host as well as on the GPU then.</summary>
    internal void DownloadIndices(IndexTensor indices, string operation)
    {
        using (Use())
        {
            _indices.Download(indices, operation);
        }
    }

    /// <summary>Indices on the GPU, grouped by their targets as <see cref="IndexGroups"/> does, and the number of those.</summary>
    internal Scratch<int> Group(IndexTensor indices, out int targets)
    {
        using (Use())
        {
            var numbers = _groups.Of(indices.Values);
            var groups = Scratch<int>(numbers.Length);
            _staging.Upload(numbers, groups.View);
            targets = _groups.Targets;
            return groups;
        }
    }

    /// <summary>Waits for numbers and copies them to the host.</summary>
    internal void Download<T>(ArrayView<T> source, Span<T> destination) where T : unmanaged
    {
        using (Use())
        {
            _staging.Download(source, destination);
        }
    }

    /// <inheritdoc/>
    protected internal override Storage CreateStorage(int length) => new IlgpuStorage(this, _memory.Take(length), length);

    /// <inheritdoc/>
    protected internal override void Upload(ReadOnlySpan<float> source, Tensor destination)
    {
        if (destination.Length == 0)
        {
            return;
        }

        if (!destination.IsContiguous)
        {
            var dense = Temporary(destination.Shape, "Upload");
            Upload(source, dense);
            Copy(dense, destination);
            Release(dense);
            return;
        }

        using (Use())
        {
            _staging.Upload(source[..destination.Length], destination.Elements());
        }

        GC.KeepAlive(destination);
    }

    /// <inheritdoc/>
    protected internal override void Download(Tensor source, Span<float> destination)
    {
        if (source.Length == 0)
        {
            return;
        }

        if (!source.IsContiguous)
        {
            var dense = Temporary(source.Shape, "Download");
            Copy(source, dense);
            Download(dense, destination);
            Release(dense);
            return;
        }

        Download(source.Elements(), destination[..source.Length]);
        GC.KeepAlive(source);
    }
}
