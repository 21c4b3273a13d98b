using System.Runtime.CompilerServices;
using ILGPU;
using TinyNet.Core;

namespace TinyNet.Ilgpu;

/// <summary>
/// Copies of indices (labels, tokens), which lie on the host, on the GPU. One is made when a kernel first asks for it, and stays as long
/// as the indices do; it is made anew when they have changed.
/// </summary>
internal sealed class IndexCopies(DeviceMemory memory, Staging staging)
{
    private readonly ConditionalWeakTable<Storage, Copy> _copies = [];

    /// <summary>The indices on the GPU.</summary>
    public ArrayView<int> Of(IndexTensor indices)
    {
        var copy = CopyOf(indices);
        var view = copy.View(indices);
        if (!copy.Shows(indices.Storage, indices.Length))
        {
            staging.Upload(indices.Values, view);
            copy.Note(indices.Storage, indices.Length);
        }

        return view;
    }

    /// <summary>Where a kernel writes indices, all of them.</summary>
    public ArrayView<int> ToWrite(IndexTensor indices)
    {
        var copy = CopyOf(indices);
        copy.Forget();
        return copy.View(indices);
    }

    /// <summary>
    /// Waits for indices that a kernel wrote, and copies them to the host: what uses them next on the GPU finds them there.
    /// </summary>
    public void Download(IndexTensor indices, string operation)
    {
        var copy = CopyOf(indices);
        staging.Download(copy.View(indices), indices.Overwrite(operation));
        copy.Note(indices.Storage, indices.Length);
    }

    private Copy CopyOf(IndexTensor indices)
    {
        var storage = indices.Storage;
        if (!_copies.TryGetValue(storage, out var copy))
        {
            copy = new Copy(memory.Take(storage.Capacity, $"{storage.Capacity} indices"));
            _copies.Add(storage, copy);
        }

        return copy;
    }

    private sealed class Copy(DeviceBuffer buffer)
    {
        private int _version, _generation, _length = -1;

        public ArrayView<int> View(IndexTensor indices) => buffer.View<int>().SubView(0, indices.Length);

        /// <summary>Whether it has the first indices of a storage as they are now.</summary>
        public bool Shows(Storage storage, int length) =>
            length <= _length && storage.Version == _version && storage.Generation == _generation;

        public void Forget() => _length = -1;

        public void Note(Storage storage, int length) => (_version, _generation, _length) = (storage.Version, storage.Generation, length);
    }
}
