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
        var job = new RandomJob(dense.Pointer(), destination.Length, range, low, high, isNormal: false);
        WorkSplitter.Run(job.Units, job, cpu.ThreadsFor(UniformCost * destination.Length));
        dense.DeliverTo(destination, cpu);
    }

    /// <summary>Normal numbers.</summary>
    public static void FillNormal(CpuSettings cpu, Tensor destination, RandomRange range, float mean, float standardDeviation)
    {
        var dense = destination.DenseStandIn();
        var job = new RandomJob(dense.Pointer(), destination.Length, range, mean, standardDeviation, isNormal: true);
        WorkSplitter.Run(job.Units, job, cpu.ThreadsFor(NormalCost * destination.Length));
        dense.DeliverTo(destination, cpu);
    }

    /// <summary>
    /// Random numbers for a block of dense elements, four to a Philox block: uniform in [first, second), or normal with mean and standard
    /// deviation.
    /// </summary>
    private readonly struct RandomJob(float* destination, int length, RandomRange range, float first, float second, bool isNormal) : IJob
    {
        public int Units => BlockCount.Of(length, CpuMaps.BlockLength);

        public void Run(int unit)
        {
            float* four = stackalloc float[4];
            int start = unit * CpuMaps.BlockLength, end = Math.Min(start + CpuMaps.BlockLength, length);
            for (int i = start; i < end; i += 4)
            {
                var (x, y, z, w) = Philox.Block(range.Seed, 0, (range.Position + (ulong)i) >> 2);
                if (isNormal)
                {
                    var (n0, n1) = Philox.ToNormals(x, y);
                    var (n2, n3) = Philox.ToNormals(z, w);
                    four[0] = (float)(first + second * n0);
                    four[1] = (float)(first + second * n1);
                    four[2] = (float)(first + second * n2);
                    four[3] = (float)(first + second * n3);
                }
                else
                {
                    four[0] = Philox.ToUniform(x, first, second);
                    four[1] = Philox.ToUniform(y, first, second);
                    four[2] = Philox.ToUniform(z, first, second);
                    four[3] = Philox.ToUniform(w, first, second);
                }

                new ReadOnlySpan<float>(four, Math.Min(4, end - i)).CopyTo(new Span<float>(destination + i, end - i));
            }
        }
    }
}
