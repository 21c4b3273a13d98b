using TinyNet.Core;

namespace TinyNet.Autograd;

/// <summary>A parameter, and what an optimizer remembers of it while it works.</summary>
public sealed class ParameterMemory
{
    /// <summary>How many states a device updates with a parameter.</summary>
    internal const int MaxStates = 3;

    private readonly Optimizer _optimizer;

    internal ParameterMemory(Optimizer optimizer, Parameter parameter, string name) =>
        (_optimizer, Parameter, Name) = (optimizer, parameter, name);

    /// <summary>The parameter.</summary>
    public Parameter Parameter { get; }

    /// <summary>By what it is saved, after the name of the group, whatever modules the parameter is put into later.</summary>
    internal string Name { get; }

    /// <summary>How often the parameter was updated, the update under way included; at <see cref="int.MaxValue"/> it stays.</summary>
    public int Steps { get; internal set; }

    /// <summary>
    /// The product of all momenta so far, in [0, 1], of an optimizer that schedules its own (<see cref="NAdam"/>); 1 at first.
    /// </summary>
    public double MomentumProduct { get; set; } = 1;

    internal Tensor?[] Tensors { get; } = new Tensor?[MaxStates];

    /// <summary>Whether there is a state yet.</summary>
    /// <param name="slot">The place of the state in the names of the optimizer's states.</param>
    /// <exception cref="ArgumentOutOfRangeException">The optimizer names no such state.</exception>
    public bool HasState(int slot) => Tensors[Named(slot)] is not null;

    /// <summary>A state of the parameter's shape: full of a value at first, then as it was left, on the device of the parameter.</summary>
    /// <param name="slot">The place of the state in the names of the optimizer's states.</param>
    /// <param name="start">What it is full of at first.</param>
    /// <exception cref="ArgumentOutOfRangeException">The optimizer names no such state.</exception>
    public Tensor State(int slot, float start = 0)
    {
        var tensor = Tensors[Named(slot)] ?? Tensor.Full(Parameter.Shape, start, Parameter.Device);
        return Tensors[slot] = tensor.Device == Parameter.Device ? tensor : tensor.Keep(Parameter.Device);
    }

    /// <summary>Refuses a state without a name, which would not be saved.</summary>
    private int Named(int slot)
    {
        int count = _optimizer.CountStates();
        return (uint)slot < (uint)count
            ? slot
            : throw new ArgumentOutOfRangeException(
                nameof(slot), slot, $"{_optimizer.GetType().Name} has {count} names of states: name every state, or it is not saved");
    }
}
