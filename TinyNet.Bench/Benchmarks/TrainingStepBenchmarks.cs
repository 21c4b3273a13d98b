using BenchmarkDotNet.Attributes;

namespace TinyNet.Bench;

/// <summary>A whole training step of the multilayer perceptron 784-256-128-10, with what it allocates.</summary>
[MemoryDiagnoser]
public class TrainingStepBenchmarks
{
    private Action _step = null!;

    [Params(1, 32, 256)]
    public int Batch { get; set; }

    [GlobalSetup]
    public void Setup() => _step = Workload.Training(Batch).Run;

    [Benchmark]
    public void Step() => _step();
}
