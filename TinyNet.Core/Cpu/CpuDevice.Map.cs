using System.Runtime.CompilerServices;

namespace TinyNet.Core;

public sealed unsafe partial class CpuDevice
{
    /// <summary>Elements that are gathered at a time from an operand that is not dense; they stay in the first-level cache.</summary>
    private const int ChunkLength = 1024;

    /// <inheritdoc/>
    protected internal override void Map<TMap>(TMap map, Tensor a, Tensor destination)
    {
        StridedReader from = Reader(a, destination), to = Reader(destination, destination);
        if (typeof(TMap) == typeof(IdentityOp) && to.IsDense
            && from.IsTransposed(out int matrices, out nint matrixStride, out int rows, out int columns, out nint columnStride))
        {
            var transposition = new TransposeJob(from.Dense, matrixStride, rows, columns, columnStride, to.Dense);
            WorkSplitter.Run(matrices * transposition.Bands, ref transposition, ThreadsFor(destination.Length));
        }
        else
        {
            var job = new MapJob<UnaryKernel<TMap>>(new UnaryKernel<TMap>(map), from, default, default, to, destination.Length, LaneBits);
            RunMap(ref job, destination.Length);
        }

        GC.KeepAlive(a);
        GC.KeepAlive(destination);
    }

    /// <inheritdoc/>
    protected internal override void Map<TMap>(TMap map, Tensor a, Tensor b, Tensor destination)
    {
        var job = new MapJob<BinaryKernel<TMap>>(new BinaryKernel<TMap>(map), Reader(a, destination), Reader(b, destination), default, Reader(destination, destination), destination.Length, LaneBits);
        RunMap(ref job, destination.Length);
        GC.KeepAlive(a);
        GC.KeepAlive(b);
        GC.KeepAlive(destination);
    }

    /// <inheritdoc/>
    protected internal override void Map<TMap>(TMap map, Tensor a, Tensor b, Tensor c, Tensor destination)
    {
        var job = new MapJob<TernaryKernel<TMap>>(new TernaryKernel<TMap>(map), Reader(a, destination), Reader(b, destination), Reader(c, destination), Reader(destination, destination), destination.Length, LaneBits);
        RunMap(ref job, destination.Length);
        GC.KeepAlive(a);
        GC.KeepAlive(b);
        GC.KeepAlive(c);
        GC.KeepAlive(destination);
    }

    /// <inheritdoc/>
    protected internal override void Update<TUpdate>(TUpdate update, Tensor parameter, Tensor gradient, Tensor? state0, Tensor? state1, Tensor? state2)
    {
        var dense = Dense(gradient);
        var job = new UpdateJob<TUpdate>(update, Pointer(parameter), Pointer(dense), state0 is null ? null : Pointer(state0),
            state1 is null ? null : Pointer(state1), state2 is null ? null : Pointer(state2), parameter.Length);
        RunLanes((parameter.Length + BlockLength - 1) / BlockLength, job, ThreadsFor(parameter.Length));
        GC.KeepAlive(parameter);
        GC.KeepAlive(dense);
        GC.KeepAlive(state0);
        GC.KeepAlive(state1);
        GC.KeepAlive(state2);
    }

    /// <summary>Applies a map to dense elements in place, on this thread.</summary>
    internal static void MapDense<TMap, TLane>(TMap map, float* elements, int count) where TMap : struct, IUnaryMap where TLane : struct, IVectorLane<TLane> =>
        new UnaryKernel<TMap>(map).Run<TLane>(elements, null, null, elements, count);

    private void RunMap<TKernel>(ref MapJob<TKernel> job, int length) where TKernel : struct, IKernel =>
        WorkSplitter.Run((length + BlockLength - 1) / BlockLength, ref job, ThreadsFor(length));

    /// <summary>Copies a batch of matrices whose columns are dense row by row: images from and to channels last. A unit is a band of rows.</summary>
    private readonly struct TransposeJob(float* source, nint matrixStride, int rows, int columns, nint columnStride, float* destination) : IJob
    {
        private readonly int _bandRows = Math.Max(8, BlockLength / columns / 8 * 8);

        public int Bands => (rows + _bandRows - 1) / _bandRows;

        public void Run(int unit)
        {
            (int matrix, int band) = Math.DivRem(unit, Bands);
            int row = band * _bandRows;
            ProductPacking.GatherPanel(source + matrix * matrixStride + row, 1, columnStride, Math.Min(_bandRows, rows - row), columns,
                destination + ((nint)matrix * rows + row) * columns, columns);
        }
    }

    /// <summary>
    /// The body of an element-wise loop over dense memory, for up to three inputs. The elements that fill no register are a call of
    /// their own: the JIT stops inlining at some number of locals per method, and an operation that is there twice gets there sooner.
    /// </summary>
    private interface IKernel
    {
        static abstract int Inputs { get; }

        void Run<TLane>(float* a, float* b, float* c, float* destination, int count) where TLane : struct, IVectorLane<TLane>;
    }

    /// <summary>An element-wise loop, cut into blocks; operands that are not dense pass through small dense chunks.</summary>
    private struct MapJob<TKernel>(TKernel kernel, StridedReader a, StridedReader b, StridedReader c, StridedReader destination, int length, int laneBits) : IJob
        where TKernel : struct, IKernel
    {
        private readonly bool _isDense = a.IsDense && (TKernel.Inputs < 2 || b.IsDense) && (TKernel.Inputs < 3 || c.IsDense) && destination.IsDense;

        public readonly void Run(int unit)
        {
            int start = unit * BlockLength, end = Math.Min(start + BlockLength, length);
            if (_isDense)
            {
                RunDense(a.Dense + start, b.Dense + start, c.Dense + start, destination.Dense + start, end - start);
            }
            else
            {
                RunChunks(start, end);
            }
        }

        private readonly void RunChunks(int start, int end)
        {
            float* chunks = stackalloc float[4 * ChunkLength];
            for (int at = start; at < end; at += ChunkLength)
            {
                int count = Math.Min(ChunkLength, end - at);
                float* x = Take(a, at, count, chunks);
                float* y = TKernel.Inputs > 1 ? Take(b, at, count, chunks + ChunkLength) : null;
                float* z = TKernel.Inputs > 2 ? Take(c, at, count, chunks + 2 * ChunkLength) : null;
                float* result = destination.IsDense ? destination.Dense + at : chunks + 3 * ChunkLength;
                RunDense(x, y, z, result, count);
                if (!destination.IsDense)
                {
                    destination.Scatter(at, count, result);
                }
            }
        }

        private static float* Take(in StridedReader operand, int start, int count, float* chunk)
        {
            if (operand.IsDense)
            {
                return operand.Dense + start;
            }

            operand.Gather(start, count, chunk);
            return chunk;
        }

        private readonly void RunDense(float* x, float* y, float* z, float* result, int count)
        {
            // Not a lane job: of the smallest tensors the time is that of the calls.
            switch (laneBits)
            {
                case 512:
                    kernel.Run<Lane512>(x, y, z, result, count);
                    break;
                case 256:
                    kernel.Run<Lane256>(x, y, z, result, count);
                    break;
                case 128:
                    kernel.Run<Lane128>(x, y, z, result, count);
                    break;
                default:
                    kernel.Run<ScalarLane>(x, y, z, result, count);
                    break;
            }
        }
    }

    private readonly struct UnaryKernel<TMap>(TMap map) : IKernel where TMap : struct, IUnaryMap
    {
        public static int Inputs => 1;

        [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
        public void Run<TLane>(float* a, float* b, float* c, float* destination, int count) where TLane : struct, IVectorLane<TLane>
        {
            var f = map;
            int i = 0;
            for (; i <= count - TLane.Count; i += TLane.Count)
            {
                TLane.Store(destination + i, f.Forward(TLane.Load(a + i)));
            }

            if (i < count)
            {
                Run<ScalarLane>(a + i, b, c, destination + i, count - i);
            }
        }
    }

    private readonly struct BinaryKernel<TMap>(TMap map) : IKernel where TMap : struct, IBinaryMap
    {
        public static int Inputs => 2;

        [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
        public void Run<TLane>(float* a, float* b, float* c, float* destination, int count) where TLane : struct, IVectorLane<TLane>
        {
            var f = map;
            int i = 0;
            for (; i <= count - TLane.Count; i += TLane.Count)
            {
                TLane.Store(destination + i, f.Forward(TLane.Load(a + i), TLane.Load(b + i)));
            }

            if (i < count)
            {
                Run<ScalarLane>(a + i, b + i, c, destination + i, count - i);
            }
        }
    }

    private readonly struct TernaryKernel<TMap>(TMap map) : IKernel where TMap : struct, ITernaryMap
    {
        public static int Inputs => 3;

        [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
        public void Run<TLane>(float* a, float* b, float* c, float* destination, int count) where TLane : struct, IVectorLane<TLane>
        {
            var f = map;
            int i = 0;
            for (; i <= count - TLane.Count; i += TLane.Count)
            {
                TLane.Store(destination + i, f.Forward(TLane.Load(a + i), TLane.Load(b + i), TLane.Load(c + i)));
            }

            if (i < count)
            {
                Run<ScalarLane>(a + i, b + i, c + i, destination + i, count - i);
            }
        }
    }

    /// <summary>One optimizer step over dense memory. States that are not there read as 0 and are not written.</summary>
    private readonly struct UpdateJob<TUpdate>(TUpdate update, float* parameter, float* gradient, float* state0, float* state1, float* state2, int length) : ILaneJob
        where TUpdate : struct, IParameterUpdate
    {
        public void Run<TLane>(int unit) where TLane : struct, IVectorLane<TLane>
        {
            int start = unit * BlockLength, end = Math.Min(start + BlockLength, length);
            start = Run<TLane>(start, end);
            Run<ScalarLane>(start, end);
        }

        /// <summary>Updates as many whole lanes as fit and returns where it stopped.</summary>
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private int Run<TLane>(int start, int end) where TLane : struct, IVectorLane<TLane>
        {
            var step = update;
            int i = start;
            for (; i <= end - TLane.Count; i += TLane.Count)
            {
                TLane p = TLane.Load(parameter + i), s0 = TLane.Zero, s1 = TLane.Zero, s2 = TLane.Zero;
                if (state0 != null)
                {
                    s0 = TLane.Load(state0 + i);
                }

                if (state1 != null)
                {
                    s1 = TLane.Load(state1 + i);
                }

                if (state2 != null)
                {
                    s2 = TLane.Load(state2 + i);
                }

                step.Apply(ref p, TLane.Load(gradient + i), ref s0, ref s1, ref s2);
                TLane.Store(parameter + i, p);
                if (state0 != null)
                {
                    TLane.Store(state0 + i, s0);
                }

                if (state1 != null)
                {
                    TLane.Store(state1 + i, s1);
                }

                if (state2 != null)
                {
                    TLane.Store(state2 + i, s2);
                }
            }

            return i;
        }
    }
}
