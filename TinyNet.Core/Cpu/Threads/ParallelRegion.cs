using System.Runtime.InteropServices;

namespace TinyNet.Core;

/// <summary>
/// One stretch of parallel work: the job, who may take part, and which units are left. The caller takes units from the
/// front and the workers from the back, so that repeated passes find their data in the cache of the same core.
/// </summary>
// What is written often lies in cache lines (pairs, for the prefetcher) of its own.
[StructLayout(LayoutKind.Explicit, Size = 704)]
internal sealed unsafe class ParallelRegion
{
    // state = epoch (32 bits) | workers allowed (15) | open (1) | workers inside (16)
    private const long InsideMask = 0xFFFF;
    private const long OpenBit = 1L << 16;
    private const int AllowedShift = 17;
    private const int EpochShift = 32;

    // Pauses of about 40 ns before a waiting caller offers its core to the worker it waits for.
    private const int PausesBeforeYield = 500;

    public const int MaximumWorkers = 0x7FFF;

    [FieldOffset(128)] private long _state;
    [FieldOffset(256)] private void* _job;
    [FieldOffset(264)] private delegate*<ParallelRegion, void*, void> _work;
    [FieldOffset(272)] private int _units;
    [FieldOffset(384)] private int _taken;
    [FieldOffset(512)] private int _takenLast;
    [FieldOffset(640)] private int _takenFirst;

    /// <summary>Starts a region; the caller must hold the pool, and the region must be closed.</summary>
    /// <param name="units">The number of units.</param>
    /// <param name="workers">How many workers may take part.</param>
    /// <param name="job">The job.</param>
    /// <param name="work">What a worker does with the job: it takes units, and does them.</param>
    public void Open(int units, int workers, void* job, delegate*<ParallelRegion, void*, void> work)
    {
        _job = job;
        _work = work;
        _units = units;
        _taken = 0;
        _takenFirst = 0;
        _takenLast = 0;
        long epoch = (_state >> EpochShift) + 1;
        // A full fence: a worker that is about to park either sees the open region or is seen parked by Wake.
        Interlocked.Exchange(ref _state, epoch << EpochShift | (long)workers << AllowedShift | OpenBit);
    }

    /// <summary>Lets nobody enter any more and waits for the workers inside.</summary>
    public void Close()
    {
        Interlocked.And(ref _state, ~OpenBit);
        for (int pauses = 0; (Volatile.Read(ref _state) & InsideMask) != 0; pauses++)
        {
            if (pauses < PausesBeforeYield)
            {
                Thread.SpinWait(1);
            }
            else
            {
                Thread.Yield();
            }
        }
    }

    /// <summary>Claims one of the units left, not yet which one.</summary>
    // Read before the increment: late comers then do not disturb the line, nor can the counter overflow.
    public bool TryTake() => Volatile.Read(ref _taken) < _units && Interlocked.Increment(ref _taken) <= _units;

    /// <summary>The next unit from the front, for the caller after a successful <see cref="TryTake"/>.</summary>
    public int TakeFirst() => _takenFirst++;

    /// <summary>The next unit from the back, for a worker after a successful <see cref="TryTake"/>.</summary>
    public int TakeLast() => _units - Interlocked.Increment(ref _takenLast);

    /// <summary>Makes every further <see cref="TryTake"/> fail.</summary>
    public void Exhaust() => Volatile.Write(ref _taken, _units);

    /// <summary>Whether a region newer than <paramref name="lastEpoch"/> is open for worker <paramref name="index"/>.</summary>
    public bool IsOpenFor(int index, int lastEpoch) => IsOpenFor(Volatile.Read(ref _state), index, lastEpoch);

    private static bool IsOpenFor(long state, int index, int lastEpoch) =>
        (state & OpenBit) != 0 && (int)(state >> EpochShift) != lastEpoch && index < (int)(state >> AllowedShift & MaximumWorkers);

    /// <summary>Worker <paramref name="index"/> takes part if a region is open for it that it has not seen.</summary>
    public bool TryTakePart(int index, ref int lastEpoch)
    {
        long state = Volatile.Read(ref _state);
        while (IsOpenFor(state, index, lastEpoch))
        {
            long seen = Interlocked.CompareExchange(ref _state, state + 1, state);
            if (seen == state)
            {
                lastEpoch = (int)(state >> EpochShift);
                Work();
                Interlocked.Decrement(ref _state);
                return true;
            }
            state = seen;
        }
        return false;
    }

    private void Work()
    {
        try
        {
            _work(this, _job);
        }
        catch (Exception exception)
        {
            WorkSplitter.Fail(exception);
        }
    }
}
