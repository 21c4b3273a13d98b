namespace TinyNet.Core;

/// <summary>Fills of random numbers.</summary>
internal static unsafe class CpuRandom
{
    // What a number costs, in elements of a simple loop.
    private const long UniformCost = 8, NormalCost = 32;

    /// <summary>Uniform numbers in [low, high).</summary>
    public static void FillUniform(CpuSettings cpu, Tensor destination, RandomRange range, float low, float high)
    {
        var dense = destination.DenseStandIn();
        bool isVectorized = PhiloxVectors.AreSupported(cpu.LaneBits) && low < high;
        var job = new UniformJob(dense.Pointer(), destination.Length, range, low, high, isVectorized);
        WorkSplitter.Run(job.Units, job, cpu.ThreadsFor(UniformCost * destination.Length));
        dense.DeliverTo(destination, cpu);
    }

    /// <summary>Normal numbers.</summary>
    public static void FillNormal(CpuSettings cpu, Tensor destination, RandomRange range, float mean, float standardDeviation)
    {
        var dense = destination.DenseStandIn();
        var job = new NormalJob(dense.Pointer(), destination.Length, range, mean, standardDeviation);
        WorkSplitter.Run(job.Units, job, cpu.ThreadsFor(NormalCost * destination.Length));
        dense.DeliverTo(destination, cpu);
    }

    /// <summary>Uniform numbers for a block of dense elements, four to a Philox block; what fills no vectors comes one by one.</summary>
    private readonly struct UniformJob(float* destination, int length, RandomRange range, float low, float high, bool isVectorized) : IJob
    {
        public int Units => BlockCount.Of(length, CpuMaps.BlockLength);

        public void Run(int unit)
        {
            int i = unit * CpuMaps.BlockLength, end = Math.Min(i + CpuMaps.BlockLength, length);
            if (isVectorized)
            {
                int whole = (end - i) / PhiloxVectors.Count * PhiloxVectors.Count;
                PhiloxVectors.FillUniform(destination + i, whole, range.Seed, (range.Position + (ulong)i) >> 2, low, high);
                i += whole;
            }

            float* four = stackalloc float[4];
            for (; i < end; i += 4)
            {
                var (x, y, z, w) = Philox.Block(range.Seed, 0, (range.Position + (ulong)i) >> 2);
                four[0] = Philox.ToUniform(x, low, high);
                four[1] = Philox.ToUniform(y, low, high);
                four[2] = Philox.ToUniform(z, low, high);
                four[3] = Philox.ToUniform(w, low, high);
                new ReadOnlySpan<float>(four, Math.Min(4, end - i)).CopyTo(new Span<float>(destination + i, end - i));
            }
        }
    }

    /// <summary>Normal numbers for a block of dense elements, four to a Philox block.</summary>
    private readonly struct NormalJob(float* destination, int length, RandomRange range, float mean, float deviation) : IJob
    {
        public int Units => BlockCount.Of(length, CpuMaps.BlockLength);

        public void Run(int unit)
        {
            float* four = stackalloc float[4];
            int start = unit * CpuMaps.BlockLength, end = Math.Min(start + CpuMaps.BlockLength, length);
            for (int i = start; i < end; i += 4)
            {
                var (x, y, z, w) = Philox.Block(range.Seed, 0, (range.Position + (ulong)i) >> 2);
                var (n0, n1) = Philox.ToNormals(x, y);
                var (n2, n3) = Philox.ToNormals(z, w);
                four[0] = (float)(mean + deviation * n0);
                four[1] = (float)(mean + deviation * n1);
                four[2] = (float)(mean + deviation * n2);
                four[3] = (float)(mean + deviation * n3);
                new ReadOnlySpan<float>(four, Math.Min(4, end - i)).CopyTo(new Span<float>(destination + i, end - i));
            }
        }
    }
}
