using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;

namespace TinyNet.Core;

/// <summary>
/// Shares the units of a job among the calling thread and background workers. A call opens a <em>region</em>, takes part
/// in it, closes it, and waits only for workers that have entered: a worker that the system has not scheduled costs nothing.
/// </summary>
internal static unsafe class WorkSplitter
{
    private static readonly ParallelRegion Region = new();
    private static RegionWorker[] _workers = [];

    // Some milliseconds of small regions; soon again where the worker was not there to answer.
    private const int RegionsPerMeasurement = 1000, RegionsPerAttempt = 20;

    // Cores that are far from each other pass operands and results on so slowly that threads gain from so many times the work on.
    private const int FarFactor = 4;

    private static readonly CoreDistance Distance = new(TimeProvider.System);

    // 1 while a call owns the region and the workers.
    private static int _held;

    // The first exception of the running region.
    private static Exception? _failure;

    /// <summary>
    /// Runs <c>job.Run(u)</c> for u = 0..<paramref name="units"/>−1 on the caller and up to <paramref name="threads"/>−1
    /// workers and returns when all units are done. Runs all on the caller when called from inside a unit, or while another
    /// thread holds the workers. An exception of a unit stops the handing out of units and is thrown here.
    /// </summary>
    /// <remarks>
    /// Every thread runs its units on a copy of the job. Where the job lies, the caller's stack, what the caller writes next to it would
    /// take the cache line away from the workers at every unit.
    /// </remarks>
    public static void Run<TJob>(int units, in TJob job, int threads) where TJob : struct, IJob
    {
        var own = job;
        int workers = Math.Min(Math.Min(threads, units), ParallelRegion.MaximumWorkers + 1) - 1;
        if (workers <= 0 || Interlocked.CompareExchange(ref _held, 1, 0) != 0)
        {
            for (int unit = 0; unit < units; unit++)
            {
                own.Run(unit);
            }

            return;
        }
        // The job may lie in a heap object, so it is pinned; what it refers to is kept alive by the caller's reference.
        fixed (byte* address = &Unsafe.As<TJob, byte>(ref Unsafe.AsRef(in job)))
        {
            Open(units, workers, address, &Work<TJob>);
            try
            {
                while (Region.TryTake())
                {
                    own.Run(Region.TakeFirst());
                }
            }
            catch (Exception exception)
            {
                Fail(exception);
            }
            Close();
        }
    }

    /// <summary>
    /// Whether what one thread has written is far from the next: see <see cref="CoreDistance"/>. No result depends on it.
    /// </summary>
    public static bool AreCoresFar => ForcedDistance ?? Distance.IsFar;

    /// <summary>Set by tests and measurements.</summary>
    internal static bool? ForcedDistance { get; set; }

    /// <summary>Regions that were opened, or too small for it, since the distance was measured.</summary>
    internal static int RegionsSinceMeasurement { get; set; }

    /// <summary>
    /// Whether threads gain by sharing work of which so much pays where they share a cache. Where they do not, a region too small to gain
    /// is opened every now and then all the same: without regions the distance would not be measured again. So each question counts.
    /// </summary>
    public static bool Pays(double work, long threshold) =>
        work >= threshold
        && (work >= FarFactor * (double)threshold || !AreCoresFar || ++RegionsSinceMeasurement >= RegionsPerMeasurement);

    /// <summary>The part of a worker.</summary>
    private static void Work<TJob>(ParallelRegion region, void* job) where TJob : struct, IJob
    {
        var own = Unsafe.AsRef<TJob>(job);
        while (region.TryTake())
        {
            own.Run(region.TakeLast());
        }
    }

    private static void Open(int units, int workers, void* job, delegate*<ParallelRegion, void*, void> work)
    {
        try
        {
            if (_workers.Length < workers)
            {
                AddWorkers(workers);
            }
        }
        catch
        {
            Volatile.Write(ref _held, 0);
            throw;
        }
        Region.Open(units, workers, job, work);
        foreach (var worker in _workers.AsSpan(0, workers))
        {
            worker.Wake();
        }
    }

    private static void Close()
    {
        Region.Close();
        if (++RegionsSinceMeasurement >= RegionsPerMeasurement)
        {
            RegionsSinceMeasurement = Distance.Measure() ? 0 : RegionsPerMeasurement - RegionsPerAttempt;
        }

        var failure = _failure;
        _failure = null;
        Volatile.Write(ref _held, 0);
        if (failure is not null)
        {
            ExceptionDispatchInfo.Throw(failure);
        }
    }

    /// <summary>Keeps the first exception of the region and stops the handing out of units.</summary>
    internal static void Fail(Exception exception)
    {
        Interlocked.CompareExchange(ref _failure, exception, null);
        Region.Exhaust();
    }

    private static void AddWorkers(int count)
    {
        var workers = new RegionWorker[count];
        _workers.CopyTo(workers, 0);
        int existing = _workers.Length;
        for (int i = existing; i < count; i++)
        {
            workers[i] = new RegionWorker(Region, i, i == 0 ? Distance : null);
        }

        for (int i = existing; i < count; i++)
        {
            workers[i].Start();
        }

        _workers = workers;
    }
}
