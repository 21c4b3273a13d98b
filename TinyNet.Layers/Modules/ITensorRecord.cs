using System.Diagnostics.CodeAnalysis;
using TinyNet.Core;

namespace TinyNet.Layers;

/// <summary>
/// Several tensors as one input or output of a module; hooks see each by its name. Tuples of tensors, arrays and lists need no record.
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
    /// each: hooks of gradients put tensors of their own in.
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

    /// <summary>How often another tensor was returned than the one visited.</summary>
    internal int Changes { get; private set; }

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
        Changes += visited == tensor ? 0 : 1;
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
        return (TRecord)Inside(name, record, static (inner, visitor) => inner.VisitTensors(visitor));
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
