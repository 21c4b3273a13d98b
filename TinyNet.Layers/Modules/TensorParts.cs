using System.Runtime.CompilerServices;
using TinyNet.Core;

namespace TinyNet.Layers;

/// <summary>
/// The tensors in an input or output of a module, whatever its type: a tensor, indices, a record, or a tuple, an array or a list of
/// tensors.
/// </summary>
internal static class TensorParts
{
    private static readonly Type[] Kinds =
        [typeof(Tensor), typeof(IndexTensor), typeof(ITensorRecord), typeof(ITuple), typeof(IReadOnlyList<Tensor>)];

    /// <summary>Whether a visitor can be shown something in values of a type; false for one that nothing is known of.</summary>
    public static bool AreSeenIn(Type type)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        return type.IsAbstract || type == typeof(object) || Array.Exists(Kinds, kind => kind.IsAssignableFrom(type));
    }

    /// <summary>Gives all tensors of a value to a visitor, and returns the value with what it returned for each.</summary>
    /// <exception cref="TensorException">
    /// The visitor returned other tensors, and the value is of a kind that cannot be made anew.
    /// </exception>
    public static T Visit<T>(T value, TensorVisitor visitor)
    {
        int changes = visitor.Changes;
        object? visited = Visited(value, visitor);
        return visitor.Changes == changes ? value
            : visited is T changed ? changed
            : throw new TensorException("a gradient hook", $"it cannot put a tensor of its own into a {typeof(T).Name}",
                "make it a record that implements ITensorRecord, or a tuple of two to four tensors");
    }

    private static object? Visited(object? value, TensorVisitor visitor)
    {
        switch (value)
        {
            case Tensor tensor:
                return visitor.Visit("", tensor);
            case IndexTensor indices:
                return visitor.Visit("", indices);
            case ITensorRecord record:
                return record.VisitTensors(visitor);
            case ValueTuple<Tensor, Tensor> t:
                return (Item(1, t.Item1), Item(2, t.Item2));
            case ValueTuple<Tensor, Tensor, Tensor> t:
                return (Item(1, t.Item1), Item(2, t.Item2), Item(3, t.Item3));
            case ValueTuple<Tensor, Tensor, Tensor, Tensor> t:
                return (Item(1, t.Item1), Item(2, t.Item2), Item(3, t.Item3), Item(4, t.Item4));
            case ValueTuple<Tensor, ValueTuple<Tensor, Tensor>> t:
                return (Item(1, t.Item1), visitor.Inside("Item2", t.Item2, Visit));
            case ITuple tuple:
                // Of any other type: it can be looked into, but not made anew.
                for (int i = 0; i < tuple.Length; i++)
                {
                    VisitMember($"Item{i + 1}", tuple[i], visitor);
                }

                return null;
            case Tensor[] array:
                return Array.ConvertAll(array, Element());
            case List<Tensor> list:
                return list.ConvertAll(Element());
            case IReadOnlyList<Tensor> list:
                return Array.ConvertAll([.. list], Element());
            default:
                return null;
        }

        Tensor Item(int item, Tensor tensor) => visitor.Visit($"Item{item}", tensor);

        Converter<Tensor, Tensor> Element()
        {
            int next = 0;
            return tensor => visitor.Visit($"{next++}", tensor);
        }
    }

    private static void VisitMember(string name, object? member, TensorVisitor visitor)
    {
        switch (member)
        {
            case Tensor tensor:
                visitor.Visit(name, tensor);
                break;
            case IndexTensor indices:
                visitor.Visit(name, indices);
                break;
            default:
                visitor.Inside(name, member, static (inner, within) => Visited(inner, within));
                break;
        }
    }
}
