using System.Diagnostics;
using System.Reflection;
using System.Runtime.InteropServices;
using TinyNet.Bench;
using TinyNet.Core;

namespace TinyNet.ExtensionTests;

/// <summary><c>inlining</c> over somebody's own assembly: this one.</summary>
public class InliningTests
{
    [Fact]
    public void A_method_that_remains_a_call_is_listed_and_those_that_are_inlined_are_not()
    {
        Assert.SkipUnless(RuntimeInformation.ProcessArchitecture == Architecture.X64, "listings are read of x64 alone");
        Assert.SkipWhen(
            typeof(Tensor).Assembly.GetCustomAttribute<DebuggableAttribute>()!.IsJITOptimizerDisabled, "a debug build inlines nothing");
        var lines = new List<string>();

        int? exit = ChildProcess.Run(
            "dotnet",
            [typeof(ChildProcess).Assembly.Location, "inlining", "--assembly", typeof(PlantedOp).Assembly.Location, "--lanes", "128"],
            lines.Add);

        Assert.Equal(1, exit);
        Assert.StartsWith("128 bits: ", lines[0]);
        Assert.Contains(", 2 called with registers", lines[0]);
        Assert.Contains(
            "  TinyNet.ExtensionTests.PlantedOp:Forward[TinyNet.Core.Lane128](TinyNet.Core.Lane128):TinyNet.Core.Lane128:this", lines);
        Assert.Contains(lines, line => line.Contains(" calls, in a loop of TinyNet.Core."));
        Assert.Contains("  TinyNet.ExtensionTests.PlantedOp:Add[TinyNet.Core.Lane128](byref,byref)", lines);
        Assert.DoesNotContain(lines, line => line.Contains("LionUpdate:Apply"));
    }
}

/// <summary>What is too long to be inlined unasked, and a method of which only its declaration tells that it takes lanes.</summary>
internal readonly struct PlantedOp : IUnaryMap
{
    public T Forward<T>(T x) where T : struct, ILane<T>
    {
        T sum = T.One;
        Add(ref sum, ref x);
        T a = T.MultiplyAdd(sum, x, x), b = T.MultiplyAdd(a, x, sum), c = T.MultiplyAdd(b, a, x);
        T d = T.MultiplyAdd(c, b, a), e = T.MultiplyAdd(d, c, b), f = T.MultiplyAdd(e, d, c);
        return T.Select(a < b, c / d, T.Select(c < d, e / f, T.Sqrt(a * b + c * d + e * f)));
    }

    private static void Add<T>(ref T sum, ref T x) where T : struct, ILane<T>
    {
        T a = T.MultiplyAdd(sum, x, x), b = T.MultiplyAdd(a, x, sum), c = T.MultiplyAdd(b, a, x);
        T d = T.MultiplyAdd(c, b, a), e = T.MultiplyAdd(d, c, b), f = T.MultiplyAdd(e, d, c);
        sum += T.Select(a < b, c / d, T.Select(c < d, e / f, T.Sqrt(a * b + c * d + e * f)));
    }
}
