using System.Reflection;

namespace TinyNet.Bench;

/// <summary>
/// Which calls in compiled methods pass registers. Those of methods that are marked as not to be inlined are on purpose.
/// </summary>
/// <param name="assemblies">The assemblies that the methods are from.</param>
/// <param name="width">What they were compiled for.</param>
internal sealed class LaneCalls(IEnumerable<Assembly> assemblies, LaneTypes width)
{
    private readonly Dictionary<string, Type> _types = assemblies.SelectMany(assembly => assembly.GetTypes())
        .Where(type => type.FullName is not null).DistinctBy(type => type.FullName).ToDictionary(type => type.FullName!);

    private readonly string[] _registers = [$"{width.Lane}", $"{width.Vector}"[..$"{width.Vector}".IndexOf('[', StringComparison.Ordinal)]];

    /// <summary>Whether a method in a listing belongs to one of the assemblies.</summary>
    public bool Knows(string method) => TypeOf(method) is not null;

    /// <summary>Whether a call passes registers, and is not on purpose.</summary>
    public bool IsFault(string callee)
    {
        MethodBase[] methods = Methods(callee);
        return PassesRegisters(callee, methods) && !IsOnPurpose(methods);
    }

    /// <summary>Whether a call passes registers, and is meant to.</summary>
    public bool IsOnPurpose(string callee)
    {
        MethodBase[] methods = Methods(callee);
        return PassesRegisters(callee, methods) && IsOnPurpose(methods);
    }

    /// <summary>The type and the name of a method, without the types that it is made for.</summary>
    public static string NameOf(string method) => WithoutArguments(method[..Parameters(method)]);

    private static bool IsOnPurpose(MethodBase[] methods) => methods.Length > 0
        && Array.TrueForAll(methods, method => method.MethodImplementationFlags.HasFlag(MethodImplAttributes.NoInlining));

    // References have no type in a listing: of these the declaration tells.
    private bool PassesRegisters(string callee, MethodBase[] methods) =>
        TypeOf(callee) is { } type && LaneTypes.IsOne(type)
            || _registers.Any(callee[Parameters(callee)..].Contains)
            || methods.Any(LaneTypes.Pass);

    private MethodBase[] Methods(string callee)
    {
        string[] name = NameOf(callee).Split(':', 2);
        string parameters = WithoutArguments(callee[Parameters(callee)..]).TrimStart('(').Split(')')[0];
        int count = parameters.Length == 0 ? 0 : parameters.Split(',').Length;
        var members = _types.GetValueOrDefault(name[0])?.GetMember(name[1], LaneMethods.Declared) ?? [];
        return [.. members.OfType<MethodBase>().Where(method => method.GetParameters().Length == count)];
    }

    private Type? TypeOf(string method) => _types.GetValueOrDefault(NameOf(method).Split(':')[0]);

    /// <summary>Where the parameters of a method begin.</summary>
    private static int Parameters(string name) => name.IndexOf('(', StringComparison.Ordinal) is var at and >= 0 ? at : name.Length;

    /// <summary>A name without the types in brackets.</summary>
    private static string WithoutArguments(string name)
    {
        int depth = 0;
        return string.Concat(name.Where(c =>
        {
            depth += c == '[' ? 1 : 0;
            bool isOutside = depth == 0;
            depth -= c == ']' ? 1 : 0;
            return isOutside;
        }));
    }
}
