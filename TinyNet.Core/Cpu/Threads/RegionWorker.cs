using System.Diagnostics.CodeAnalysis;

namespace TinyNet.Core;

/// <summary>A background thread that takes part in parallel regions: it spins for about a millisecond, then parks.</summary>
[SuppressMessage("Design", "CA1001", Justification = "Workers live as long as the process.")]
internal sealed class RegionWorker(ParallelRegion region, int index, CoreDistance? distance)
{
    // Iterations, not time: on a busy machine a worker that is rarely scheduled must not count the others' time as its own.
    private const int SpinsBeforePark = 20_000;

    private readonly SemaphoreSlim _wake = new(0);

    // 1 while the thread waits, or is about to wait, for _wake; whoever sets it back to 0 ends the wait.
    private int _parked;

    public void Start()
    {
        var thread = new Thread(Loop) { IsBackground = true, Name = $"TinyNet worker {index + 1}" };
        thread.UnsafeStart();
    }

    /// <summary>Ends the wait of a parked worker; costs one read if it is awake.</summary>
    public void Wake()
    {
        if (Volatile.Read(ref _parked) != 0 && Interlocked.Exchange(ref _parked, 0) != 0)
        {
            _wake.Release();
        }
    }

    private void Loop()
    {
        int epoch = 0;
        while (true)
        {
            for (int spins = 0; spins < SpinsBeforePark; spins++)
            {
                if (region.TryTakePart(index, ref epoch))
                {
                    spins = 0;
                }
                else
                {
                    distance?.Answer();
                    Thread.SpinWait(1);
                }
            }
            Park(epoch);
        }
    }

    private void Park(int epoch)
    {
        Interlocked.Exchange(ref _parked, 1);
        // A region opened before the flag was up had nobody to wake.
        if (region.IsOpenFor(index, epoch) && Interlocked.Exchange(ref _parked, 0) != 0)
        {
            return;
        }

        _wake.Wait();
    }
}
