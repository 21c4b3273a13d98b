namespace TinyNet.Core;

/// <summary>
/// The lifetime of one step: what operations rent while it is open goes back to the pools when it closes. A scope belongs
/// to the thread that opened it; its bookkeeping is recycled from step to step.
/// </summary>
internal sealed class StepScope
{
    [ThreadStatic]
    private static StepScope? _current;

    [ThreadStatic]
    private static StepScope? _spare;

    private readonly int _thread = Environment.CurrentManagedThreadId;
    private (Storage Storage, int Generation, BufferPool Pool)[] _rented = new (Storage, int, BufferPool)[64];
    private readonly List<BufferPool> _pools = [];
    private int _count;
    private bool _isClosed;

    private StepScope(string kind) => Kind = kind;

    /// <summary>The open scope of this thread, if any.</summary>
    public static StepScope? Current => _current is { _isClosed: false } open ? open : null;

    /// <summary>What opened it, for messages: <c>Tape.Record()</c> or <c>Tape.NoRecord()</c>.</summary>
    public string Kind { get; private set; }

    /// <summary>Opens the scope of this thread.</summary>
    /// <exception cref="LifetimeException">One is open already.</exception>
    public static StepScope Open(string kind)
    {
        if (Current is { } open)
        {
            throw new LifetimeException(kind, $"the scope of {open.Kind} is still open on this thread",
                "scopes do not nest: close it first (is a 'using' missing, or did it end on another thread after an await?)");
        }

        var scope = _spare ?? new StepScope(kind);
        _spare = null;
        scope.Kind = kind;
        scope._isClosed = false;
        return _current = scope;
    }

    /// <summary>Rents from a pool until the scope closes.</summary>
    public Storage Rent(BufferPool pool, int length)
    {
        // Room first: what is rented must be noted.
        if (_count == _rented.Length)
        {
            Array.Resize(ref _rented, 2 * _count);
        }

        var storage = pool.Rent(length);
        storage.Begin(Lifetime.Step, this);
        _rented[_count++] = (storage, storage.Generation, pool);
        return storage;
    }

    /// <summary>Closes the scope: everything rented in it goes back.</summary>
    /// <exception cref="LifetimeException">It is closed on another thread than the one that opened it.</exception>
    public void Close()
    {
        if (_isClosed)
        {
            return;
        }

        BufferPool? last = null;
        for (int i = 0; i < _count; i++)
        {
            var (storage, generation, pool) = _rented[i];
            if (storage.Generation == generation)
            {
                pool.Return(storage);
            }

            if (pool != last && !_pools.Contains(pool))
            {
                _pools.Add(pool);
            }

            last = pool;
        }

        foreach (var pool in _pools)
        {
            pool.EndStep();
        }

        Array.Clear(_rented, 0, _count);
        _pools.Clear();
        _count = 0;
        _isClosed = true;
        if (_current == this)
        {
            _current = null;
            _spare = this;
        }
        else if (Environment.CurrentManagedThreadId != _thread)
        {
            throw new LifetimeException(Kind, "the scope was closed on another thread than the one that opened it",
                "keep 'await' out of a scope, or close it before");
        }
    }

    /// <summary>Sets the open scope of this thread aside, for a computation that is not part of the step.</summary>
    public static StepScope? Suspend()
    {
        var scope = _current;
        _current = null;
        return scope;
    }

    /// <summary>Takes up the scope that <see cref="Suspend"/> returned.</summary>
    public static void Resume(StepScope? scope) => _current = scope;
}
