using TinyNet.Core;

namespace TinyNet.Autograd;

/// <summary>A parameter, and what an optimizer remembers of it while it works.</summary>
public sealed class ParameterMemory
{
    internal ParameterMemory(Parameter parameter) => Parameter = parameter;

    /// <summary>The parameter.</summary>
    public Parameter Parameter { get; }

    /// <summary>How often the parameter was updated, the update under way included.</summary>
    public int Steps { get; internal set; }

    /// <summary>
    /// The product of all momenta so far, in [0, 1], of an optimizer that schedules its own (<see cref="NAdam"/>); 1 at first.
    /// </summary>
    public double MomentumProduct { get; set; } = 1;

    internal Tensor?[] Tensors { get; } = new Tensor?[3];

    /// <summary>Whether there is a state yet.</summary>
    /// <param name="slot">The place of the state in the names of the optimizer's states.</param>
    public bool HasState(int slot) => Tensors[slot] is not null;

    /// <summary>A state of the parameter's shape: full of a value at first, then as it was left, on the device of the parameter.</summary>
    /// <param name="slot">The place of the state in the names of the optimizer's states.</param>
    /// <param name="start">What it is full of at first.</param>
    public Tensor State(int slot, float start = 0)
    {
        var tensor = Tensors[slot] ?? Tensor.Full(Parameter.Shape, start, Parameter.Device);
        return Tensors[slot] = tensor.Device == Parameter.Device ? tensor : tensor.Keep(Parameter.Device);
    }
}
