using TinyNet.Core;

namespace TinyNet.Autograd;

/// <summary>An operand of a recorded operation: where its gradient goes, if it is wanted at all.</summary>
internal readonly struct Edge(Tensor operand)
{
    private readonly Node? _node = operand.TapeSlot as Node;
    private readonly Device? _device = operand.Device;

    /// <summary>Whether a gradient is wanted.</summary>
    public bool IsNeeded => _node is not null;

    public Shape Shape => _node!.Shape;

    /// <summary>The operand's node.</summary>
    /// <exception cref="LifetimeException">The operand, a parameter, has moved to another device since.</exception>
    private Node Target => _node!.Device == _device
        ? _node
        : throw new LifetimeException("Backward",
            $"a parameter of shape {_node.Shape} moved from {_device} to {_node.Device} after the forward pass had read it",
            "move a model before the forward pass, or after Backward");

    /// <summary>A tensor of the operand's shape to write the contribution into, every element of it.</summary>
    public Tensor Begin() => Target.BeginGradient();

    /// <summary>Adds what was written into the tensor of <see cref="Begin"/>.</summary>
    public void End(Tensor contribution) => Target.EndGradient(contribution);

    /// <summary>Adds a contribution of the operand's shape that stays somebody else's.</summary>
    public void Pass(Tensor contribution) => Target.PassGradient(contribution);

    /// <summary>The operand's gradient so far, to add to parts of it in place.</summary>
    public Tensor Own() => Target.OwnGradient();

    /// <summary>
    /// Adds a contribution of a shape that the operand was broadcast to, summed over the stretched axes; it stays somebody else's.
    /// </summary>
    public void PassBroadcast(Tensor contribution)
    {
        if (contribution.Shape == Shape)
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

/// <summary>A tensor that a rule will read: its version shows whether it was overwritten in between.</summary>
internal struct Saved
{
    private Tensor? _tensor;
    private Storage? _storage;
    private int _version, _generation;

    /// <summary>Whether a tensor is kept.</summary>
    public readonly bool IsSet => _tensor is not null;

    /// <summary>Keeps a tensor for the rule.</summary>
    public void Set(Tensor tensor)
    {
        _tensor = tensor;
        _storage = tensor.Storage;
        _version = tensor.Storage.Version;
        _generation = tensor.Storage.Generation;
        tensor.Storage.Holds++;
    }

    /// <summary>The tensor.</summary>
    /// <exception cref="LifetimeException">It was overwritten since.</exception>
    public readonly Tensor Get(Node node)
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

    /// <summary>Lets the tensor go.</summary>
    public void Clear()
    {
        if (_storage is { Holds: > 0 } storage && storage.Generation == _generation)
        {
            storage.Holds--;
        }

        (_tensor, _storage) = (null, null);
    }
}
