using ILGPU;

namespace TinyNet.Ilgpu;

/// <summary>
/// What the threads of a group make together: a total in a fixed order, by a tree in shared memory. Groups have a power of two of threads,
/// and all of them call it.
/// </summary>
internal static class GroupTotal
{
    /// <summary>The most threads of a group that it has room for.</summary>
    public const int MostThreads = 256;

    /// <summary>The sum of what each thread has.</summary>
    public static double Sum(double value, ArrayView<double> shared)
    {
        shared[Group.IdxX] = value;
        Group.Barrier();
        for (int half = Group.DimX / 2; half > 0; half /= 2)
        {
            if (Group.IdxX < half)
            {
                shared[Group.IdxX] += shared[Group.IdxX + half];
            }

            Group.Barrier();
        }

        double total = shared[0];
        Group.Barrier();
        return total;
    }

    /// <summary>The largest of what each thread has; nan if any is nan.</summary>
    public static GpuDoubleLane Max(GpuDoubleLane value, ArrayView<double> shared)
    {
        shared[Group.IdxX] = value.Value;
        Group.Barrier();
        for (int half = Group.DimX / 2; half > 0; half /= 2)
        {
            if (Group.IdxX < half)
            {
                shared[Group.IdxX] = GpuDoubleLane.Max(
                    new GpuDoubleLane(shared[Group.IdxX]), new GpuDoubleLane(shared[Group.IdxX + half])).Value;
            }

            Group.Barrier();
        }

        var largest = new GpuDoubleLane(shared[0]);
        Group.Barrier();
        return largest;
    }
}
