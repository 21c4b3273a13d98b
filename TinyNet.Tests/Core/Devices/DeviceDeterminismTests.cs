using TinyNet.Core;

namespace TinyNet.Tests.Core;

/// <summary>The CPU device gives the same bits with one, two and three threads.</summary>
public class DeviceDeterminismTests
{
    [Theory, MemberData(nameof(TestDevices.WidthRows), MemberType = typeof(TestDevices))]
    public void Bits_do_not_depend_on_the_number_of_threads(int bits)
    {
        var expected = Results(TestDevices.Splitting(1, bits));
        foreach (var device in TestDevices.OfEachThreadCount(bits).Skip(1).Append(new CpuDevice(3, bits)))
        {
            foreach (var (actual, (name, numbers)) in Results(device).Zip(expected))
            {
                Assert.True(actual.Numbers.AsSpan().SequenceEqual(numbers), $"{name} with {device.Threads} threads");
            }
        }
    }

    [Theory, MemberData(nameof(TestDevices.WidthRows), MemberType = typeof(TestDevices))]
    public void The_sum_of_ten_million_numbers_is_close_and_the_same_for_any_number_of_threads(int bits)
    {
        const int Count = 10_000_000;
        var values = Tensor.Uniform([Count], new RandomStream(3), -1f, 2f, Device.Cpu).ToArray();
        double expected = 0;
        foreach (float value in values)
        {
            expected += value;
        }

        var sums = new List<float>();
        foreach (var device in TestDevices.OfEachThreadCount(bits).Prepend(new CpuDevice(1, bits)))
        {
            var (x, sum) = (Tensor.From(values, device), Tensor.Zeros([1], device));
            device.Reduce(new SumReduction(), x, sum);
            sums.Add(sum.Item());
        }

        Assert.Single(sums.Distinct());
        Assert.Equal(expected, sums[0], Math.Abs(expected) * 1e-6);
    }

    /// <summary>Every operation once, on sizes that are cut into several blocks; the bits of the results.</summary>
    private static List<(string Name, int[] Numbers)> Results(CpuDevice device)
    {
        var results = new List<(string, int[])>();
        var random = new RandomStream(11);
        Tensor a = Normal(57, 1033), b = Normal(57, 1033), row = Normal(1, 1033), right = Normal(1033, 71), to = Normal(57, 1033);
        Keep("normal", a);
        Keep("uniform", Tensor.Uniform([57, 1033], random, device: device));
        Run("map", to, () => device.Map(new Total(), a, row, to));
        Run(
            "strided map",
            to,
            () => device.Map(new Total(), Normal(1033, 57).View(new Layout([1033, 57]).Transpose(0, 1), "test"), row, to));

        for (int axis = 0; axis < 2; axis++)
        {
            var totals = Tensor.Zeros(a.Shape.With(axis, 1), device);
            Run("sum", totals, () => device.Reduce(new SumReduction(), a, totals));
            Run("norm", totals, () => device.Reduce(new PowerNormReduction(3), a, totals));
            Run("softmax", to, () => device.Softmax(a, axis, logarithm: false, to));
            Run("softmax gradient", to, () => device.SoftmaxGradient(to, b, axis, logarithm: false, to));
            Run("cumulative sum", to, () => device.CumulativeSum(a, axis, reverse: true, to));
        }

        var scalar = Tensor.Zeros([1, 1], device);
        Run("sum of all", scalar, () => device.Reduce(new SumReduction(), a, scalar));
        var product = Normal(57, 71);
        Run("product", product, () => device.MatrixProduct(a, right, null, accumulate: true, product));
        var labels = IndexTensor.From([.. Enumerable.Range(0, 57).Select(i => i * 18)]);
        var losses = Tensor.Zeros([57], device);
        Run("cross-entropy", losses, () => device.CrossEntropy(a, labels, to, losses));
        Run("cross-entropy gradient", b, () => device.CrossEntropyGradient(to, labels, losses, b));
        var repeated = IndexTensor.From([.. Enumerable.Range(0, 57).Select(i => i % 5)]);
        Run("index add", to, () => device.IndexAdd(a, 0, repeated, to));
        Run("update", to, () => device.Update(new Descent(), to, a, null, null, null));
        return results;

        Tensor Normal(int rows, int columns) => Tensor.Normal([rows, columns], random, device: device);

        void Run(string name, Tensor result, Action run)
        {
            run();
            Keep(name, result);
        }

        void Keep(string name, Tensor result) => results.Add((name, Array.ConvertAll(result.ToArray(), BitConverter.SingleToInt32Bits)));
    }

    private readonly struct Total : IBinaryMap
    {
        public T Forward<T>(T a, T b) where T : struct, ILane<T> => a + b;
    }

    private readonly struct Descent : IParameterUpdate
    {
        public void Apply<T>(ref T parameter, T gradient, ref T state0, ref T state1, ref T state2) where T : struct, ILane<T> =>
            parameter -= T.Const(0.1) * gradient;
    }
}
