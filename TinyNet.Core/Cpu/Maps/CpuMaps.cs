namespace TinyNet.Core;

/// <summary>Element-wise loops: maps of one to three operands, copies among them, and fills.</summary>
internal static unsafe class CpuMaps
{
    /// <summary>Elements in one block of an element-wise loop.</summary>
    public const int BlockLength = 16384;

    /// <summary>From how many elements on an element-wise loop uses threads.</summary>
    public const int DefaultThreadingThreshold = 4 * BlockLength;

    /// <summary>destination = f(a).</summary>
    public static void Run<TMap>(CpuSettings cpu, TMap map, Tensor a, Tensor destination) where TMap : struct, IUnaryMap
    {
        using var alive = KeepAlive.Of(a, destination);
        StridedReader from = StridedReader.Of(a, destination), to = StridedReader.Of(destination, destination);
        if (typeof(TMap) == typeof(IdentityOp) && to.IsDense
            && from.IsTransposed(out int matrices, out nint matrixStride, out int rows, out int columns, out nint columnStride))
        {
            var transposition = new TransposeJob(from.Dense, matrixStride, rows, columns, columnStride, to.Dense);
            WorkSplitter.Run(matrices * transposition.Bands, transposition, cpu.ThreadsFor(destination.Length));
        }
        else
        {
            var kernel = new UnaryKernel<TMap>(map);
            var job = new MapJob<UnaryKernel<TMap>>(kernel, from, default, default, to, destination.Length, cpu.LaneBits);
            Run(cpu, ref job, destination.Length);
        }
    }

    /// <summary>destination = f(a, b).</summary>
    public static void Run<TMap>(CpuSettings cpu, TMap map, Tensor a, Tensor b, Tensor destination) where TMap : struct, IBinaryMap
    {
        using var alive = KeepAlive.Of(a, b, destination);
        var job = new MapJob<BinaryKernel<TMap>>(
            new BinaryKernel<TMap>(map),
            StridedReader.Of(a, destination),
            StridedReader.Of(b, destination),
            default,
            StridedReader.Of(destination, destination),
            destination.Length,
            cpu.LaneBits);
        Run(cpu, ref job, destination.Length);
    }

    /// <summary>destination = f(a, b, c).</summary>
    public static void Run<TMap>(CpuSettings cpu, TMap map, Tensor a, Tensor b, Tensor c, Tensor destination)
        where TMap : struct, ITernaryMap
    {
        using var alive = KeepAlive.Of(a, b, c, destination);
        var job = new MapJob<TernaryKernel<TMap>>(
            new TernaryKernel<TMap>(map),
            StridedReader.Of(a, destination),
            StridedReader.Of(b, destination),
            StridedReader.Of(c, destination),
            StridedReader.Of(destination, destination),
            destination.Length,
            cpu.LaneBits);
        Run(cpu, ref job, destination.Length);
    }

    /// <summary>Applies a map to dense elements in place, on this thread.</summary>
    public static void RunDense<TMap, TLane>(TMap map, float* elements, int count)
        where TMap : struct, IUnaryMap
        where TLane : struct, IVectorLane<TLane> =>
        new UnaryKernel<TMap>(map).Run<TLane>(elements, null, null, elements, count);

    /// <summary>Copies elements between tensors of one shape.</summary>
    public static void Copy(CpuSettings cpu, Tensor source, Tensor destination) => Run(cpu, default(IdentityOp), source, destination);

    /// <summary>Sets all elements.</summary>
    public static void Fill(CpuSettings cpu, Tensor destination, float value)
    {
        using var alive = KeepAlive.Of(destination);
        var target = StridedReader.Of(destination, destination);
        if (target.IsDense)
        {
            var job = new FillJob(target.Dense, destination.Length, value);
            WorkSplitter.Run(BlockCount.Of(destination.Length, BlockLength), job, cpu.ThreadsFor(destination.Length));
        }
        else
        {
            Run(cpu, new ConstantMap(value), destination, destination);
        }
    }

    private static void Run<TKernel>(CpuSettings cpu, ref MapJob<TKernel> job, int length) where TKernel : struct, IMapKernel =>
        WorkSplitter.Run(BlockCount.Of(length, BlockLength), job, cpu.ThreadsFor(length));

    private readonly struct FillJob(float* destination, int length, float value) : IJob
    {
        public void Run(int unit)
        {
            int start = unit * BlockLength;
            new Span<float>(destination + start, Math.Min(BlockLength, length - start)).Fill(value);
        }
    }
}
