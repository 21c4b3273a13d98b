namespace TinyNet.Core;

/// <summary>
/// What a recurrent layer does in one step with one hidden unit of one sample, and the gradient of that. It is written once over the lane
/// type, as element-wise operations are, and has no settings. Each gate is computed from a + b, where a = x·W_ih + b_ih comes from the
/// input and b = h·W_hh + b_hh from the state before.
/// </summary>
public interface IRecurrentStep
{
    /// <summary>The number of gates G: the weights are [in, G·H], gate after gate.</summary>
    static abstract int Gates { get; }

    /// <summary>Whether there is a cell, a second state that no weight reads, as an LSTM has.</summary>
    static virtual bool HasCell => false;

    /// <summary>
    /// Whether a and b are kept apart, because the gradient reads b, and ∂L/∂b is not ∂L/∂a. By default only their sum is there.
    /// </summary>
    static virtual bool KeepsStateSum => false;

    /// <summary>How many of the gates, from the first on, <see cref="Activate"/> is for.</summary>
    static abstract int ActivatedGates { get; }

    /// <summary>
    /// The activation of a gate, from a + b. It is apart from <see cref="Forward"/> so that each gate is a loop of its own: the JIT inlines
    /// only so much into one.
    /// </summary>
    static abstract T Activate<T>(int gate, T sum) where T : struct, ILane<T>;

    /// <summary>Computes the state after the step from activated gates, and keeps in the gates what the gradient reads.</summary>
    static abstract void Forward<T, TUnit>(TUnit unit) where T : struct, ILane<T> where TUnit : struct, IRecurrentUnit<T>;

    /// <summary>
    /// Computes ∂L/∂a (and ∂L/∂b) of every gate, which take the place of what was kept, and the gradients of the state and the cell
    /// before, as far as they do not pass through b: that part is a matrix product.
    /// </summary>
    static abstract void Backward<T, TUnit>(TUnit unit) where T : struct, ILane<T> where TUnit : struct, IRecurrentUnitGradient<T>;
}

/// <summary>The numbers of a hidden unit in one step forward.</summary>
/// <typeparam name="T">The lane type.</typeparam>
public interface IRecurrentUnit<T> where T : struct, ILane<T>
{
    /// <summary>Read, a + b of a gate, or a alone where the step keeps b apart; what is set is kept for the gradient.</summary>
    T this[int gate] { get; set; }

    /// <summary>b of a gate, where the step keeps it.</summary>
    T StateSum(int gate);

    /// <summary>Read, the state before the step; set, the state after it.</summary>
    T State { get; set; }

    /// <summary>Read, the cell before the step; set, the cell after it.</summary>
    T Cell { get; set; }
}

/// <summary>The numbers of a hidden unit in one step back.</summary>
/// <typeparam name="T">The lane type.</typeparam>
public interface IRecurrentUnitGradient<T> where T : struct, ILane<T>
{
    /// <summary>Read, what was kept of a gate; set, its ∂L/∂a.</summary>
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

    /// <summary>Read, the gradient of the state after; set, that of the state before, as far as it does not pass through b.</summary>
    T StateGradient { get; set; }

    /// <summary>Read, the gradient of the cell after, without what passes through the state; set, that of the cell before.</summary>
    T CellGradient { get; set; }
}

/// <summary>What every device does with a hidden unit in a step.</summary>
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
