using ILGPU;
using TinyNet.Ilgpu;

namespace TinyNet.Tests.Ilgpu;

/// <summary>Every kernel compiles for the architectures of CUDA, to code that needs no GPU to be judged.</summary>
public class IlgpuKernelTests
{
    private static readonly ILookup<string, Type> Kinds = JobTypes.All.ToLookup(job => job.Name);

    public static TheoryData<string> Rows => [.. Kinds.Select(kind => kind.Key)];

    [Theory, MemberData(nameof(Rows))]
    public void It_compiles_with_every_operation(string job)
    {
        var faults = IlgpuPtx.Faults([.. Kinds[job]]);

        Assert.True(faults.Count == 0, string.Join('\n', faults));
    }

    [Fact]
    public void No_operation_is_forgotten()
    {
        Assert.All(
            Architecture.DeviceStructTests.Handed().Where(type => !type.IsGenericType),
            type => Assert.Contains(JobTypes.All, job => IsMadeOf(job, type)));
        static bool IsMadeOf(Type job, Type type) => job == type || job.GenericTypeArguments.Any(argument => IsMadeOf(argument, type));
    }

    [Theory]
    [InlineData(typeof(Calling), ".extern .func")]
    [InlineData(typeof(Spilling), ".local")]
    [InlineData(typeof(Throwing), "does not compile")]
    public void A_fault_is_found(Type job, string fault)
    {
        var faults = IlgpuPtx.Faults([job, typeof(GatherJob)]);

        Assert.Equal(2, faults.Count);
        Assert.All(faults, found => Assert.Contains(fault, found, StringComparison.Ordinal));
    }

    internal readonly struct Calling(ArrayView<float> x) : IGpuJob
    {
        public void Run() => x[0] = MathF.FusedMultiplyAdd(x[0], x[1], x[2]);
    }

    internal readonly struct Spilling(ArrayView<float> x) : IGpuJob
    {
        public void Run()
        {
            var own = LocalMemory.Allocate<float>(4);
            own[(int)x[1]] = x[0];
            x[2] = own[(int)x[3]];
        }
    }

    internal readonly struct Throwing(ArrayView<float> x) : IGpuJob
    {
        public void Run() => x[0] = Convert.ToString(x[1], null).Length;
    }
}
