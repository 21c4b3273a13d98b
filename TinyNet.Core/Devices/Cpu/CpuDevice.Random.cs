namespace TinyNet.Core;

public sealed unsafe partial class CpuDevice
{
    /// <inheritdoc/>
    protected internal override void FillUniform(Tensor destination, RandomRange range, float low, float high)
    {
        var dense = StandIn(destination);
        var job = new RandomJob(Pointer(dense), destination.Length, range, low, high - low, isNormal: false);
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

    /// <summary>Random numbers for a block of dense elements, four to a Philox block.</summary>
    private readonly struct RandomJob(float* destination, int length, RandomRange range, float offset, float scale, bool isNormal) : IJob
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
                    (four[0], four[1], four[2], four[3]) = ((float)(offset + scale * n0), (float)(offset + scale * n1), (float)(offset + scale * n2), (float)(offset + scale * n3));
                }
                else
                {
                    (four[0], four[1], four[2], four[3]) = (offset + scale * Philox.ToUniform(x), offset + scale * Philox.ToUniform(y), offset + scale * Philox.ToUniform(z), offset + scale * Philox.ToUniform(w));
                }

                new ReadOnlySpan<float>(four, Math.Min(4, end - i)).CopyTo(new Span<float>(destination + i, end - i));
            }
        }
    }
}
