using BenchmarkDotNet.Attributes;
using TinyNet.Autograd;
using TinyNet.Core;

namespace TinyNet.Bench;

/// <summary>The matrix product: square, as it stands and transposed, skinny, and batched.</summary>
public class MatrixProductBenchmarks
{
    private Tensor _a = null!, _b = null!, _aTransposed = null!, _bTransposed = null!, _row = null!, _batchA = null!, _batchB = null!;

    [Params(64, 256, 1024)]
    public int Size { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        var random = new RandomStream(0);
        _a = Tensor.Normal([Size, Size], random);
        _b = Tensor.Normal([Size, Size], random);
        _aTransposed = _a.Transpose();
        _bTransposed = _b.Transpose();
        _row = Tensor.Normal([1, Size], random);
        _batchA = Tensor.Normal([16, Size / 4, Size / 4], random);
        _batchB = Tensor.Normal([16, Size / 4, Size / 4], random);
    }

    [Benchmark(Baseline = true)]
    public void Square() => Multiply(_a, _b);

    [Benchmark]
    public void LeftTransposed() => Multiply(_aTransposed, _b);

    [Benchmark]
    public void RightTransposed() => Multiply(_a, _bTransposed);

    [Benchmark]
    public void OneRow() => Multiply(_row, _b);

    [Benchmark]
    public void Batched() => Multiply(_batchA, _batchB);

    private static void Multiply(Tensor a, Tensor b)
    {
        using var tape = Tape.NoRecord();
        a.MatMul(b);
    }
}
