using System.Runtime.CompilerServices;

namespace TinyNet.Core;

/// <summary>What a device makes of weights before it computes with them.</summary>
internal enum WeightForm
{
    /// <summary>The taps of a window, in the order in which a sweep reads them.</summary>
    Taps,

    /// <summary>The transformed filters of Winograd's filtering.</summary>
    WinogradFilters,

    /// <summary>Panels of columns.</summary>
    Panels,
}

/// <summary>
/// Weights as a device reads them, kept from the second use on for as long as the weights stay as they are. In training they change with
/// every step: where a step uses them once nothing is kept, where more often, in the same memory each time.
/// </summary>
internal sealed class PreparedWeights(Device device)
{
    private const string Origin = "PreparedWeights";

    private readonly ConditionalWeakTable<Storage, Entry> _entries = [];

    /// <summary>
    /// A dense weight in a form: ready, or <paramref name="length"/> dirty elements for the caller to fill and hand to <see cref="Keep"/>.
    /// </summary>
    public Tensor Get(Tensor? weight, WeightForm form, int groups, int length, out bool isReady)
    {
        isReady = false;
        if (weight is { Storage.Lifetime: Lifetime.Collected, IsContiguous: true, Layout.Offset: 0 })
        {
            var entry = _entries.GetOrCreateValue(weight.Storage);
            lock (entry)
            {
                if (entry.IsSecondUse(weight, form, groups))
                {
                    isReady = entry.Prepared is not null;
                    if ((entry.Prepared ?? entry.BeginFill(length, device)) is { } prepared)
                    {
                        return prepared;
                    }
                }
            }
        }

        return Tensor.Result(Origin, [length], device);
    }

    /// <summary>Keeps what was filled, where the weight is used a second time and still the same.</summary>
    public void Keep(Tensor? weight, WeightForm form, int groups, Tensor prepared)
    {
        if (weight is not null && _entries.TryGetValue(weight.Storage, out var entry))
        {
            lock (entry)
            {
                entry.EndFill(weight, form, groups, prepared);
            }
        }
    }

    /// <summary>The last use of a storage.</summary>
    private sealed class Entry
    {
        private Shape _shape;
        private int _version, _groups, _uses;
        private WeightForm _form;

        // What somebody fills now, and what was kept of earlier contents, to be filled again.
        private Tensor? _filling, _spare;

        public Tensor? Prepared { get; private set; }

        /// <summary>Notes a use, and whether the one before was the same.</summary>
        public bool IsSecondUse(Tensor weight, WeightForm form, int groups)
        {
            bool isSameForm = _uses > 0 && form == _form && groups == _groups && weight.Shape.Equals(_shape);
            if (isSameForm && weight.Storage.Version == _version)
            {
                _uses = 2;
                return true;
            }

            _spare = isSameForm ? Prepared ?? _spare : null;
            (_shape, _version, _form, _groups) = (weight.Shape, weight.Storage.Version, form, groups);
            (_uses, _filling, Prepared) = (1, null, null);
            return false;
        }

        /// <summary>Memory that lasts, for the first who asks.</summary>
        public Tensor? BeginFill(int length, Device device)
        {
            if (_filling is not null)
            {
                return null;
            }

            (_filling, _spare) = (_spare ?? Tensor.Persistent([length], device, Origin), null);
            return _filling;
        }

        public void EndFill(Tensor weight, WeightForm form, int groups, Tensor prepared)
        {
            bool isOf = weight.Storage.Version == _version && form == _form && groups == _groups && weight.Shape.Equals(_shape);
            if (isOf && prepared == _filling)
            {
                Prepared = prepared;
            }
        }
    }
}
