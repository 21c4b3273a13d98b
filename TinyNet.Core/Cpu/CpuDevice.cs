using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace TinyNet.Core;

/// <summary>
/// The processor: SIMD registers of a chosen width and a number of threads. Work is cut into blocks that depend on the
/// shape only, so results have the same bits for any number of threads.
/// </summary>
public sealed unsafe partial class CpuDevice : Device
{
    /// <summary>Elements in one block of an element-wise loop.</summary>
    private const int BlockLength = 16384;

    /// <summary>From how many elements on an element-wise loop uses threads.</summary>
    private const int DefaultElementThreshold = 4 * BlockLength;

    private const int MaximumThreads = 1024;

    private readonly int _elementThreshold;
    private readonly long _productThreshold;
    private readonly PreparedWeights _prepared;

    /// <summary>Makes a device.</summary>
    /// <param name="threads">The number of threads; null for one a core.</param>
    /// <param name="laneBits">The width of the registers: 512, 256, 128, or 32 for one float at a time; null for the widest that the machine accelerates.</param>
    /// <exception cref="PlatformNotSupportedException">The machine lacks registers of that width.</exception>
    public CpuDevice(int? threads = null, int? laneBits = null) : this(threads, laneBits, alwaysSplit: false)
    {
    }

    /// <summary>Makes a device that, if <paramref name="alwaysSplit"/>, cuts even the smallest work over its threads.</summary>
    internal CpuDevice(int? threads, int? laneBits, bool alwaysSplit) : base("cpu")
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(threads ?? 1, 1, nameof(threads));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(threads ?? 1, MaximumThreads, nameof(threads));
        Threads = threads ?? Environment.ProcessorCount;
        LaneBits = laneBits ?? (Vector512.IsHardwareAccelerated ? 512 : Vector256.IsHardwareAccelerated ? 256 : Vector128.IsHardwareAccelerated ? 128 : 32);
        if (LaneBits is not (512 or 256 or 128 or 32))
        {
            throw new ArgumentOutOfRangeException(nameof(laneBits), laneBits, "lanes have 512, 256, 128 or 32 bits");
        }

        if (!Supports(LaneBits))
        {
            throw new PlatformNotSupportedException($"this machine has no registers of {LaneBits} bits");
        }

        _prepared = new PreparedWeights(this);
        _elementThreshold = alwaysSplit ? 0 : DefaultElementThreshold;
        _productThreshold = alwaysSplit ? 0 : Core.MatrixProduct.DefaultThreadingThreshold;
    }

    /// <summary>The number of threads it works with, the caller's included.</summary>
    public int Threads { get; }

    /// <summary>The width of its registers in bits; 32 computes one float at a time.</summary>
    public int LaneBits { get; }

    /// <summary>The name with threads and width, since devices that differ in them do not mix.</summary>
    public override string ToString() => $"cpu ({Threads} threads, {LaneBits} bits)";

    /// <summary>Whether the machine has registers of a width.</summary>
    public static bool Supports(int laneBits) => laneBits switch
    {
        512 => Vector512.IsHardwareAccelerated || Avx512F.IsSupported,
        256 => Vector256.IsHardwareAccelerated,
        128 => Vector128.IsHardwareAccelerated,
        _ => laneBits == 32,
    };

    /// <inheritdoc/>
    protected internal override Storage CreateStorage(int length) => new CpuStorage(this, length);

    /// <inheritdoc/>
    protected internal override void Upload(ReadOnlySpan<float> source, Tensor destination)
    {
        var target = Reader(destination);
        fixed (float* from = source)
        {
            if (target.IsDense)
            {
                source.CopyTo(new Span<float>(target.Dense, source.Length));
            }
            else if (source.Length > 0)
            {
                target.Scatter(0, source.Length, from);
            }
        }

        GC.KeepAlive(destination);
    }

    /// <inheritdoc/>
    protected internal override void Download(Tensor source, Span<float> destination)
    {
        fixed (float* to = destination)
        {
            if (source.Length > 0)
            {
                Reader(source).Gather(0, source.Length, to);
            }
        }

        GC.KeepAlive(source);
    }

    /// <inheritdoc/>
    protected internal override void Fill(Tensor destination, float value)
    {
        var target = Reader(destination);
        if (target.IsDense)
        {
            var job = new FillJob(target.Dense, destination.Length, value);
            WorkSplitter.Run((destination.Length + BlockLength - 1) / BlockLength, ref job, ThreadsFor(destination.Length));
        }
        else
        {
            Map(new ConstantMap(value), destination, destination);
        }

        GC.KeepAlive(destination);
    }

    /// <summary>
    /// The address of the first element. It keeps nothing alive: outside a scope nothing but its tensors refers to a storage,
    /// so every primitive ends with <see cref="GC.KeepAlive"/> of the tensors whose memory it used.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static float* Pointer(Tensor tensor) => Unsafe.As<CpuStorage>(tensor.Storage).Pointer + tensor.Layout.Offset;

    private static StridedReader Reader(Tensor tensor) => new(Unsafe.As<CpuStorage>(tensor.Storage).Pointer, tensor.Layout);

    /// <summary>An operand, broadcast to the shape of a destination, in the order in which that lies in memory.</summary>
    private static StridedReader Reader(Tensor tensor, Tensor destination)
    {
        float* pointer = Unsafe.As<CpuStorage>(tensor.Storage).Pointer;
        bool isExpanded = !tensor.Shape.Equals(destination.Shape);
        if (destination.IsContiguous)
        {
            return new(pointer, isExpanded ? tensor.Layout.Expand(destination.Shape) : tensor.Layout);
        }

        Span<int> order = stackalloc int[destination.Rank];
        destination.Layout.MemoryOrder(order);
        return new(pointer, (isExpanded ? tensor.Layout.Expand(destination.Shape) : tensor.Layout).Permute(order));
    }

    private void RunLanes<TJob>(int units, in TJob job, int threads) where TJob : struct, ILaneJob
    {
        fixed (byte* address = &Unsafe.As<TJob, byte>(ref Unsafe.AsRef(in job)))
        {
            var ofWidth = new LaneJob<TJob>(address, LaneBits);
            WorkSplitter.Run(units, ref ofWidth, threads);
        }
    }

    private void RunTiles<TJob>(int units, in TJob job, int threads) where TJob : struct, ITileJob
    {
        fixed (byte* address = &Unsafe.As<TJob, byte>(ref Unsafe.AsRef(in job)))
        {
            var ofWidth = new TileJob<TJob>(address, LaneBits);
            WorkSplitter.Run(units, ref ofWidth, threads);
        }
    }

    private int ThreadsFor(long elements) => elements >= _elementThreshold ? Threads : 1;

    /// <summary>The tensor itself where it is dense, else a dense copy.</summary>
    private Tensor Dense(Tensor tensor)
    {
        if (tensor.IsContiguous)
        {
            return tensor;
        }

        var copy = Tensor.Result(tensor.Origin, tensor.Shape, this);
        Copy(tensor, copy);
        return copy;
    }

    /// <summary>The destination itself where it is dense and apart from an operand, else a dense and dirty stand-in for <see cref="Deliver"/>.</summary>
    private Tensor StandIn(Tensor destination, Tensor? operand = null) =>
        destination.IsContiguous && destination.Storage != operand?.Storage ? destination : Tensor.Result(destination.Origin, destination.Shape, this);

    /// <summary>Copies a stand-in to the destination that it stood in for.</summary>
    private void Deliver(Tensor standIn, Tensor destination)
    {
        if (standIn != destination)
        {
            Copy(standIn, destination);
        }

        GC.KeepAlive(standIn);
    }

    private readonly struct FillJob(float* destination, int length, float value) : IJob
    {
        public void Run(int unit)
        {
            int start = unit * BlockLength;
            new Span<float>(destination + start, Math.Min(BlockLength, length - start)).Fill(value);
        }
    }
}
