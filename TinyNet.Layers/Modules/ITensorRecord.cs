using System.Diagnostics.CodeAnalysis;
using TinyNet.Core;

namespace TinyNet.Layers;

/// <summary>
/// Several tensors as one input or output of a module; hooks see each by its name. Tuples, arrays and lists need no record.
/// </summary>
/// <example>
/// <code>
/// public readonly record struct Pair(Tensor First, Tensor Second) : ITensorRecord
/// {
///     public ITensorRecord VisitTensors(TensorVisitor visitor) =>
///         new Pair(visitor.Visit(nameof(First), First), visitor.Visit(nameof(Second), Second));
/// }
/// </code>
/// </example>
public interface ITensorRecord
{
    /// <summary>
    /// Gives every tensor, index tensor and record in it to a visitor, and returns the same record with what the visitor returned for
    /// each: hooks of gradients put tensors of their own in, and refuse a record that does not have them.
    /// </summary>
    ITensorRecord VisitTensors(TensorVisitor visitor);
}

/// <summary>
/// Is given what is in an <see cref="ITensorRecord"/>, and returns what is to be there: the same, unless <see cref="OnTensor"/> is
/// overridden.
/// </summary>
public abstract class TensorVisitor
{
    private string _path = "";
    private List<(string Name, Tensor Tensor)>? _changes;

    /// <summary>How often another tensor was returned than the one visited.</summary>
    internal int ChangeCount => _changes?.Count ?? 0;

    /// <summary>Visits a tensor, if there is one.</summary>
    /// <param name="name">The name of the member.</param>
    /// <param name="tensor">The tensor; null where there is none.</param>
    /// <returns>What is to be there.</returns>
    [return: NotNullIfNotNull(nameof(tensor))]
    public Tensor? Visit(string name, Tensor? tensor)
    {
        if (tensor is null)
        {
            return null;
        }

        var visited = OnTensor(_path + name, tensor);
        if (visited != tensor)
        {
            (_changes ??= []).Add((_path + name, visited));
        }

        return visited;
    }

    /// <summary>Visits indices, if there are any.</summary>
    /// <param name="name">The name of the member.</param>
    /// <param name="indices">The indices; null where there are none.</param>
    /// <returns>The same indices.</returns>
    [return: NotNullIfNotNull(nameof(indices))]
    public IndexTensor? Visit(string name, IndexTensor? indices)
    {
        if (indices is not null)
        {
            OnIndices(_path + name, indices);
        }

        return indices;
    }

    /// <summary>Visits a record inside a record: the names of its members follow its own, as in <c>State.Hidden</c>.</summary>
    /// <param name="name">The name of the member.</param>
    /// <param name="record">The record.</param>
    /// <returns>The record that is to be there.</returns>
    public TRecord Visit<TRecord>(string name, TRecord record) where TRecord : ITensorRecord
    {
        ArgumentNullException.ThrowIfNull(record);
        return (TRecord)Inside(name, record, static (inner, visitor) => visitor.VisitRecord(inner));
    }

    /// <summary>The other tensors that were returned since there were so many, with the names of their places.</summary>
    internal List<(string Name, Tensor Tensor)> ChangesFrom(int count) => _changes!.GetRange(count, _changes.Count - count);

    /// <summary>Visits what is in a record, and returns the record that is to be there.</summary>
    /// <exception cref="TensorException">Other tensors are to be there, and it gave none of its type with them.</exception>
    internal ITensorRecord VisitRecord(ITensorRecord record)
    {
        int changes = ChangeCount;
        var visited = record.VisitTensors(this);
        if (ChangeCount == changes)
        {
            return record;
        }

        return visited?.GetType() == record.GetType() ? visited : throw new TensorException("a gradient hook",
            $"VisitTensors of a {TensorTypes.NameOf(record.GetType())} returned "
            + (visited is null ? "null" : $"a {TensorTypes.NameOf(visited.GetType())}"),
            "return a new record of the same type, with what the visitor returned for each member");
    }

    /// <summary>Visits what is inside a member.</summary>
    internal TVisited Inside<T, TVisited>(string name, T member, Func<T, TensorVisitor, TVisited> visit)
    {
        string path = _path;
        _path = $"{path}{name}.";
        var visited = visit(member, this);
        _path = path;
        return visited;
    }

    /// <summary>Is called with every tensor.</summary>
    /// <param name="name">The name, dotted inside records of records.</param>
    /// <param name="tensor">The tensor.</param>
    /// <returns>What is to be there; unless overridden, the tensor.</returns>
    protected virtual Tensor OnTensor(string name, Tensor tensor) => tensor;

    /// <summary>Is called with all indices.</summary>
    /// <param name="name">The name, dotted inside records of records.</param>
    /// <param name="indices">The indices.</param>
    protected virtual void OnIndices(string name, IndexTensor indices)
    {
    }
}
