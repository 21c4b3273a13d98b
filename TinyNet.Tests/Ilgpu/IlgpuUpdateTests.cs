using System.Globalization;
using System.Text.RegularExpressions;
using TinyNet.Autograd;
using TinyNet.Core;
using TinyNet.Ilgpu;
using TinyNet.Tests.Core;

namespace TinyNet.Tests.Ilgpu;

/// <summary>Optimizer steps over many parameters on the GPU device.</summary>
public partial class IlgpuUpdateTests
{
    [Theory]
    [InlineData(1), InlineData(7), InlineData(9), InlineData(24), InlineData(27)]
    public void Steps_of_many_parameters_agree_with_the_reference(int count)
    {
        float[][] expected = Run(count, Device.Reference), actual = Run(count, IlgpuTestDevice.Instance);
        for (int i = 0; i < expected.Length; i++)
        {
            Assert.Equal(expected[i].Length, actual[i].Length);
            Assert.All(expected[i].Zip(actual[i]), at => Assert.Equal(at.First, at.Second, 1e-5f * (1 + Math.Abs(at.First))));
        }
    }

    [Fact]
    public void The_arguments_of_a_launch_are_as_few_as_CUDA_takes_and_OpenCL()
    {
        Assert.Equal(24, GpuUpdates.PartsPerLaunch<AdamUpdate>(IlgpuTestDevice.Instance));
        Assert.Equal(4, GpuUpdates.PartsPerLaunch<LargeUpdate>(IlgpuTestDevice.Instance));
        AssertArguments(typeof(WideUpdateJob<>), 4096);
        AssertArguments(typeof(global::TinyNet.Ilgpu.UpdateJob<>), 1024);
    }

    private static void AssertArguments(Type job, int most)
    {
        var jobs = JobTypes.All.Where(type => type.Name == job.Name).ToArray();
        Assert.NotEmpty(jobs);
        Assert.All(jobs, type =>
        {
            var size = Argument().Match(IlgpuPtx.AssertClean(type)).Groups[1];
            Assert.InRange(int.Parse(size.Value, CultureInfo.InvariantCulture), 1, most);
        });
    }

    [GeneratedRegex(@"\.param \.align \d+ \.b8 \w+\[(\d+)\]")]
    private static partial Regex Argument();

    /// <summary>All parameters and states after a step: sizes are odd, one is 0; a gradient is strided, a parameter comes twice.</summary>
    private static float[][] Run(int count, Device device)
    {
        var random = new RandomStream(5);
        Tensor Make(int rows, int columns) => Tensor.Normal([rows, columns], random, device: Device.Cpu).Keep(device);
        var steps = new ParameterStep<DeviceParityTests.Momentum>[count + 1];
        for (int i = 0; i < count; i++)
        {
            int rows = i * 5 % 7, columns = i == 6 ? 40 : 1 + i % 4;
            steps[i] = new(
                new(0.01 * (i + 1)), Make(rows, columns), i % 3 == 0 ? Make(columns, rows).Transpose() : Make(rows, columns),
                i % 2 == 0 ? Make(rows, columns) : null, i % 4 < 2 ? Make(rows, columns).Square() : null,
                i % 5 == 0 ? Make(rows, columns) : null);
        }

        steps[count] = steps[count / 2];
        device.Update<DeviceParityTests.Momentum>(steps);
        return [.. steps.SelectMany(step => new[] { step.Parameter, step.State0, step.State1, step.State2 })
            .Where(tensor => tensor is not null).Select(tensor => tensor!.ToArray())];
    }

    private readonly struct LargeUpdate(decimal a, decimal b, decimal c, decimal d, decimal e) : IParameterUpdate
    {
        public void Apply<T>(ref T parameter, T gradient, ref T state0, ref T state1, ref T state2) where T : struct, ILane<T> =>
            parameter -= gradient * T.Const((double)(a + b + c + d + e));
    }
}
