using TinyNet.Core;

namespace TinyNet.Autograd;

/// <summary>
/// Where the gradient of an operand of a recorded operation goes. None is wanted of an operand without history, nor of one that is not
/// there (null).
/// </summary>
internal readonly struct Edge(Tensor? operand)
{
    private readonly Node? _node = operand?.TapeSlot as Node;
    private readonly Device? _device = operand?.Device;

    /// <summary>Whether a gradient is wanted.</summary>
    public bool IsNeeded => _node is { IsClosed: false };

    public Shape Shape => _node!.Shape;

    /// <summary>The operand's node.</summary>
    /// <exception cref="LifetimeException">The operand, a parameter, has moved to another device since.</exception>
    private Node Target => _node!.Device == _device
        ? _node
        : throw new LifetimeException("Backward",
            $"a parameter of shape {_node.Shape} moved from {_device} to {_node.Device} after the forward pass had read it",
            "move a model before the forward pass, or after Backward");

    /// <summary>A tensor of the operand's shape, to write every element of a contribution into. A gradient must be wanted.</summary>
    public Tensor Begin() => Target.BeginGradient();

    /// <summary>The same, or null where no gradient is wanted.</summary>
    public Tensor? BeginIfNeeded() => IsNeeded ? Target.BeginGradient() : null;

    /// <summary>Adds what was written into the tensor of <see cref="Begin"/>, if there is one.</summary>
    public void End(Tensor? contribution)
    {
        if (contribution is not null)
        {
            Target.EndGradient(contribution);
        }
    }

    /// <summary>Adds a contribution of the operand's shape, if it is wanted, without taking it over: it belongs to somebody else.</summary>
    public void Pass(Tensor contribution)
    {
        if (IsNeeded)
        {
            Target.PassGradient(contribution);
        }
    }

    /// <summary>The operand's gradient so far, to add to parts of it in place. A gradient must be wanted.</summary>
    public Tensor Own() => Target.OwnGradient();

    /// <summary>
    /// The same for a contribution of the shape that the operand was broadcast to: it is summed over the stretched axes.
    /// </summary>
    public void PassBroadcast(Tensor contribution)
    {
        if (!IsNeeded || contribution.Shape == Shape)
        {
            Pass(contribution);
            return;
        }

        var sum = Begin();
        var layout = sum.Layout;
        while (layout.Shape.Rank < contribution.Rank)
        {
            layout = layout.Unsqueeze(0);
        }

        contribution.Device.Reduce(new SumReduction(), contribution, sum.View(layout, sum.Origin));
        End(sum);
    }
}

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
