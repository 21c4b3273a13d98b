using System.Runtime.InteropServices;
using TinyNet.Core;

namespace TinyNet.Tests.Core;

public unsafe class MatrixProductTests
{
    // All of them on every machine: a product falls back to the widest registers that there are.
    private static readonly int[] Widths = [512, 256, 128, 32];

    // Threads and threading threshold.
    private static readonly (int Threads, long Threshold)[] Cuts = [(1, 0), (2, 0), (5, 0), (3, MatrixProduct.DefaultThreadingThreshold)];

    private enum Order
    {
        Rows,
        Columns,
        Strided,
    }

    private static float[] RandomArray(long length, int seed)
    {
        var random = new Random(seed);
        var values = GC.AllocateUninitializedArray<float>((int)length, pinned: true);
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = random.NextSingle() * 2 - 1;
        }

        return values;
    }

    private static float* Address(float[] pinned) => (float*)Marshal.UnsafeAddrOfPinnedArrayElement(pinned, 0);

    private static MatrixOperand Operand(float[] values, int rows, int columns, Order order) => order switch
    {
        Order.Rows => new MatrixOperand(Address(values), columns, 1),
        Order.Columns => new MatrixOperand(Address(values), 1, rows),
        _ => new MatrixOperand(Address(values), 2 * columns + 1, 2),
    };

    private static long Length(int rows, int columns) => rows * (2L * columns + 1) + 1;

    /// <summary>The product in double, and the sum of absolute terms that its rounding errors are measured by.</summary>
    private static (double Sum, double Scale) Element(in MatrixProductTask task, float* a, float* b, int row, int column, double start)
    {
        double sum = start, scale = Math.Abs(start);
        for (int k = 0; k < task.K; k++)
        {
            double x = a[row * task.A.RowStride + k * task.A.ColumnStride], y = b[k * task.B.RowStride + column * task.B.ColumnStride];
            double term = x * y;
            sum += term;
            scale += Math.Abs(term);
        }
        return (sum, scale);
    }

    // Computes the task on every width, thread count and threshold; C lies in an array that starts out as `before`.
    private static void AssertProducts(MatrixProductTask task, float[] before)
    {
        var expected = new double[before.Length];
        var tolerance = new double[before.Length];
        for (int i = 0; i < before.Length; i++)
        {
            expected[i] = before[i];
        }

        for (int product = 0; product < task.Products; product++)
        {
            task.C = null;
            task.Locate(product, out var a, out var b, out float* c);
            long offset = (nint)c / sizeof(float);
            for (int row = 0; row < task.M; row++)
            {
                for (int column = 0; column < task.N; column++)
                {
                    long index = offset + row * task.CRowStride + column;
                    double start = (task.Bias == null ? 0 : task.Bias[column]) + (task.Accumulate ? before[index] : 0);
                    (expected[index], double scale) = Element(task, a.Pointer, b.Pointer, row, column, start);
                    tolerance[index] = 4e-6 * (scale + 1e-3);
                }
            }
        }
        var actual = GC.AllocateUninitializedArray<float>(before.Length, pinned: true);
        var first = new float[before.Length];
        task.C = Address(actual);
        foreach (int width in Widths)
        {
            bool isFirst = true;
            foreach (var (threads, threshold) in Cuts)
            {
                before.CopyTo(actual, 0);
                MatrixProduct.Run(task, width, threads, threshold);
                for (int i = 0; i < actual.Length; i++)
                {
                    if (Math.Abs(actual[i] - expected[i]) <= tolerance[i])
                    {
                        continue;
                    }

                    Assert.Fail($"{task.M}x{task.K}x{task.N}, width {width}, {threads} threads: [{i}] is {actual[i]}, not {expected[i]}");
                }
                if (isFirst)
                {
                    actual.CopyTo(first, 0);
                }

                Assert.True(actual.AsSpan().SequenceEqual(first), $"{task.M}x{task.K}x{task.N}, width {width}: bits depend on threads");
                isFirst = false;
            }
        }
    }

    public static TheoryData<int, int, int> Shapes => new()
    {
        { 1, 1, 1 }, { 1, 64, 300 }, { 2, 70, 130 }, { 3, 5, 33 }, { 4, 100, 40 }, { 5, 17, 16 }, { 7, 31, 10 }, { 8, 8, 32 }, { 9, 40, 1 },
        { 32, 50, 2 }, { 9, 520, 20 }, { 70, 20, 65 }, { 120, 9, 10 }, { 20, 0, 20 }, { 0, 5, 5 }, { 5, 5, 0 },
    };

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Equals_the_triple_loop_for_every_layout(int m, int k, int n)
    {
        foreach (var orderOfA in Enum.GetValues<Order>())
        {
            foreach (var orderOfB in Enum.GetValues<Order>())
            {
                AssertProduct(m, k, n, orderOfA, orderOfB);
            }
        }
    }

    [Fact]
    public void Equals_the_triple_loop_where_operands_are_packed()
    {
        AssertProduct(66, 530, 130, Order.Columns, Order.Rows);
        AssertProduct(66, 130, 45, Order.Rows, Order.Columns);
        AssertProduct(66, 130, 45, Order.Strided, Order.Strided);
    }

    [Theory]
    [InlineData(1, 2053, 40)]
    [InlineData(2, 1300, 130)]
    [InlineData(1, 5000, 256)]
    [InlineData(1, 3000, 1)]
    [InlineData(1, 70001, 1)]
    [InlineData(2, 3000, 4)]
    [InlineData(1, 2000, 5)]
    public void Equals_the_triple_loop_where_threads_share_out_the_depth(int m, int k, int n)
    {
        foreach (var orderOfA in Enum.GetValues<Order>())
        {
            foreach (var orderOfB in Enum.GetValues<Order>())
            {
                AssertProduct(m, k, n, orderOfA, orderOfB);
            }
        }
    }

    private static void AssertProduct(int m, int k, int n, Order orderOfA, Order orderOfB)
    {
        float[] a = RandomArray(Length(m, k), 1), b = RandomArray(Length(k, n), 2), bias = RandomArray(n, 3);
        int variant = (int)orderOfA + (int)orderOfB;
        var task = new MatrixProductTask
        {
            A = Operand(a, m, k, orderOfA),
            B = Operand(b, k, n, orderOfB),
            CRowStride = n + variant,
            M = m,
            N = n,
            K = k,
            Bias = variant % 2 == 0 ? Address(bias) : null,
            Accumulate = variant % 3 == 2,
        };
        AssertProducts(task, RandomArray(m * (n + variant) + 8, 4));
    }

    [Theory]
    [InlineData(10, 32, 10)]
    [InlineData(1, 20, 40)]
    [InlineData(6, 3, 5)]
    public void Batches_repeat_and_step_operands(int m, int k, int n)
    {
        float[] a = RandomArray(12 * m * k, 1), b = RandomArray(12 * k * n, 2);
        foreach (var (strideA, strideB) in new[] { (m * k, k * n), (m * k, 0), (0, k * n), (0, 0) })
        {
            foreach (var orderOfB in new[] { Order.Rows, Order.Columns })
            {
                var task = new MatrixProductTask
                {
                    A = Operand(a, m, k, Order.Rows),
                    B = Operand(b, k, n, orderOfB),
                    CRowStride = n,
                    M = m,
                    N = n,
                    K = k,
                    BatchRank = 3,
                };
                (task.BatchSizes[0], task.BatchSizes[1], task.BatchSizes[2]) = (3, 1, 4);
                (task.ABatchStrides[0], task.ABatchStrides[2]) = (4 * strideA, strideA);
                (task.BBatchStrides[0], task.BBatchStrides[2]) = (strideB, strideB);
                (task.CBatchStrides[0], task.CBatchStrides[2]) = (4 * m * n, m * n);
                AssertProducts(task, RandomArray(12 * m * n, 3));
            }
        }
    }

    [Fact]
    public void An_empty_batch_writes_nothing()
    {
        float[] a = RandomArray(4, 1), c = RandomArray(4, 2), before = [.. c];
        var task = new MatrixProductTask
        {
            A = Operand(a, 2, 2, Order.Rows),
            B = Operand(a, 2, 2, Order.Rows),
            C = Address(c),
            CRowStride = 2,
            M = 2,
            N = 2,
            K = 2,
            BatchRank = 1,
        };
        MatrixProduct.Run(task, 512, 2, 0);
        Assert.Equal(before, c);
    }

    [Theory]
    [InlineData(1, 1, 1)]
    [InlineData(3, 40, 20)]
    [InlineData(33, 70, 40)]
    [InlineData(64, 1, 40)]
    [InlineData(66, 256, 260)]
    public void Zero_times_infinity_is_not_skipped(int m, int n, int k)
    {
        float[] a = RandomArray(Length(m, k), 1), b = RandomArray(Length(k, n), 2), c = RandomArray(m * n, 3);
        a.AsSpan().Clear();
        b.AsSpan().Fill(float.PositiveInfinity);
        foreach (int width in Widths)
        {
            foreach (var orderOfB in Enum.GetValues<Order>())
            {
                c.AsSpan().Clear();
                var task = new MatrixProductTask
                {
                    A = Operand(a, m, k, Order.Rows),
                    B = Operand(b, k, n, orderOfB),
                    C = Address(c),
                    CRowStride = n,
                    M = m,
                    N = n,
                    K = k,
                };
                MatrixProduct.Run(task, width, 2, 0);
                Assert.All(c, value => Assert.True(float.IsNaN(value)));
            }
        }
    }

    [Fact]
    public void A_large_product_has_the_same_bits_for_any_number_of_threads()
    {
        const int Size = 1024;
        float[] a = RandomArray(Size * Size, 1), b = RandomArray(Size * Size, 2), c = RandomArray(Size * Size, 3);
        var first = new float[Size * Size];
        foreach (var orderOfB in new[] { Order.Rows, Order.Columns })
        {
            for (int threads = 1; threads <= 3; threads++)
            {
                var task = new MatrixProductTask
                {
                    A = Operand(a, Size, Size, Order.Rows),
                    B = Operand(b, Size, Size, orderOfB),
                    C = Address(c),
                    CRowStride = Size,
                    M = Size,
                    N = Size,
                    K = Size,
                };
                c.AsSpan().Fill(float.NaN);
                MatrixProduct.Run(task, 512, threads, 0);
                if (threads == 1)
                {
                    c.CopyTo(first, 0);
                }

                Assert.True(c.AsSpan().SequenceEqual(first));
                for (int row = 3; row < Size; row += 101)
                {
                    int column = row * 7 % Size;
                    var (sum, scale) = Element(task, task.A.Pointer, task.B.Pointer, row, column, 0);
                    Assert.Equal(sum, c[row * Size + column], 1e-6 * scale);
                }
            }
        }
    }

    [Fact]
    public void Scratch_memory_beyond_any_array_is_refused()
    {
        // A transposed block of 32 rows, each of 2^26 columns.
        var task = new MatrixProductTask { B = new MatrixOperand(null, 1 << 26, 1), M = 32, N = 1 << 26, K = 1 };
        var plan = ProductPlan.Of(task, products: 1, tileColumns: 32, transposeC: true, areDotProducts: false, threads: 1);
        Assert.True(plan.ScratchLength > int.MaxValue);
        Refusal.Of<ShapeException>(
            () => ThreadScratch.Length(plan.ScratchLength), $"{plan.ScratchLength} floats of scratch memory", "split them");
    }

    [Fact]
    public void Nothing_is_allocated_in_a_steady_state()
    {
        float[] a = RandomArray(Length(70, 100), 1), b = RandomArray(Length(100, 70), 2), c = RandomArray(70 * 70, 3);
        var task = new MatrixProductTask
        {
            A = Operand(a, 70, 100, Order.Rows),
            B = Operand(b, 100, 70, Order.Columns),
            C = Address(c),
            CRowStride = 70,
            M = 70,
            N = 70,
            K = 100,
        };
        Multiply();
        Assert.Equal(0, AllocatedBytes.Of(Multiply));

        void Multiply()
        {
            for (int repetition = 0; repetition < 50; repetition++)
            {
                MatrixProduct.Run(task, 512, 2, 0);
            }
        }
    }
}
