using System.Reflection;
using TinyNet.Autograd;
using TinyNet.Core;
using TinyNet.Layers;

namespace TinyNet.Tests.Architecture;

/// <summary>
/// What is handed to a device is handed to the compiler of a GPU by some of them: structs of plain numbers, whose memory looks the
/// same on both sides. A bool, a char or a reference in one of them would fail there, at the first launch.
/// </summary>
public class DeviceStructTests
{
    internal static readonly Type[] Kinds =
        [typeof(IUnaryMap), typeof(IBinaryMap), typeof(ITernaryMap), typeof(IReduction), typeof(IParameterUpdate), typeof(IRecurrentStep)];

    private static readonly Type[] Geometry = [typeof(Window), typeof(PoolGrid), typeof(ResizeGrid), typeof(RandomRange)];

    [Fact]
    public void What_is_handed_to_a_device_holds_plain_numbers()
    {
        Assert.Empty(Handed().Concat(Geometry).SelectMany(Faults));
    }

    /// <summary>
    /// A GPU compiler that makes code of its own for them is let into an assembly as a friend is: it sees no private type.
    /// </summary>
    [Fact]
    public void What_is_handed_to_a_device_is_in_no_private_type()
    {
        Assert.DoesNotContain(Handed(), IsPrivate);
        Assert.True(IsPrivate(typeof(Planted)));
    }

    [Fact]
    public void A_field_that_no_GPU_takes_is_found()
    {
        Assert.Equal(["Planted._holds is a Boolean: make it a Flag"], Faults(typeof(Planted)));
        Assert.Equal(["Planted._holds is a Boolean: make it a Flag"], Faults(typeof(Around<Planted>)));
        Assert.Equal(["Named._name is a String: keep it out of the struct"], Faults(typeof(Named)));
        Assert.Empty(Faults(typeof(Around<SGDLike>)));
    }

    /// <summary>Every struct of the libraries that devices are handed.</summary>
    internal static List<Type> Handed()
    {
        var handed = new[] { typeof(Tensor).Assembly, typeof(Tape).Assembly, typeof(Dense).Assembly }
            .SelectMany(assembly => assembly.GetTypes())
            .Where(type => type.IsValueType && Kinds.Any(kind => kind.IsAssignableFrom(type)))
            .ToList();
        Assert.True(handed.Count > 100);
        return handed;
    }

    private static bool IsPrivate(Type type) => type.IsNestedPrivate || (type.DeclaringType is { } outer && IsPrivate(outer));

    /// <summary>
    /// The fields, those of the structs in its fields included, that are no plain numbers. A type parameter is another's matter.
    /// </summary>
    private static IEnumerable<string> Faults(Type type) =>
        from field in type.GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic)
        let held = field.FieldType
        where !held.IsGenericParameter && !held.IsEnum
        from fault in held == typeof(bool) ? [$"{NameOf(field)} is a Boolean: make it a {nameof(Flag)}"]
            : held.IsPrimitive && held != typeof(char) ? []
            : held.IsValueType && held != typeof(char) ? Faults(held)
            : new[] { $"{NameOf(field)} is a {held.Name}: keep it out of the struct" }
        select fault;

    /// <summary>A captured parameter of a primary constructor is a field with the name in angle brackets.</summary>
    private static string NameOf(FieldInfo field)
    {
        string name = field.Name[0] == '<' ? field.Name[1..field.Name.IndexOf('>', StringComparison.Ordinal)] : field.Name;
        return $"{field.DeclaringType!.Name}.{name}";
    }

    private readonly struct Planted(bool holds)
    {
        private readonly bool _holds = holds;

        public override string ToString() => $"{_holds}";
    }

    private readonly struct Named(string name)
    {
        private readonly string _name = name;

        public override string ToString() => _name;
    }

    private readonly struct SGDLike(float rate, Flag isNesterov)
    {
        public override string ToString() => $"{rate} {isNesterov}";
    }

    private readonly struct Around<T>(T inner) where T : struct
    {
        public override string ToString() => $"{inner}";
    }
}
