namespace TinyNet.Core;

/// <summary>How long the contents of a storage are valid.</summary>
internal enum Lifetime
{
    /// <summary>As long as something refers to it: the garbage collector frees it.</summary>
    Collected,

    /// <summary>Until the scope that it was rented in closes.</summary>
    Step,

    /// <summary>Until the next batch is asked for.</summary>
    Batch,
}

/// <summary>
/// The memory behind tensors. Pooled storages are used again and again; <see cref="Generation"/> tells the uses apart, so
/// that a tensor of an earlier use is refused instead of reading somebody else's numbers.
/// </summary>
public abstract class Storage
{
    private ulong _knownMask;

    /// <summary>Makes a storage of a number of elements on a device; null stands for the host's memory, where indices are.</summary>
    protected Storage(Device? device, int capacity)
    {
        Device = device;
        Capacity = capacity;
    }

    /// <summary>Where it is.</summary>
    public Device? Device { get; }

    /// <summary>The number of elements it has room for.</summary>
    public int Capacity { get; }

    /// <summary>Raised by every in-place write; the tape compares it with the version it saved.</summary>
    public int Version { get; private set; }

    /// <summary>Raised when the contents end.</summary>
    public int Generation { get; private set; }

    internal Lifetime Lifetime { get; private set; }

    /// <summary>The scope whose end ends the contents; null for other lifetimes.</summary>
    internal StepScope? Scope { get; private set; }

    /// <summary>How many others (saved operands, shared gradients) still need the contents before the scope closes.</summary>
    internal int Holds { get; set; }

    /// <summary>What of the contents is known to be a mask; nothing any more when they are written or end.</summary>
    internal KnownMask KnownMask
    {
        get => KnownMask.Read(ref _knownMask);
        set => value.Write(ref _knownMask);
    }

    internal void MarkWritten()
    {
        Version++;
        _knownMask = 0;
    }

    internal void Begin(Lifetime lifetime, StepScope? scope)
    {
        Lifetime = lifetime;
        Scope = scope;
        Holds = 0;
    }

    internal void End()
    {
        Generation++;
        _knownMask = 0;
    }

    /// <summary>Fills everything with nan, for tests that show that every element is written before it is read.</summary>
    protected internal abstract void Poison();
}
