using System.Reflection;
using System.Runtime.Intrinsics;
using TinyNet.Core;

namespace TinyNet.Bench;

/// <summary>What a width of registers is in types, and which methods take or return such registers.</summary>
/// <param name="Lane">The lane.</param>
/// <param name="Operations">The operations of register tiles.</param>
/// <param name="Vector">The vectors of register tiles.</param>
internal sealed record LaneTypes(Type Lane, Type Operations, Type Vector)
{
    public static LaneTypes Of(int laneBits) => laneBits switch
    {
        512 => new(typeof(Lane512), typeof(ProductVector512), typeof(Vector512<float>)),
        256 => new(typeof(Lane256), typeof(ProductVector256), typeof(Vector256<float>)),
        128 => new(typeof(Lane128), typeof(ProductVector128), typeof(Vector128<float>)),
        _ => throw new ArgumentOutOfRangeException(nameof(laneBits), laneBits, "one float at a time fills no register"),
    };

    /// <summary>Whether a type parameter stands for a lane.</summary>
    public static bool IsLaneParameter(Type type) => IsParameterOf(type, typeof(ILane<>));

    /// <summary>Whether a type parameter stands for the operations of register tiles.</summary>
    public static bool IsOperationsParameter(Type type) => IsParameterOf(type, typeof(IProductVector<>));

    /// <summary>Whether a type parameter stands for the vector of such operations, which are another type parameter.</summary>
    public static bool IsVectorParameter(Type type, IEnumerable<Type> parameters) => parameters.Any(other =>
        IsOperationsParameter(other) && other.GetGenericParameterConstraints().Any(one => one.GenericTypeArguments.Contains(type)));

    /// <summary>Whether a type is a lane of floats, or the operations of register tiles.</summary>
    public static bool IsOne(Type type) =>
        type.IsValueType && (Implements(type, typeof(IVectorLane<>)) || Implements(type, typeof(IProductVector<>)));

    /// <summary>Whether a type is one of another width.</summary>
    public bool IsOther(Type type) => IsOne(type) && type != Lane && type != Operations;

    /// <summary>Whether a method takes registers, itself or by reference, or returns one. One float fills none.</summary>
    public static bool Pass(MethodBase method)
    {
        Type[] parameters = ParametersOf(method);
        return method.GetParameters().Select(parameter => parameter.ParameterType).Append((method as MethodInfo)?.ReturnType)
            .Any(type => type is not null && IsRegister(type, parameters));
    }

    /// <summary>The type parameters of a method and of its type.</summary>
    public static Type[] ParametersOf(MethodBase method) =>
        [.. method.DeclaringType!.GetGenericArguments(), .. method.IsGenericMethod ? method.GetGenericArguments() : []];

    private static bool IsRegister(Type type, Type[] parameters) =>
        type.IsByRef ? IsRegister(type.GetElementType()!, parameters)
        : type.IsGenericParameter ? IsLaneParameter(type) || IsVectorParameter(type, parameters)
        : !type.IsPointer && ((IsOne(type) && type != typeof(ScalarLane))
            || (type.IsValueType && type.Namespace == typeof(Vector512).Namespace)
            || type.GenericTypeArguments.Any(argument => IsRegister(argument, parameters)));

    private static bool IsParameterOf(Type type, Type definition) =>
        type.IsGenericParameter && type.GetGenericParameterConstraints().Any(constraint => Implements(constraint, definition));

    private static bool Implements(Type type, Type definition) => type.GetInterfaces().Append(type)
        .Any(one => one.IsGenericType && one.GetGenericTypeDefinition() == definition);
}
