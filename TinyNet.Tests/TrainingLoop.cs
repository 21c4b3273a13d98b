using TinyNet.Autograd;
using TinyNet.Core;
using TinyNet.Layers;

namespace TinyNet.Tests;

/// <summary>Training in tests, and what is demanded of every step.</summary>
internal static class TrainingLoop
{
    private const int BytesForEachTensor = 160;

    /// <summary>Trains for some steps.</summary>
    public static void Run(int steps, Optimizer optimizer, Func<Tensor> loss)
    {
        for (int i = 0; i < steps; i++)
        {
            using var tape = Tape.Record();
            tape.Backward(loss());
            optimizer.Step();
        }
    }

    /// <summary>
    /// Fails if steps allocate more than 160 bytes for each tensor they make, the one tape of a step included, or if the device misses a
    /// buffer afterwards. Before that, as many steps are made as it takes for everything to have its memory.
    /// </summary>
    public static void AssertSteady(Device device, Optimizer optimizer, Func<Tensor> loss)
    {
        const int Steps = 200;
        Run(100, optimizer, loss);
        long tensors = Tensor.MadeOnThisThread, bytes = GC.GetAllocatedBytesForCurrentThread();
        Run(Steps, optimizer, loss);
        bytes = GC.GetAllocatedBytesForCurrentThread() - bytes;
        tensors = Tensor.MadeOnThisThread - tensors;
        Assert.True(
            bytes <= BytesForEachTensor * tensors,
            $"{bytes / Steps} bytes for {tensors / (double)Steps} tensors a step: {bytes / (double)tensors} each");
        Assert.Equal(0, device.Pool.Outstanding);
    }

    /// <summary>
    /// The bytes that a step allocates once everything has its memory: the fewest of ten, as tests on other threads may hold what the pool
    /// of the default device had for it.
    /// </summary>
    public static long LeastBytes(Action step) => Enumerable.Range(0, 10).Min(_ =>
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        step();
        return GC.GetAllocatedBytesForCurrentThread() - before;
    });

    /// <summary>Fails if models are not bit for bit the same, or hold something that is no number.</summary>
    public static void AssertSameBits(IEnumerable<Module> models)
    {
        string[] bits = [.. models.Select(Bits)];
        Assert.Single(bits.Distinct());
        Assert.DoesNotContain("NaN", bits[0], StringComparison.Ordinal);
    }

    /// <summary>The bits of all parameters and buffers of a model.</summary>
    public static string Bits(Module model)
    {
        var numbers = model.Parameters().Concat(model.NamedBuffers().Select(named => named.Buffer)).SelectMany(tensor => tensor.ToArray());
        return string.Join(" ", numbers.Select(number => float.IsNaN(number) ? "NaN" : $"{BitConverter.SingleToInt32Bits(number):X8}"));
    }
}
