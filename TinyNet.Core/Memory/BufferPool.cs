using System.Numerics;

namespace TinyNet.Core;

/// <summary>
/// Keeps the storages that steps have given back, by size class (four classes to each power of two), for the next step.
/// Contents are dirty: whoever rents writes every element.
/// </summary>
/// <remarks>
/// Kept is what lately was needed: the storages of a class that lay free through all of <see cref="Window"/> steps are let go. One that is
/// made anew after that costs a hundredth of a step's use of it, and a step that is like the one before makes none. Where there is no
/// memory for a new one, all that is free goes first: see <see cref="Allocation"/>.
/// </remarks>
internal sealed class BufferPool
{
    /// <summary>The number of steps after which a pool lets go of what none of them needed.</summary>
    public const int Window = 100;

    private const int SmallestClassSize = 64;

    // They share one memory: where it runs out, each lets go.
    private static readonly List<WeakReference<BufferPool>> Pools = [];

    private static int _windows;

    private readonly Func<int, Storage> _create;
    private readonly Lock _lock = new();
    private readonly FreeStorages[] _free = [.. Enumerable.Range(0, SizeClass(int.MaxValue) + 1).Select(_ => new FreeStorages())];
    private int _steps;

    /// <summary>Makes a pool of the storages that a function makes, on a device that counts what it holds.</summary>
    public BufferPool(Func<int, Storage> create, Device? device = null)
    {
        _create = create;
        Device = device;
        lock (Pools)
        {
            Pools.RemoveAll(static pool => !pool.TryGetTarget(out _));
            Pools.Add(new WeakReference<BufferPool>(this));
        }
    }

    /// <summary>Set by tests: every rental is filled with nan first.</summary>
    internal static bool PoisonRentals { get; set; }

    /// <summary>How many windows of steps have ended, in all pools: other memory that is kept follows them too.</summary>
    public static int Windows => _windows;

    /// <summary>The device whose memory it is; null for that of the host.</summary>
    public Device? Device { get; }

    /// <summary>How many storages are rented and not given back.</summary>
    public int Outstanding { get; private set; }

    /// <summary>How many elements the storages have room for that are rented and not given back.</summary>
    public long OutstandingElements { get; private set; }

    /// <summary>The most that <see cref="OutstandingElements"/> has been since <see cref="BeginCount"/>.</summary>
    public long MostOutstandingElements { get; private set; }

    /// <summary>How many storages have been rented since <see cref="BeginCount"/>, new ones and those that were free.</summary>
    public long Rentals { get; private set; }

    /// <summary>How many elements the free storages have room for.</summary>
    public long FreeElements
    {
        get
        {
            lock (_lock)
            {
                return _free.Sum(free => free.Storages.Sum(storage => (long)storage.Capacity));
            }
        }
    }

    /// <summary>Rents a storage of at least a number of elements.</summary>
    public Storage Rent(int length)
    {
        int wanted = SizeClass(length);
        var storage = TakeFree(wanted);
        if (storage is null)
        {
            storage = Create(ClassCapacity(wanted));
            lock (_lock)
            {
                NoteRental(storage);
            }
        }

        if (PoisonRentals)
        {
            storage.Poison();
        }

        return storage;
    }

    /// <summary>A new storage, which nobody gives back.</summary>
    public Storage Create(int length) => _create(length);

    /// <summary>Gives a storage back; its contents end.</summary>
    public void Return(Storage storage)
    {
        storage.End();
        int sizeClass = SizeClass(storage.Capacity);
        lock (_lock)
        {
            Outstanding--;
            OutstandingElements -= storage.Capacity;
            _free[sizeClass].Storages.Add(storage);
        }
    }

    /// <summary>Begins to count rentals, and how much is rented at most.</summary>
    public void BeginCount()
    {
        lock (_lock)
        {
            Rentals = 0;
            MostOutstandingElements = OutstandingElements;
        }
    }

    /// <summary>
    /// Notes that a step has given back what it rented. Steps count where nothing else is rented: what the long step of another thread
    /// has given back early, it needs again in its next one, however many short ones end meanwhile.
    /// </summary>
    public void EndStep()
    {
        lock (_lock)
        {
            if (Outstanding > 0 || ++_steps < Window)
            {
                return;
            }

            _steps = 0;
            Interlocked.Increment(ref _windows);
            foreach (var free in _free)
            {
                free.LetGoOfUnused();
            }
        }
    }

    /// <summary>Lets all pools go of what is free, for who has found no memory and tries again.</summary>
    public static void MakeRoom()
    {
        lock (Pools)
        {
            foreach (var reference in Pools)
            {
                if (reference.TryGetTarget(out var pool))
                {
                    pool.LetGo();
                }
            }
        }

        // The collector gives memory back to nobody, not even to itself for a longer array, unless it is told so. This is the only place
        // where it is, and what follows otherwise is the end.
#pragma warning disable RS0030
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
#pragma warning restore RS0030
    }

    private void NoteRental(Storage storage)
    {
        Outstanding++;
        Rentals++;
        OutstandingElements += storage.Capacity;
        MostOutstandingElements = Math.Max(MostOutstandingElements, OutstandingElements);
    }

    private void LetGo()
    {
        lock (_lock)
        {
            foreach (var free in _free)
            {
                free.LetGo();
            }
        }
    }

    /// <summary>A free storage of a class, or up to twice too large: that is better than a new one. Null if there is none.</summary>
    private Storage? TakeFree(int sizeClass)
    {
        lock (_lock)
        {
            for (int candidate = sizeClass; candidate < Math.Min(sizeClass + 4, _free.Length); candidate++)
            {
                if (_free[candidate].Storages.Count > 0)
                {
                    var storage = _free[candidate].Take();
                    NoteRental(storage);
                    return storage;
                }
            }
        }

        return null;
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

    /// <summary>The free storages of a class; the last one given back is the first to be taken, so unused ones stay below.</summary>
    private sealed class FreeStorages
    {
        // The fewest that were free at a time since unused ones were let go: so many nobody has needed.
        private int _fewest;

        public List<Storage> Storages { get; } = [];

        public Storage Take()
        {
            var storage = Storages[^1];
            Storages.RemoveAt(Storages.Count - 1);
            _fewest = Math.Min(_fewest, Storages.Count);
            return storage;
        }

        public void LetGoOfUnused()
        {
            Storages.RemoveRange(0, _fewest);
            _fewest = Storages.Count;
        }

        public void LetGo()
        {
            Storages.Clear();
            _fewest = 0;
        }
    }
}
