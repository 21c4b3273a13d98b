namespace TinyNet.Tests;

/// <summary>What this thread allocates.</summary>
internal static class AllocatedBytes
{
    private const int Attempts = 20;

    /// <summary>
    /// The bytes of a run of an action that allocates the same each time: the number that two runs agree on. A garbage collection, which
    /// other tests cause, takes the rest of the thread's allocation quantum (8 KB) away, and the runtime counts that as allocated; where no
    /// two of many runs agree, the least counts.
    /// </summary>
    public static long Of(Action action)
    {
        var seen = new HashSet<long>(Attempts);
        for (int attempt = 0; attempt < Attempts; attempt++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            action();
            long bytes = GC.GetAllocatedBytesForCurrentThread() - before;
            if (!seen.Add(bytes))
            {
                return bytes;
            }
        }

        return seen.Min();
    }
}
