namespace TinyNet.Core;

public sealed unsafe partial class CpuDevice
{
    /// <inheritdoc/>
    protected internal override void FillUniform(Tensor destination, RandomRange range, float low, float high)
    {
        var dense = StandIn(destination);
        var job = new RandomJob(Pointer(dense), destination.Length, range, low, high, isNormal: false);
        WorkSplitter.Run((destination.Length + BlockLength - 1) / BlockLength, ref job, ThreadsFor(8L * destination.Length));
        Deliver(dense, destination);
    }

    /// <inheritdoc/>
    protected internal override void FillNormal(Tensor destination, RandomRange range, float mean, float standardDeviation)
    {
        var dense = StandIn(destination);
        var job = new RandomJob(Pointer(dense), destination.Length, range, mean, standardDeviation, isNormal: true);
        WorkSplitter.Run((destination.Length + BlockLength - 1) / BlockLength, ref job, ThreadsFor(32L * destination.Length));
        Deliver(dense, destination);
    }

    /// <summary>Random numbers for a block of dense elements, four to a Philox block: uniform in [first, second), or normal with mean and standard deviation.</summary>
    private readonly struct RandomJob(float* destination, int length, RandomRange range, float first, float second, bool isNormal) : IJob
    {
        public void Run(int unit)
        {
            float* four = stackalloc float[4];
            int start = unit * BlockLength, end = Math.Min(start + BlockLength, length);
            for (int i = start; i < end; i += 4)
            {
                var (x, y, z, w) = Philox.Block(range.Seed, 0, (range.Position + (ulong)i) >> 2);
                if (isNormal)
                {
                    var (n0, n1) = Philox.ToNormals(x, y);
                    var (n2, n3) = Philox.ToNormals(z, w);
                    (four[0], four[1], four[2], four[3]) = ((float)(first + second * n0), (float)(first + second * n1), (float)(first + second * n2), (float)(first + second * n3));
                }
                else
                {
                    (four[0], four[1], four[2], four[3]) = (Philox.ToUniform(x, first, second), Philox.ToUniform(y, first, second), Philox.ToUniform(z, first, second), Philox.ToUniform(w, first, second));
                }

                new ReadOnlySpan<float>(four, Math.Min(4, end - i)).CopyTo(new Span<float>(destination + i, end - i));
            }
        }
    }
}
