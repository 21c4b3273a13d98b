namespace TinyNet.Tests;

/// <summary>What this thread allocates.</summary>
internal static class AllocatedBytes
{
    private const int Attempts = 20;

    /// <summary>
    /// The bytes of a run of an action that allocates the same each time. A garbage collection, which other tests cause, takes the rest of
    /// the thread's allocation quantum (8 KB) away, and the runtime counts that as allocated: such a run is done again, and where each of
    /// many had one, the least counts.
    /// </summary>
    public static long Of(Action action)
    {
        long least = long.MaxValue;
        for (int attempt = 0; attempt < Attempts; attempt++)
        {
            int collections = GC.CollectionCount(0);
            long before = GC.GetAllocatedBytesForCurrentThread();
            action();
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
            if (GC.CollectionCount(0) == collections)
            {
                break;
            }
        }

        return least;
    }
}
