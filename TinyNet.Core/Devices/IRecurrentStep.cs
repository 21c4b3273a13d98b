namespace TinyNet.Core;

/// <summary>
/// What a recurrent layer does in one step with one hidden unit of one sample, and the gradient of that: written once over the lane type,
/// as element-wise operations are, and without settings. Each of its gates is given a + b, of a = x·W_ih + b_ih and b = h·W_hh + b_hh.
/// </summary>
public interface IRecurrentStep
{
    /// <summary>The number of gates G: the weights are [in, G·H], gate after gate.</summary>
    static abstract int Gates { get; }

    /// <summary>Whether there is a cell, a second state that no weight reads, as an LSTM has.</summary>
    static virtual bool HasCell => false;

    /// <summary>Whether it is given a and b apart, because its gradient reads b and differs between a and b; else ∂L/∂b = ∂L/∂a.</summary>
    static virtual bool KeepsStateSum => false;

    /// <summary>How many of the gates, from the first on, <see cref="Activate"/> is for.</summary>
    static abstract int ActivatedGates { get; }

    /// <summary>The activation of a gate, from a + b. Each of them is a loop of its own: the JIT inlines only so much into one.</summary>
    static abstract T Activate<T>(int gate, T sum) where T : struct, ILane<T>;

    /// <summary>Computes the state after the step from activated gates, and keeps in the gates what the gradient reads.</summary>
    static abstract void Forward<T, TUnit>(TUnit unit) where T : struct, ILane<T> where TUnit : struct, IRecurrentUnit<T>;

    /// <summary>
    /// Computes ∂L/∂a (and ∂L/∂b) of every gate in place of what was kept, and the part of the gradients of the states before
    /// that does not pass through b.
    /// </summary>
    static abstract void Backward<T, TUnit>(TUnit unit) where T : struct, ILane<T> where TUnit : struct, IRecurrentUnitGradient<T>;
}

/// <summary>The numbers of a hidden unit in one step forward.</summary>
/// <typeparam name="T">The lane type.</typeparam>
public interface IRecurrentUnit<T> where T : struct, ILane<T>
{
    /// <summary>a + b of a gate, or a where the step keeps b; what is set is kept for the gradient.</summary>
    T this[int gate] { get; set; }

    /// <summary>b of a gate, where the step keeps it.</summary>
    T StateSum(int gate);

    /// <summary>The state before; set, that after.</summary>
    T State { get; set; }

    /// <summary>The cell before; set, that after.</summary>
    T Cell { get; set; }
}

/// <summary>The numbers of a hidden unit in one step back.</summary>
/// <typeparam name="T">The lane type.</typeparam>
public interface IRecurrentUnitGradient<T> where T : struct, ILane<T>
{
    /// <summary>What was kept of a gate; set, ∂L/∂a.</summary>
    T this[int gate] { get; set; }

    /// <summary>b of a gate, where the step keeps it.</summary>
    T StateSum(int gate);

    /// <summary>Sets ∂L/∂b of a gate, where the step keeps b.</summary>
    void SetStateSumGradient(int gate, T value);

    /// <summary>The state before the step.</summary>
    T StateBefore { get; }

    /// <summary>The state after the step.</summary>
    T StateAfter { get; }

    /// <summary>The cell before the step.</summary>
    T CellBefore { get; }

    /// <summary>The cell after the step.</summary>
    T CellAfter { get; }

    /// <summary>The gradient of the state after; set, that of the state before, as far as it does not pass through b.</summary>
    T StateGradient { get; set; }

    /// <summary>The gradient of the cell after, as far as it does not pass through the state; set, that of the cell before.</summary>
    T CellGradient { get; set; }
}

/// <summary>What every device does with a unit.</summary>
public static class RecurrentStep
{
    /// <summary>The step of one unit forward: the activations of its gates, then the states after.</summary>
    /// <typeparam name="TStep">The step.</typeparam>
    /// <typeparam name="T">The lane type.</typeparam>
    /// <typeparam name="TUnit">The unit.</typeparam>
    public static void Forward<TStep, T, TUnit>(TUnit unit)
        where TStep : struct, IRecurrentStep
        where T : struct, ILane<T>
        where TUnit : struct, IRecurrentUnit<T>
    {
        for (int gate = 0; gate < TStep.ActivatedGates; gate++)
        {
            unit[gate] = TStep.Activate(gate, TStep.KeepsStateSum ? unit[gate] + unit.StateSum(gate) : unit[gate]);
        }

        TStep.Forward<T, TUnit>(unit);
    }
}
