using System.Numerics.Tensors;
using BenchmarkDotNet.Attributes;
using BenchmarkDotNet.Configs;
using TinyNet.Autograd;
using TinyNet.Core;
using Tensor = TinyNet.Core.Tensor;

namespace TinyNet.Bench;

/// <summary>What System.Numerics.Tensors has too, beside ours on one thread: it says where which of the two belongs.</summary>
[GroupBenchmarksBy(BenchmarkLogicalGroupRule.ByCategory), CategoriesColumn]
public class TensorPrimitivesBenchmarks
{
    private readonly CpuDevice _device = new(threads: 1);
    private float[] _x = null!, _y = null!, _result = null!;
    private Tensor _a = null!, _b = null!;

    [Params(1_024, 16_384, 1_048_576)]
    public int Length { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        var random = new RandomStream(0);
        _a = Tensor.Normal([Length], random, device: _device);
        _b = Tensor.Normal([Length], random, device: _device);
        (_x, _y, _result) = (_a.ToArray(), _b.ToArray(), new float[Length]);
    }

    [Benchmark(Baseline = true), BenchmarkCategory("Copy")]
    public void CopySpan() => _x.CopyTo(_result.AsSpan());

    [Benchmark, BenchmarkCategory("Copy")]
    public void CopyTensor() => Run(static (a, _) => a.Copy());

    [Benchmark(Baseline = true), BenchmarkCategory("Add")]
    public void AddPrimitives() => TensorPrimitives.Add(_x, _y, _result);

    [Benchmark, BenchmarkCategory("Add")]
    public void AddTensor() => Run(static (a, b) => a + b);

    [Benchmark(Baseline = true), BenchmarkCategory("Exp")]
    public void ExpPrimitives() => TensorPrimitives.Exp(_x, _result);

    [Benchmark, BenchmarkCategory("Exp")]
    public void ExpTensor() => Run(static (a, _) => a.Exp());

    [Benchmark(Baseline = true), BenchmarkCategory("Tanh")]
    public void TanhPrimitives() => TensorPrimitives.Tanh(_x, _result);

    [Benchmark, BenchmarkCategory("Tanh")]
    public void TanhTensor() => Run(static (a, _) => a.Tanh());

    [Benchmark(Baseline = true), BenchmarkCategory("Sum")]
    public float SumPrimitives() => TensorPrimitives.Sum<float>(_x);

    [Benchmark, BenchmarkCategory("Sum")]
    public void SumTensor() => Run(static (a, _) => a.Sum());

    [Benchmark(Baseline = true), BenchmarkCategory("Max")]
    public float MaxPrimitives() => TensorPrimitives.Max<float>(_x);

    [Benchmark, BenchmarkCategory("Max")]
    public void MaxTensor() => Run(static (a, _) => a.Max());

    [Benchmark(Baseline = true), BenchmarkCategory("Dot")]
    public float DotPrimitives() => TensorPrimitives.Dot<float>(_x, _y);

    [Benchmark, BenchmarkCategory("Dot")]
    public void DotTensor() => Run(static (a, b) => a.MatMul(b));

    private void Run(Func<Tensor, Tensor, Tensor> operation)
    {
        using var tape = Tape.NoRecord();
        operation(_a, _b);
    }
}
