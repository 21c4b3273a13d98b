using TinyNet.Autograd;
using TinyNet.Core;
using TinyNet.Ilgpu;
using TinyNet.Layers;

namespace TinyNet.Tests.Ilgpu;

/// <summary>
/// Every kernel of the GPU device, with every struct of the libraries that it can be made for: found by reflection, so that none is
/// forgotten.
/// </summary>
internal static class JobTypes
{
    // How deep structs are put into each other: the map of the gradient of an operation is two.
    private const int Depth = 2;

    private static readonly Type[] Structs =
    [
        .. new[] { typeof(Tensor), typeof(Tape), typeof(Dense), typeof(IlgpuDevice) }
            .SelectMany(anchor => anchor.Assembly.GetTypes())
            .Where(type => type.IsValueType),
    ];

    /// <summary>The kernels.</summary>
    public static IReadOnlyList<Type> All { get; } =
        [.. Structs.Where(type => typeof(IGpuJob).IsAssignableFrom(type)).SelectMany(job => Made(job, 0))];

    /// <summary>All that a struct can be.</summary>
    private static IEnumerable<Type> Made(Type type, int depth) =>
        !type.IsGenericTypeDefinition ? [type] : Arguments(type, depth).Select(arguments => type.MakeGenericType(arguments));

    /// <summary>Type arguments among which each struct is that can stand in a place: not all that they can be together.</summary>
    private static IEnumerable<Type[]> Arguments(Type type, int depth)
    {
        Type[][] candidates = [.. type.GetGenericArguments().Select(parameter => Candidates(parameter, depth))];
        if (candidates.Any(some => some.Length == 0))
        {
            return [];
        }

        Type[] first = [.. candidates.Select(some => some[0])];
        return candidates.SelectMany((some, place) => some.Skip(1).Select(one => (Type[])[.. first[..place], one, .. first[(place + 1)..]]))
            .Prepend(first);
    }

    private static Type[] Candidates(Type parameter, int depth)
    {
        Type[] constraints = [.. parameter.GetGenericParameterConstraints().Where(constraint => constraint.IsInterface)];
        return depth == Depth
            ? []
            : [.. Structs.Where(type => constraints.All(one => one.IsAssignableFrom(type))).SelectMany(type => Parts(type, depth + 1))];
    }

    /// <summary>
    /// What can stand in a place. A part of a large kernel has one operation: how all others compile is seen by their maps.
    /// </summary>
    private static IEnumerable<Type> Parts(Type type, int depth) =>
        type.Assembly == typeof(IlgpuDevice).Assembly ? Made(type, depth).Take(1) : Made(type, depth);
}
