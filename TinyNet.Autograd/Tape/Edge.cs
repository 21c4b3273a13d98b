using TinyNet.Core;

namespace TinyNet.Autograd;

/// <summary>An operand of a recorded operation: where its gradient goes, if it is wanted at all.</summary>
internal readonly struct Edge(Tensor operand)
{
    private readonly Node? _node = operand.TapeSlot as Node;

    /// <summary>Whether a gradient is wanted.</summary>
    public bool IsNeeded => _node is not null;

    public Shape Shape => _node!.Shape;

    /// <summary>A tensor of the operand's shape to write the contribution into, every element of it.</summary>
    public Tensor Begin() => _node!.BeginGradient();

    /// <summary>Adds what was written into the tensor of <see cref="Begin"/>.</summary>
    public void End(Tensor contribution) => _node!.EndGradient(contribution);

    /// <summary>Adds a contribution of the operand's shape that stays somebody else's.</summary>
    public void Pass(Tensor contribution) => _node!.PassGradient(contribution);

    /// <summary>The operand's gradient so far, to add to parts of it in place.</summary>
    public Tensor Own() => _node!.OwnGradient();

    /// <summary>Adds a contribution of a shape that the operand was broadcast to, summed over the stretched axes; it stays somebody else's.</summary>
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
    private int _version, _generation;

    /// <summary>Keeps a tensor for the rule.</summary>
    public void Set(Tensor tensor)
    {
        _tensor = tensor;
        _version = tensor.Storage.Version;
        _generation = tensor.Storage.Generation;
        tensor.Storage.Holds++;
    }

    /// <summary>The tensor.</summary>
    /// <exception cref="LifetimeException">It was overwritten since.</exception>
    public readonly Tensor Get(Node node)
    {
        var tensor = _tensor!;
        if (tensor.Storage.Version != _version)
        {
            string what = tensor is Parameter parameter ? $"parameter '{parameter.Name}'" : $"a tensor made by {tensor.Origin}";
            throw new LifetimeException($"Backward of {node.Operation}", $"{what} of shape {tensor.Shape} was overwritten in place after {node.Operation} had read it",
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
        if (_tensor is { } tensor && tensor.Storage.Generation == _generation && tensor.Storage.Holds > 0)
        {
            tensor.Storage.Holds--;
        }

        _tensor = null;
    }
}
