using System.Collections;
using System.Runtime.CompilerServices;
using TinyNet.Core;

namespace TinyNet.Layers;

/// <summary>
/// The tensors in an input or output of a module: a tensor, indices, a record, or a tuple, an array or a list of these. What they can be
/// by their type is in <see cref="TensorTypes"/>.
/// </summary>
internal static class TensorParts
{
    // Lists and tuples that can be made anew; any other is only looked into.
    private static readonly Dictionary<Type, Func<object, TensorVisitor, object>> Renewals = new(
    [
        Renewal<List<Tensor>>(static (list, visitor) => list.ConvertAll(Element(visitor))),
        Renewal<IReadOnlyList<Tensor>>(static (list, visitor) => Array.ConvertAll([.. list], Element(visitor))),
        Renewal<(Tensor, Tensor)>(Pair),
        Renewal<(Tensor, Tensor, Tensor)>(
            static (t, visitor) => (Item(1, t.Item1, visitor), Item(2, t.Item2, visitor), Item(3, t.Item3, visitor))),
        Renewal<(Tensor, Tensor, Tensor, Tensor)>(static (t, visitor) =>
            (Item(1, t.Item1, visitor), Item(2, t.Item2, visitor), Item(3, t.Item3, visitor), Item(4, t.Item4, visitor))),
        Renewal<(Tensor, (Tensor, Tensor))>(
            static (t, visitor) => (Item(1, t.Item1, visitor), visitor.Inside("Item2", t.Item2, Pair))),
    ]);

    /// <summary>Whether a list or tuple of a type can be made anew with other tensors.</summary>
    public static bool IsRenewable(Type type) => Renewals.ContainsKey(type);

    /// <summary>Gives all tensors of a value to a visitor, and returns the value with what it returned for each.</summary>
    /// <exception cref="TensorException">
    /// The visitor returned other tensors, and the value cannot be made anew, or is a record that does not take them.
    /// </exception>
    public static T Visit<T>(T value, TensorVisitor visitor)
    {
        int changes = visitor.ChangeCount;
        object? visited = Visited(value, visitor);
        if (visitor.ChangeCount == changes)
        {
            return value;
        }

        if (visited is not T changed)
        {
            throw new TensorException("a gradient hook",
                $"it cannot put a tensor of its own into a {TensorTypes.NameOf(value!.GetType())}",
                "make it a record that implements ITensorRecord, or a tuple of two to four tensors");
        }

        var missing = new Missing(visitor.ChangesFrom(changes));
        Visited(changed, missing);
        return missing.First is not { } name ? changed : throw new TensorException("a gradient hook",
            $"what VisitTensors returned of a {TensorTypes.NameOf(value!.GetType())} does not have at '{name}' the tensor of the visitor",
            "return a new record, with what the visitor returned for each member");
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
                return visitor.VisitRecord(record);
            case ITuple tuple when !IsRenewable(tuple.GetType()):
                for (int i = 0; i < tuple.Length; i++)
                {
                    Member($"Item{i + 1}", tuple[i], visitor);
                }

                return null;
            case ITuple or List<Tensor> when Renewals.TryGetValue(value.GetType(), out var renewal):
                return renewal(value, visitor);
            case Tensor[] array:
                return Array.ConvertAll(array, Element(visitor));
            case IReadOnlyList<Tensor> list:
                return Renewals[typeof(IReadOnlyList<Tensor>)](list, visitor);
            case IList list when TensorTypes.In(list.GetType()).Kinds is not TensorKinds.None and var kinds:
                var renewed = kinds.HasFlag(TensorKinds.Gradients) ? (Array)((Array)list).Clone() : null;
                for (int i = 0; i < list.Count; i++)
                {
                    object? member = Member($"{i}", list[i], visitor);
                    renewed?.SetValue(member, i);
                }

                return renewed;
            default:
                return null;
        }
    }

    private static object? Member(string name, object? member, TensorVisitor visitor) => member switch
    {
        Tensor tensor => visitor.Visit(name, tensor),
        IndexTensor indices => visitor.Visit(name, indices),
        _ => visitor.Inside(name, member, static (inner, within) => Visited(inner, within)),
    };

    private static KeyValuePair<Type, Func<object, TensorVisitor, object>> Renewal<T>(Func<T, TensorVisitor, T> visit) where T : notnull =>
        new(typeof(T), (value, visitor) => visit((T)value, visitor));

    private static (Tensor, Tensor) Pair((Tensor, Tensor) t, TensorVisitor visitor) =>
        (Item(1, t.Item1, visitor), Item(2, t.Item2, visitor));

    private static Tensor Item(int item, Tensor tensor, TensorVisitor visitor) => visitor.Visit($"Item{item}", tensor);

    private static Converter<Tensor, Tensor> Element(TensorVisitor visitor)
    {
        int next = 0;
        return tensor => visitor.Visit($"{next++}", tensor);
    }

    /// <summary>Looks for tensors, each by its name; those that it has not come to are missing.</summary>
    private sealed class Missing(List<(string Name, Tensor Tensor)> sought) : TensorVisitor
    {
        public string? First => sought.Count == 0 ? null : sought[0].Name;

        protected override Tensor OnTensor(string name, Tensor tensor)
        {
            sought.Remove((name, tensor));
            return tensor;
        }
    }
}
