using TinyNet.Autograd;
using TinyNet.Core;
using TinyNet.Ilgpu;

namespace TinyNet.Tests.Ilgpu;

/// <summary>Matrix products of the GPU device against the reference device.</summary>
public class IlgpuMatrixProductTests
{
    private const double Tolerance = 1e-5;

    [Theory]
    [InlineData(typeof(Grid4), typeof(OneTile)), InlineData(typeof(Grid8), typeof(OneTile))]
    [InlineData(typeof(Grid16), typeof(OneTile)), InlineData(typeof(Grid16), typeof(FourTiles))]
    public void Its_kernels_compile_to_vectors_and_fused_multiply_adds(Type grid, Type tile)
    {
        string ptx = IlgpuPtx.AssertClean(
            typeof(TileJob<,,,,>).MakeGenericType(grid, tile, typeof(MatrixReader), typeof(MatrixReader), typeof(PartsWriter)));
        Assert.Equal(tile == typeof(FourTiles) ? 64 : 16, ptx.Split("fma.rn.f32").Length - 1);
        Assert.Contains("v4.f32", ptx, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1, 1, 1), InlineData(17, 19, 23), InlineData(1, 40, 300), InlineData(33, 1, 16)]
    [InlineData(16, 16, 32), InlineData(3, 5, 0)]
    public void A_product_agrees(int m, int n, int k) => AssertAgrees(IlgpuTestDevice.Instance, m, n, k);

    [Fact]
    public void An_empty_product_has_no_elements() =>
        IlgpuTestDevice.Instance.MatrixProduct(Zeros([2, 0, 5]), Zeros([2, 5, 3]), null, accumulate: false, Zeros([2, 0, 3]));

    [Theory]
    [InlineData(TileForm.Side16), InlineData(TileForm.Side32), InlineData(TileForm.Side64), InlineData(TileForm.Side128)]
    public void Every_form_agrees_on_large_groups(object form)
    {
        using var device = IlgpuDevices.OnProcessor(32, 8);
        int side = TilePlan.SideOf((TileForm)form);
        AssertAgrees(device, side + 3, side + 7, 37, task => new TilePlan((TileForm)form, 1, task.Depth));
        AssertAgrees(device, 11, 10, 270, task => TilePlan.Cut((TileForm)form, task.Depth, 3));
    }

    [Fact]
    public void Factors_and_result_may_have_any_strides()
    {
        (string, string, string)[] orders = [("bmk", "bkn", "bmn"), ("bkm", "bnk", "bnm"), ("mbk", "knb", "nmb"), ("kmb", "nbk", "mnb")];
        foreach (var (aAxes, bAxes, toAxes) in orders)
        {
            AssertBoth(IlgpuTestDevice.Instance, 1, device =>
            {
                Tensor a = InOrder(device, 1, "bmk", aAxes, 3, 18, 8, 12), b = InOrder(device, 2, "bkn", bAxes, 3, 18, 8, 12);
                var to = InOrder(device, 3, "bmn", toAxes, 3, 18, 8, 12);
                device.MatrixProduct(a, b, null, accumulate: true, to);
                return to;
            });
        }
    }

    [Fact]
    public void Factors_may_be_shared_by_a_batch() => AssertBoth(IlgpuTestDevice.Instance, 1, device =>
    {
        Tensor a = Random(device, 1, [2, 3, 5, 7]), b = Random(device, 2, [7, 6]), to = Zeros([2, 3, 5, 6], device);
        var bias = Random(device, 3, [12])[1..7];
        device.MatrixProduct(a, b.Expand(2, 3, 7, 6), bias, accumulate: false, to);
        device.MatrixProduct(a[.., 1..2].Expand(2, 3, 5, 7), Random(device, 4, [2, 3, 7, 6]), null, accumulate: true, to);
        device.MatrixProduct(Random(device, 5, [2, 7, 3, 5]).Permute(0, 2, 3, 1), b.Expand(2, 3, 7, 6), null, accumulate: true, to);
        device.MatrixProduct(Random(device, 6, [2, 5, 3, 7]).Permute(0, 2, 1, 3), b.Expand(2, 3, 7, 6), null, accumulate: true, to);
        return to;
    });

    [Fact]
    public void Many_equal_terms_keep_their_digits()
    {
        const int depth = 20_000;
        var device = IlgpuTestDevice.Instance;
        Tensor a = Tensor.Full([1, 1], 0.1f, device).Expand(2, depth), to = Zeros([2, 2]);
        device.MatrixProduct(a, a.Transpose(), null, accumulate: false, to);
        Assert.All(to.ToArray(), sum => Assert.Equal(1, sum / (depth * (double)0.1f * 0.1f), 8e-6));
    }

    [Fact]
    public void A_plan_fills_a_large_gpu_and_bounds_the_chains()
    {
        const int threads = 132 * 2048;
        Assert.Equal(new TilePlan(TileForm.Side128, 1, 4096), TilePlan.Of(256, threads, 1, 4096, 4096, 4096));
        Assert.Equal(TileForm.Side64, TilePlan.Of(256, threads, 1, 512, 512, 512).Form);
        var deep = TilePlan.Of(256, threads, 1, 32, 10, 100_000);
        Assert.Equal(TileForm.Side32, deep.Form);
        Assert.InRange(deep.Parts, 100, 1000);
        Assert.Equal(0, deep.PartDepth % 16);
        Assert.Equal(0, TilePlan.Of(16, 16, 1, 3, 3, 1 << 20).PartDepth % 16);
        Assert.InRange(TilePlan.Of(16, 16, 1, 3, 3, 1 << 20).PartDepth, 1, 16384);
        Assert.Equal(1, TilePlan.Of(256, threads, 1, 1, 1, 0).Parts);

        // Two parts of such a result would be 8 GB of sums.
        Assert.Equal(new TilePlan(TileForm.Side128, 1, 1 << 15), TilePlan.Of(256, threads, 1, 1 << 15, 1 << 15, 1 << 15));
        Assert.InRange(TilePlan.Of(256, threads, 1, 1, 1, int.MaxValue).PartDepth, 1, 16384);
        Assert.Equal(TileForm.Side32, TilePlan.Of(256, threads, 1, int.MaxValue, 1, 1).Form);
    }

    [Fact]
    public void What_is_not_a_number_stays_where_it_belongs() => AssertBoth(IlgpuTestDevice.Instance, 1, device =>
    {
        Tensor a = Random(device, 1, [18, 5]), b = Random(device, 2, [5, 17]), to = Tensor.Full([18, 17], float.NaN, device);
        a[17..18, 4..5].Fill(float.NaN);
        b[0..1, 16..17].Fill(float.PositiveInfinity);
        device.MatrixProduct(a, b, null, accumulate: false, to);
        return to;
    });

    [Fact]
    public void What_cublas_takes_is_large_and_lies_in_rows_or_columns()
    {
        // A quarter of each: strides stay those of the whole.
        Tensor whole = Zeros([512, 512]), a = whole[..256, ..256], b = whole[..256, 256..];
        AssertCall((false, false, 512, 512), a, b);
        AssertCall((true, false, 512, 512), a.Transpose(), b);
        AssertCall((false, true, 512, 512), a, b.Transpose());
        AssertCall(null, a[..2], b);
        AssertCall(null, whole[..1, ..256].Expand(256, 256), b);
        AssertCall(null, whole.Slice(1, 0, 256, 2)[..256], b);
    }

    [Fact]
    public void Where_cublas_is_not_installed_a_large_product_is_our_own()
    {
        Assert.True(IlgpuTestDevice.Instance.UsesCublas);
        Assert.False(IlgpuTestDevice.Instance.TryMultiply(default, default));
        Assert.Equal(["libcublas.so.13", "libcublas.so.12"], Cublas.FilesOf("libcublas.so.12"));
        Assert.Equal(["cublas64_13.dll", "cublas64_12.dll"], Cublas.FilesOf("cublas64_12.dll"));
    }

    private static void AssertCall((bool, bool, int, int)? expected, Tensor a, Tensor b)
    {
        var task = new TileTask { Products = 1, Lines = a.Shape[0], Columns = b.Shape[1], Depth = a.Shape[1] };
        var left = Lines(a, 0, 1);
        var writer = new MatrixWriter { Lines = left.Lines, AtLine = new Steps { Step0 = task.Columns }, ColumnStep = 1 };
        var call = CublasCall.TryOf(task, left, Lines(b, 1, 0), writer);
        Assert.Equal(expected, call is { } made ? (made.IsATransposed, made.IsBTransposed, made.AStride, made.BStride) : null);

        static MatrixReader Lines(Tensor x, int axis, int other)
        {
            int count = x.Shape[axis];
            return MatrixReader.Of(
                x, default, new WalkAxes { Rank = 1, Size0 = count }, new Steps { Step0 = x.Layout.Strides[axis] }, count,
                x.Layout.Strides[other]);
        }
    }

    private static void AssertAgrees(IlgpuDevice tested, int m, int n, int k, Func<TileTask, TilePlan>? planOf = null) =>
        AssertBoth(tested, k, device =>
        {
            Tensor a = Random(device, 1, [m, k]), b = Random(device, 2, [k, n]), bias = Random(device, 3, [n]);
            var to = Random(device, 4, [m, n]);
            if (device is IlgpuDevice gpu)
            {
                GpuMatrixProduct.Run(gpu, a, b, bias, accumulate: true, to, planOf);
            }
            else
            {
                device.MatrixProduct(a, b, bias, accumulate: true, to);
            }

            return to;
        });

    /// <summary>Runs on both devices and compares, by the size of sums of so many terms.</summary>
    private static void AssertBoth(IlgpuDevice tested, int terms, Func<Device, Tensor> run)
    {
        float[] expected = run(Device.Reference).ToArray(), actual = run(tested).ToArray();
        double tolerance = Tolerance * Math.Sqrt(Math.Max(1, terms));
        Assert.All(expected.Zip(actual), pair =>
        {
            if (float.IsFinite(pair.First))
            {
                Assert.Equal(pair.First, pair.Second, tolerance);
            }
            else
            {
                Assert.Equal(pair.First, pair.Second);
            }
        });
    }

    /// <summary>A tensor with axes of given names and sizes, which lie in memory in another order.</summary>
    private static Tensor InOrder(Device device, ulong seed, string axes, string memory, int batch, int m, int n, int k)
    {
        int[] sizes = [.. memory.Select(axis => axis switch { 'b' => batch, 'm' => m, 'n' => n, _ => k })];
        return Random(device, seed, new Shape(sizes)).Permute([.. axes.Select(axis => memory.IndexOf(axis, StringComparison.Ordinal))]);
    }

    private static Tensor Random(Device device, ulong seed, Shape shape) =>
        Tensor.From(Tensor.Normal(shape, new RandomStream(seed), device: Device.Cpu).ToArray(), shape, device);

    private static Tensor Zeros(Shape shape, Device? device = null) =>
        Tensor.From(new float[shape.Length], shape, device ?? IlgpuTestDevice.Instance);
}
