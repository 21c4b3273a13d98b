using System.Collections;
using System.Globalization;
using TinyNet.Autograd;
using TinyNet.Core;
using Module = TinyNet.Layers.Module;

namespace TinyNet.Bench;

/// <summary>Types and arguments in words.</summary>
internal static class ApiText
{
    private const int ShownItems = 6;

    public static string Of(Type type)
    {
        if (type.IsByRef)
        {
            return Of(type.GetElementType()!);
        }

        if (!type.IsGenericType)
        {
            return type.Name;
        }

        return $"{type.Name.Split('`')[0]}<{string.Join(", ", type.GetGenericArguments().Select(Of))}>";
    }

    private static string State(Tensor tensor) => tensor switch
    {
        { IsAlive: false } => "dead ",
        Parameter { IsFrozen: true } => "frozen ",
        _ => "",
    };

    public static string Of(object? value)
    {
        try
        {
            return value switch
            {
                null => "null",
                string text => $"\"{text}\"",
                Tensor tensor => $"{State(tensor)}{tensor.GetType().Name} {tensor.Shape} on {tensor.Device.Name}",
                IndexTensor index => $"IndexTensor {index.Shape}",
                Module module => module.GetType().Name,
                Delegate function => $"a function {function.Method.Name}",
                IFormattable number and not Enum => number.ToString(null, CultureInfo.InvariantCulture),
                IEnumerable items => $"[{string.Join(", ", items.Cast<object?>().Take(ShownItems).Select(Of))}]",
                _ => value.ToString() ?? value.GetType().Name,
            };
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            // What cannot be printed, a struct of nothing say, is told by its type.
            return $"default {value!.GetType().Name}";
        }
    }
}
