using System.Reflection;
using System.Runtime.CompilerServices;

namespace TinyNet.Bench;

/// <summary>
/// Every method over lanes, with every struct that it can be made for: found by reflection, so that none is forgotten, and compiled
/// without being run.
/// </summary>
/// <param name="assemblies">Where methods and structs are looked for.</param>
/// <param name="width">What methods are compiled for.</param>
internal sealed class LaneMethods(IEnumerable<Assembly> assemblies, LaneTypes width)
{
    public const BindingFlags Declared = BindingFlags.DeclaredOnly | BindingFlags.Instance | BindingFlags.Static
        | BindingFlags.Public | BindingFlags.NonPublic;

    /// <summary>How deep structs are put into each other: the loop over the gradient of an operation is two.</summary>
    private const int Depth = 2;

    private readonly Dictionary<string, Type[]> _structs = [];

    private readonly Type[] _types =
        [.. assemblies.SelectMany(assembly => assembly.GetTypes()).Where(type => !type.IsInterface && !width.IsOther(type))];

    /// <summary>Compiles the methods, or those alone that have to do with one assembly.</summary>
    public void Compile(Assembly? only)
    {
        foreach (var method in _types.SelectMany(type => type.GetMethods(Declared)).Where(method => method.GetMethodBody() is not null))
        {
            Type[] parameters = LaneTypes.ParametersOf(method);
            if (parameters.Length > 0 && !parameters.Any(LaneTypes.IsLaneParameter) && !parameters.Any(LaneTypes.IsOperationsParameter))
            {
                continue;
            }

            foreach (var arguments in Arguments(parameters, 0))
            {
                if (only is null || method.Module.Assembly == only || arguments.Any(argument => IsMadeOf(argument, only)))
                {
                    RuntimeHelpers.PrepareMethod(method.MethodHandle, Array.ConvertAll(arguments, argument => argument.TypeHandle));
                }
            }
        }
    }

    private static bool IsMadeOf(Type type, Assembly assembly) =>
        type.Assembly == assembly || type.GenericTypeArguments.Any(argument => IsMadeOf(argument, assembly));

    /// <summary>All that type parameters can be together.</summary>
    private Type[][] Arguments(Type[] parameters, int depth)
    {
        Type[][] all = [[]];
        foreach (var parameter in parameters)
        {
            Type[] candidates = Candidates(parameter, parameters, depth);
            all = [.. all.SelectMany(some => candidates.Select(candidate => (Type[])[.. some, candidate]))];
        }

        return all;
    }

    private Type[] Candidates(Type parameter, Type[] parameters, int depth)
    {
        if (LaneTypes.IsLaneParameter(parameter))
        {
            return [width.Lane];
        }

        if (LaneTypes.IsOperationsParameter(parameter))
        {
            return [width.Operations];
        }

        if (LaneTypes.IsVectorParameter(parameter, parameters))
        {
            return [width.Vector];
        }

        Type[] constraints = [.. parameter.GetGenericParameterConstraints().Where(constraint => constraint.IsInterface)];
        return constraints.Length == 0 ? [] : Structs(constraints, depth);
    }

    private Type[] Structs(Type[] constraints, int depth)
    {
        string key = $"{depth} {string.Join(' ', constraints.Select(constraint => $"{constraint}"))}";
        if (!_structs.TryGetValue(key, out var found))
        {
            var fitting = _types.Where(type => type.IsValueType && constraints.All(constraint => constraint.IsAssignableFrom(type)));
            _structs[key] = found = [.. fitting.SelectMany(type =>
                !type.IsGenericTypeDefinition ? [type]
                : depth == Depth ? []
                : Arguments(type.GetGenericArguments(), depth + 1).Select(arguments => type.MakeGenericType(arguments)))];
        }

        return found;
    }
}
