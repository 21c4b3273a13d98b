using BenchmarkDotNet.Attributes;
using TinyNet.Autograd;
using TinyNet.Core;

namespace TinyNet.Bench;

/// <summary>Element-wise operations on one thread, at a size that fits the caches and one that does not.</summary>
public class ElementwiseBenchmarks
{
    private readonly CpuDevice _device = new(threads: 1);
    private Tensor _a = null!, _b = null!;

    [Params(16_384, 1_048_576)]
    public int Length { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        var random = new RandomStream(0);
        _a = Tensor.Uniform([Length], random, 0.1f, 2f, _device);
        _b = Tensor.Uniform([Length], random, 0.1f, 2f, _device);
    }

    [Benchmark(Baseline = true)]
    public void Add() => Run(static (a, b) => a + b);

    [Benchmark]
    public void Multiply() => Run(static (a, b) => a * b);

    [Benchmark]
    public void Exp() => Run(static (a, _) => a.Exp());

    [Benchmark]
    public void Log() => Run(static (a, _) => a.Log());

    [Benchmark]
    public void Tanh() => Run(static (a, _) => a.Tanh());

    [Benchmark]
    public void Sigmoid() => Run(static (a, _) => a.Sigmoid());

    [Benchmark]
    public void Sin() => Run(static (a, _) => a.Sin());

    [Benchmark]
    public void Erf() => Run(static (a, _) => a.Erf());

    [Benchmark]
    public void Pow() => Run(static (a, b) => a.Pow(b));

    private void Run(Func<Tensor, Tensor, Tensor> operation)
    {
        using var tape = Tape.NoRecord();
        operation(_a, _b);
    }
}
