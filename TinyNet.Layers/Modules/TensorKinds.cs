using System.Runtime.CompilerServices;
using TinyNet.Core;

namespace TinyNet.Layers;

/// <summary>What hooks find in an input or output of a module, going by its type. Any other hook on it is refused.</summary>
[Flags]
public enum TensorKinds
{
    /// <summary>Nothing, or something of a type that may hide tensors.</summary>
    None = 0,

    /// <summary>Tensors, for <see cref="Module.OnInput"/> and <see cref="Module.OnOutput"/>.</summary>
    Tensors = 1,

    /// <summary>Indices, for <see cref="Module.OnInputIndices"/> and <see cref="Module.OnOutputIndices"/>.</summary>
    Indices = 2,

    /// <summary>
    /// Tensors in whose places others can be put, for <see cref="Module.OnInputGradient"/> and <see cref="Module.OnOutputGradient"/>.
    /// </summary>
    Gradients = 4,
}

/// <summary>What is known of the values of a type. Which record holds what, only its values say: it may hold everything.</summary>
internal static class TensorTypes
{
    /// <summary>What hooks find in values of a type, and the first type in it that may hide tensors from them, if there is one.</summary>
    public static (TensorKinds Kinds, Type? Hidden) In(Type type)
    {
        Type? hidden = null;
        var kinds = Look(type, ref hidden);
        return (hidden is null ? kinds : TensorKinds.None, hidden);
    }

    /// <summary>The name of a type as C# writes it.</summary>
    public static string NameOf(Type type)
    {
        if (Nullable.GetUnderlyingType(type) is { } value)
        {
            return $"{NameOf(value)}?";
        }

        if (type.IsSZArray)
        {
            return $"{NameOf(type.GetElementType()!)}[]";
        }

        if (!type.IsGenericType)
        {
            return type.Name;
        }

        string arguments = string.Join(", ", Array.ConvertAll(type.GenericTypeArguments, NameOf));
        return IsTuple(type) && type.IsValueType ? $"({arguments})" : $"{type.Name.Split('`')[0]}<{arguments}>";
    }

    private static TensorKinds Look(Type type, ref Type? hidden)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        if (type == typeof(Tensor) || typeof(ITensorRecord).IsAssignableFrom(type))
        {
            return type == typeof(Tensor)
                ? TensorKinds.Tensors | TensorKinds.Gradients
                : TensorKinds.Tensors | TensorKinds.Indices | TensorKinds.Gradients;
        }

        if (type == typeof(IndexTensor))
        {
            return TensorKinds.Indices;
        }

        // Of a parameter, or of a list of somebody else's, there cannot be another one.
        if (typeof(Tensor).IsAssignableFrom(type) || (typeof(IReadOnlyList<Tensor>).IsAssignableFrom(type) && !type.IsSZArray))
        {
            return TensorParts.IsRenewable(type) ? TensorKinds.Tensors | TensorKinds.Gradients : TensorKinds.Tensors;
        }

        if (type.IsSZArray)
        {
            return Look(type.GetElementType()!, ref hidden);
        }

        bool isTuple = IsTuple(type);
        if (isTuple || (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(List<>)))
        {
            var kinds = TensorKinds.None;
            foreach (var part in type.GenericTypeArguments)
            {
                kinds |= Look(part, ref hidden);
            }

            return TensorParts.IsRenewable(type) ? kinds : kinds & ~TensorKinds.Gradients;
        }

        if (!type.IsPrimitive && !type.IsEnum && type != typeof(string))
        {
            hidden ??= type;
        }

        return TensorKinds.None;
    }

    /// <summary>Whether the arguments of the type are the types of the items; of a tuple of somebody else's that is not known.</summary>
    private static bool IsTuple(Type type) => typeof(ITuple).IsAssignableFrom(type) && type.Namespace == nameof(System);
}
