using TinyNet.Autograd;
using TinyNet.Core;

namespace TinyNet.Tests.Architecture;

/// <summary>
/// What devices are handed, and the functions of lanes that it calls, could run on a GPU: it has no type tests and no stack.
/// </summary>
public class LaneCodeTests
{
    // Angles beyond 2²⁰ go through doubles, one by one; a GPU has sines of its own.
    private const string Exception = "TinyNet.Core/Lanes/LaneMath.LargeAngles.cs";

    private static readonly string[] Libraries = ["TinyNet.Core", "TinyNet.Autograd", "TinyNet.Layers"];

    private static readonly Type[] Interfaces =
    [
        .. typeof(Tensor).Assembly.GetTypes()
            .Where(type => type.IsInterface && DeviceStructTests.Kinds.Any(kind => kind.IsAssignableFrom(type))),
    ];

    private static readonly LaneCode Scanner = new(
        new HashSet<string> { "TinyNet.Core/Lanes", "TinyNet.Core/Elementwise" },
        Interfaces.Select(type => type.Name).ToHashSet());

    private static readonly Dictionary<string, string> Sources = Repository.Files(".cs")
        .Where(file => Libraries.Contains(file.Split(Path.DirectorySeparatorChar)[0]))
        .ToDictionary(file => file.Replace('\\', '/'), Repository.Read);

    [Fact]
    public void No_code_over_lanes_tests_types_or_takes_memory_of_the_stack() =>
        Assert.Empty(Sources.Where(file => file.Key != Exception).SelectMany(file => Scanner.Faults(file.Key, file.Value)));

    [Fact]
    public void The_exception_is_one() => Assert.NotEmpty(Scanner.Faults(Exception, Sources[Exception]));

    [Fact]
    public void Every_struct_that_is_handed_to_devices_is_scanned()
    {
        var compiled = DeviceStructTests.Handed().Select(type => type.Name.Split('`')[0]);

        Assert.Equal(compiled.Order(StringComparer.Ordinal), Sources.Values.SelectMany(Scanner.Structs).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("struct A : IUnaryMap { bool B => typeof(T) == typeof(float); }", 2)]
    [InlineData("readonly struct A<T>(float x, int[] y) : IOther, IUnaryOp where T : struct { int B() => Is<T>(stackalloc int[1]); }", 1)]
    [InlineData("class A { struct B : IReduction { int C() { { } return typeof(A).D; } } }", 1)]
    [InlineData("class A { static T B<T>(T x) where T : struct, ILane<T> { T* y = stackalloc T[4]; return *y; } }", 1)]
    [InlineData("class A { static bool B<T>() where T : ILane<T> => typeof(T) == typeof(int); }", 2)]
    [InlineData("class A { T B<T>(T x) where T : ILane<T> => x; Type C => typeof(A); }", 0)]
    [InlineData("struct A<T> : IOther where T : IUnaryMap { Type B => typeof(T); }", 0)]
    [InlineData("struct A : IUnaryMap { string B => \"typeof(T)\"; /* stackalloc */ } struct C { Type D => typeof(C); }", 0)]
    [InlineData("class A : IUnaryMap { Type B => typeof(A); }", 0)]
    public void A_planted_fault_is_found(string source, int count) => Assert.Equal(count, Scanner.Faults("Planted.cs", source).Count());

    [Fact]
    public void A_fault_is_told_with_file_and_line_and_in_the_folders_of_lanes_wherever_it_stands()
    {
        const string Source = "class A\n{\n    Type B => typeof(A);\n}";

        Assert.Equal(["TinyNet.Core/Lanes/A.cs(3): typeof"], Scanner.Faults("TinyNet.Core/Lanes/A.cs", Source));
        Assert.Empty(Scanner.Faults("TinyNet.Core/Devices/A.cs", Source));
    }
}
