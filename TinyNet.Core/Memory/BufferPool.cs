using System.Numerics;

namespace TinyNet.Core;

/// <summary>
/// Keeps the storages that steps have given back, by size class (four classes to each power of two), for the next step.
/// Contents are dirty: whoever rents writes every element.
/// </summary>
internal sealed class BufferPool(Func<int, Storage> create)
{
    private const int SmallestClassSize = 64;
    private readonly Lock _lock = new();
    private readonly List<Storage>[] _free = [.. Enumerable.Range(0, SizeClass(int.MaxValue) + 1).Select(_ => new List<Storage>())];

    /// <summary>Set by tests: every rental is filled with nan first.</summary>
    internal static bool PoisonRentals { get; set; }

    /// <summary>How many storages are rented and not given back.</summary>
    public int Outstanding { get; private set; }

    /// <summary>Rents a storage of at least a number of elements.</summary>
    public Storage Rent(int length)
    {
        int wanted = SizeClass(length);
        Storage? storage = null;
        lock (_lock)
        {
            Outstanding++;
            // A buffer up to twice too large is better than a new one.
            for (int candidate = wanted; candidate < Math.Min(wanted + 4, _free.Length) && storage is null; candidate++)
            {
                var free = _free[candidate];
                if (free.Count > 0)
                {
                    storage = free[^1];
                    free.RemoveAt(free.Count - 1);
                }
            }
        }

        storage ??= Create(ClassCapacity(wanted));
        if (PoisonRentals)
        {
            storage.Poison();
        }

        return storage;
    }

    /// <summary>A new storage, which nobody gives back.</summary>
    public Storage Create(int length) => create(length);

    /// <summary>Gives a storage back; its contents end.</summary>
    public void Return(Storage storage)
    {
        storage.End();
        int sizeClass = SizeClass(storage.Capacity);
        lock (_lock)
        {
            Outstanding--;
            _free[sizeClass].Add(storage);
        }
    }

    /// <summary>The smallest class whose capacity holds a length: quarters of powers of two, from 64 elements on.</summary>
    internal static int SizeClass(int length)
    {
        if (length <= SmallestClassSize)
        {
            return 0;
        }

        // The top two bits below the leading one pick the quarter.
        int last = length - 1, log = BitOperations.Log2((uint)last);
        return (log - 6) * 4 + ((last >> (log - 2)) & 3) + 1;
    }

    internal static int ClassCapacity(int sizeClass)
    {
        if (sizeClass == 0)
        {
            return SmallestClassSize;
        }

        int log = (sizeClass - 1) / 4 + 6, quarter = (sizeClass - 1) % 4;
        return (int)Math.Min((5L + quarter) << (log - 2), Allocation.MostElements);
    }
}
