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
        var storage = indices.Storage;
        if (!_copies.TryGetValue(storage, out var copy))
        {
            copy = new Copy(memory.Take(storage.Capacity, $"{storage.Capacity} indices"));
            _copies.Add(storage, copy);
        }

        var view = copy.Buffer.View<int>().SubView(0, indices.Length);
        if (!copy.Shows(storage, indices.Length))
        {
            staging.Upload(indices.Values, view);
            copy.Note(storage, indices.Length);
        }

        return view;
    }

    private sealed class Copy(DeviceBuffer buffer)
    {
        private int _version, _generation, _length = -1;

        public DeviceBuffer Buffer { get; } = buffer;

        /// <summary>Whether it has the first indices of a storage as they are now.</summary>
        public bool Shows(Storage storage, int length) =>
            length <= _length && storage.Version == _version && storage.Generation == _generation;

        public void Note(Storage storage, int length) => (_version, _generation, _length) = (storage.Version, storage.Generation, length);
    }
}
