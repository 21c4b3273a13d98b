using System.Reflection;
using System.Runtime.CompilerServices;
using TinyNet.Autograd;
using TinyNet.Bench;
using TinyNet.Core;
using TinyNet.Layers;
using TinyNet.Tests.Docs.Extending;

namespace TinyNet.Tests.Architecture;

/// <summary>
/// What takes or returns lanes says whether it is inlined, as the compiler inlines by itself only what is short. Whether it did,
/// <c>inlining</c> of TinyNet.Bench tells.
/// </summary>
public class LaneInliningTests
{
    private const MethodImplAttributes OptimizedApart = MethodImplAttributes.AggressiveOptimization | MethodImplAttributes.NoInlining;

    // The libraries, and what docs/extending.md shows. The operations of a lane itself are an instruction or two.
    private static readonly IEnumerable<Type> Types =
        new[] { typeof(Tensor).Assembly, typeof(Tape).Assembly, typeof(Dense).Assembly }.SelectMany(assembly => assembly.GetTypes())
            .Where(type => !LaneTypes.IsOne(type) && type != typeof(DoubleLane) && type != typeof(ILane<>))
            .Concat(typeof(BentIdentityOp).Assembly.GetTypes().Where(type => type.Namespace == typeof(BentIdentityOp).Namespace));

    [Fact]
    public void What_passes_lanes_is_marked() => Assert.Empty(Types.SelectMany(Unmarked));

    /// <summary>
    /// A loop that the compiler optimizes at once is compiled apart. Where it is inlined into what calls it instead, as profiles may have
    /// it, there are too many methods in one for the lane operations to be inlined too: softmax took twice as long.
    /// </summary>
    [Fact]
    public void What_is_optimized_at_once_is_compiled_apart() => Assert.Empty(Types.SelectMany(InlinedLoops));

    [Fact]
    public void A_loop_that_may_be_inlined_is_found() => Assert.Equal(["Planted.Count"], InlinedLoops(typeof(Planted)));

    [Fact]
    public void A_method_without_a_mark_is_found() => Assert.Equal(["Planted.Forward", "Planted.Swap"], Unmarked(typeof(Planted)));

    private static IEnumerable<string> Unmarked(Type type) =>
        from method in type.GetMethods(LaneMethods.Declared)
        where method.GetMethodBody() is not null && LaneTypes.Pass(method)
        let flags = method.MethodImplementationFlags
        where (flags & (MethodImplAttributes.AggressiveInlining | MethodImplAttributes.NoInlining)) == 0
        select $"{type.Name}.{method.Name}";

    private static IEnumerable<string> InlinedLoops(Type type) =>
        from method in type.GetMethods(LaneMethods.Declared)
        where (method.MethodImplementationFlags & OptimizedApart) == MethodImplAttributes.AggressiveOptimization
        select $"{type.Name}.{method.Name}";

    internal readonly struct Planted : IUnaryMap
    {
        public T Forward<T>(T x) where T : struct, ILane<T> => x;

        public static void Swap<T>(ref T a, ref T b) where T : struct, ILane<T> => (a, b) = (b, a);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Twice<T>(T x) where T : struct, ILane<T> => x + x;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public static unsafe int Count<T>(T* x, int count) where T : unmanaged, ILane<T> => x == null ? 0 : count;
    }
}
