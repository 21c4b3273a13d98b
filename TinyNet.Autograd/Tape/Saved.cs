using TinyNet.Core;

namespace TinyNet.Autograd;

/// <summary>
/// A tensor that a rule will read, as <see cref="Node.Save"/> gives it: its version shows whether it was overwritten in between.
/// </summary>
internal readonly struct Saved(Tensor tensor)
{
    private readonly Tensor? _tensor = tensor;
    private readonly Storage _storage = tensor.Storage;
    private readonly int _version = tensor.Storage.Version;

    /// <summary>Whether a tensor is kept.</summary>
    public bool IsSet => _tensor is not null;

    /// <summary>The tensor, or null where none is kept.</summary>
    /// <exception cref="LifetimeException">It was overwritten since.</exception>
    public Tensor? GetIfSet(Node node) => _tensor is null ? null : Get(node);

    /// <summary>The tensor.</summary>
    /// <exception cref="LifetimeException">It was overwritten since.</exception>
    public Tensor Get(Node node)
    {
        var tensor = _tensor!;
        if (tensor.Storage != _storage || tensor.Storage.Version != _version)
        {
            string what = tensor is Parameter parameter ? $"parameter '{parameter.Name}'" : $"a tensor made by {tensor.Origin}";
            if (tensor.Storage != _storage)
            {
                throw new LifetimeException($"Backward of {node.Operation}",
                    $"{what} of shape {tensor.Shape} was moved to {tensor.Device} after {node.Operation} had read it",
                    "move a model before the forward pass, or after Backward");
            }

            throw new LifetimeException($"Backward of {node.Operation}",
                $"{what} of shape {tensor.Shape} was overwritten in place after {node.Operation} had read it",
                "write in place (optimizer steps, CopyFrom, Fill) after Backward, or work on a copy");
        }

        if (!tensor.IsAlive)
        {
            tensor.EnsureAlive($"Backward of {node.Operation}");
        }

        return tensor;
    }
}
